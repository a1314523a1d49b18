"""A country on disk, served: pages of rows by position, and rows appended by events."""

from __future__ import annotations

import os
from typing import Any

import orjson

from simulator.country.index import Entry, Index
from simulator.country.keys import Signer
from simulator.country.options import Options
from simulator.country.streams import STREAMS, Stream
from simulator.country.writing import manifest_line, row_bytes


class Store:
    """Reads by offset, so that memory does not grow with the country. Not for use by several threads at once."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.signer = Signer(options.files())
        files = options.files()
        self._manifest = files.manifest.open("r+b", buffering=0)
        self._world = files.world.open("ab", buffering=0)
        self._indexes = {name: Index(files.index(name)) for name in STREAMS}

    def count(self, stream: str) -> int:
        """How many rows the stream has."""
        return len(self._indexes[stream])

    def page(self, stream: str, start: int, limit: int) -> list[bytes]:
        """The rows of positions `start` … as served, at most `limit`."""
        return [self._read(entry) for entry in self._indexes[stream].entries(start, start + limit)]

    def first(self, stream: str, key: int) -> int:
        """The first position whose key (change_seq, seconds) is at least `key`."""
        return self._indexes[stream].first(key)

    def key(self, stream: str, position: int) -> int | None:
        """The key at a position, or `None` beyond the end."""
        entries = self._indexes[stream].entries(position, position + 1)
        return entries[0].key if entries else None

    def append(
        self, stream: Stream, body: dict[str, Any], version: int, seconds: int, errors: list[dict[str, Any]],
        truth: dict[str, str],
    ) -> int:  # fmt: skip
        """One more row, visible to the next page: first its bytes, then its entry. Its position."""
        index = self._indexes[stream.name]
        position = len(index)
        last = self.key(stream.name, position - 1)
        key, sequence = position, 0
        if stream.agency == "health":
            key = seconds = max(seconds, -1 if last is None else last + 1)
        elif stream.agency == "civil":
            key = sequence = 1 if last is None else last + 1
        stream.stamp(body, version, seconds, sequence)
        row = row_bytes(stream, body)
        line, at = manifest_line(stream, position, row, errors, truth, None)
        end = os.fstat(self._manifest.fileno()).st_size
        os.pwrite(self._manifest.fileno(), line, end)
        index.append(Entry(end + at, len(row), key))
        return position

    def note(self, event: dict[str, Any]) -> None:
        """Add what happened to the world file."""
        self._world.write(orjson.dumps(event) + b"\n")

    def mark(self, line: dict[str, str]) -> None:
        """Add a marker to the list of a marker country."""
        with self.options.files().markers.open("ab") as file:
            file.write(orjson.dumps(line) + b"\n")

    def close(self) -> None:
        """Close the files."""
        self._manifest.close()
        self._world.close()
        for index in self._indexes.values():
            index.close()

    def _read(self, entry: Entry) -> bytes:
        return os.pread(self._manifest.fileno(), entry.length, entry.offset)
