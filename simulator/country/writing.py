"""Rows as they are served, streamed to disk: the manifest holds each row's very bytes, an index where they are.

Memory holds only rows that wait (late, repeated, corrected), a few blocks' worth.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import BinaryIO

import orjson

from simulator.agencies.casework import ISSUERS
from simulator.country.index import pack
from simulator.country.keys import Signer
from simulator.country.options import Options
from simulator.country.streams import STREAMS, Stream
from simulator.errors.rows import Emission

#: The contract's page of the civil registry: a repeat must not be cut from its row by the end of a page.
_CIVIL_PAGE = 500


def base_instant(options: Options) -> int:
    """Seconds of the epoch of the first row of each stream: the agencies state everything today, a second a row.

    Not earlier, for a row must not tell of a birth or a move that comes after it.
    """
    return int(datetime.combine(options.today, time(), UTC).timestamp())


def row_bytes(stream: Stream, row: dict[str, object]) -> bytes:
    """A row as served; the civil registry's in sorted order of keys, for its answers are signed."""
    return orjson.dumps(row, option=orjson.OPT_SORT_KEYS if stream.agency == "civil" else 0)


def manifest_line(
    stream: Stream, position: int, row: bytes, errors: list[dict[str, object]], truth: dict[str, str],
    document: dict[str, object] | None,
) -> tuple[bytes, int]:  # fmt: skip
    """A line of the manifest, and where in it the row begins."""
    resource = f',"resource":"{stream.resource}"' if stream.resource else ""
    head = f'{{"agency":"{stream.agency}"{resource},"position":{position},"row":'.encode()
    rest = b',"document":' + orjson.dumps(document) if document is not None else b""
    tail = b',"errors":' + orjson.dumps(errors) + b',"truth":' + orjson.dumps(truth) + b"}\n"
    return head + row + rest + tail, len(head)


class Writer:
    """Takes emissions block by block and writes them in served order."""

    def __init__(self, options: Options, signer: Signer) -> None:
        files = options.files()
        files.index("x").parent.mkdir(parents=True, exist_ok=True)
        self._signer = signer
        self._base = base_instant(options)
        self._manifest: BinaryIO = files.manifest.open("wb", buffering=1 << 20)
        self._indexes: dict[str, BinaryIO] = {n: files.index(n).open("wb", buffering=1 << 16) for n in STREAMS}
        self._offset = 0
        self._positions = dict.fromkeys(STREAMS, 0)
        self._sequence = 0
        self._order = 0
        self._waiting: list[tuple[int, int, Emission | _Repeat]] = []

    def block(self, number: int, emissions: Iterable[Emission]) -> None:
        """Write a block's rows and those that waited for it."""
        self._release(number)
        for emission in emissions:
            if emission.delay:
                self._wait(number + emission.delay, emission)
            else:
                self._write(number, emission)

    def finish(self) -> dict[str, int]:
        """Write all that still waits; the number of rows of each stream."""
        while self._waiting:
            self._release(self._waiting[0][0])
        self._manifest.close()
        for file in self._indexes.values():
            file.close()
        return self._positions

    def _wait(self, until: int, what: Emission | _Repeat) -> None:
        self._order += 1
        heapq.heappush(self._waiting, (until, self._order, what))

    def _release(self, number: int) -> None:
        while self._waiting and self._waiting[0][0] <= number:
            until, _, what = heapq.heappop(self._waiting)
            if isinstance(what, Emission):
                self._write(until, what)
            else:
                self._put(what.stream, what.row, what.emission, what.key, repeat=True)

    def _write(self, number: int, emission: Emission) -> None:
        stream = STREAMS[emission.stream]
        position = self._positions[stream.name]
        seconds = self._base + position
        self._sequence += stream.agency == "civil"
        body = emission.body
        stream.stamp(body, emission.version, seconds, self._sequence)
        document = body.pop("document", None)
        if document is not None:
            # What counts is what is signed: a version beside the signature could be exchanged.
            document = {**document, "version": emission.version}
            body["jws"] = self._signer.sign(ISSUERS[document["type"]], orjson.dumps(document))
        row = row_bytes(stream, body)
        key = self._sequence if stream.agency == "civil" else seconds if stream.agency == "health" else position
        self._put(stream, row, emission, key, document=document)
        for _ in range(emission.repeats):
            if not stream.adjacent:
                self._wait(number + 1, _Repeat(stream, row, emission, key))
            elif self._positions[stream.name] % _CIVIL_PAGE:
                self._put(stream, row, emission, key, repeat=True)

    def _put(
        self, stream: Stream, row: bytes, emission: Emission, key: int, repeat: bool = False,
        document: dict[str, object] | None = None,
    ) -> None:  # fmt: skip
        position = self._positions[stream.name]
        errors = [*emission.errors, {"kind": "duplicated", "field": None}] if repeat else emission.errors
        line, at = manifest_line(stream, position, row, errors, emission.truth, document)
        self._manifest.write(line)
        self._indexes[stream.name].write(pack(self._offset + at, len(row), key))
        self._offset += len(line)
        self._positions[stream.name] = position + 1


class _Repeat:
    """A row to be served again, byte for byte."""

    __slots__ = ("emission", "key", "row", "stream")

    def __init__(self, stream: Stream, row: bytes, emission: Emission, key: int) -> None:
        self.stream, self.row, self.emission, self.key = stream, row, emission, key
