"""The protection journal: every raise of a protection, written down at a place of its own before the docket has it.

A restored docket is older than the one that was lost. What was raised in between stands here, so that no restore lowers
a protection. One line a raise, `number base64(sealed)`, only ever appended; the number is authenticated with the
payload, so that a line that is gone, moved or altered is told. A line that was cut off by a crash is of a raise that
nobody was told of: its number is given again.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from docket.opener import Opener, SealedMatter
from domain.errors import Broken, Unavailable

SETTING = "KINDRED_PROTECTION_JOURNAL"
_LONGEST = 1 << 20
"""No line is longer; how far back the last one is looked for."""


class Record(msgspec.Struct, array_like=True, frozen=True):
    """One line: a matter as it is from then on; or the hashes of people who were erased, and the labels of their ids;
    or neither, for a matter that could not be read when the journal was begun."""

    matter: SealedMatter | None = None
    erased: tuple[bytes, ...] = ()
    people: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Journalled:
    """What a journal holds. `whole`: nothing is missing and everything could be read; only then does it tell all."""

    records: tuple[Record, ...]
    whole: bool


class Journal:
    """A journal in one file. Called from the docket's writing thread, or by operators' commands; blocks."""

    def __init__(self, path: Path, opener: Opener) -> None:
        self._path = path
        self._opener = opener

    def append(self, records: Sequence[Record], standing: Callable[[], Sequence[Record]]) -> None:
        """Write records down, durably. `standing` is all that a journal that begins now has to begin with.

        Processes take turns. Raises Unavailable; a part of the records may then be there.
        """
        with self._opened() as handle:
            size = os.fstat(handle).st_size
            number, clean = _end(handle, size)
            begun = list(standing()) if size == 0 else []
            lines = b"" if clean else b"\n"
            for at, record in enumerate([*begun, *(new for new in records if new not in begun)], number):
                sealed = self._opener.seal_journal(at, record)
                lines += b"%d %s\n" % (at, base64.b64encode(sealed))
            os.lseek(handle, 0, os.SEEK_END)
            while lines:
                lines = lines[os.write(handle, lines) :]
            os.fsync(handle)

    def read(self, least: int = 0) -> Journalled:
        """Everything in it. Not whole if it is gone, has fewer than `least` lines, or has one that cannot be read."""
        try:
            with self._path.open("rb") as file:
                return self._read(file, least)
        except OSError:
            return Journalled((), whole=False)

    def count(self) -> int:
        """How many lines it has; 0 if there is none. Raises Unavailable."""
        if not self._path.exists():
            return 0
        with self._opened() as handle:
            return _end(handle, os.fstat(handle).st_size)[0]

    def _read(self, lines: Iterator[bytes], least: int) -> Journalled:
        records: list[Record] = []
        due, whole = 0, True
        for line in lines:
            number, sealed = _parts(line)
            if number is None:
                continue  # cut off by a crash; if it was anything else, the next number is missing
            whole = whole and number == due
            due = number + 1
            try:
                record = self._opener.open_journal(number, sealed, Record)
            except Broken:
                whole = False
                continue
            whole = whole and (record.matter is not None or bool(record.erased))
            records.append(record)
        return Journalled(tuple(records), whole and due >= max(least, 1))

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The file, to oneself."""
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield handle
            finally:
                os.close(handle)
        except OSError as error:
            raise Unavailable(field=SETTING, cause=f"protection journal: errno {error.errno}") from None


def _end(handle: int, size: int) -> tuple[int, bool]:
    """The number of the next line, and whether the last one is whole."""
    tail = os.pread(handle, _LONGEST, max(0, size - _LONGEST))
    lines = tail.splitlines(keepends=True)
    numbers = [number for number, _ in map(_parts, lines) if number is not None]
    if size and not numbers:
        raise Unavailable(field=SETTING, fix="journal.not_one", cause="the file is no protection journal")
    return (numbers[-1] + 1 if numbers else 0), not tail or tail.endswith(b"\n")


def _parts(line: bytes) -> tuple[int | None, bytes]:
    """A line's number and payload; no number for a line that was cut off."""
    number, _, payload = line.partition(b" ")
    if not line.endswith(b"\n") or not number.isdigit() or len(number) > 18:
        return None, b""
    try:
        return int(number), base64.b64decode(payload[:-1], validate=True)
    except binascii.Error:
        return None, b""
