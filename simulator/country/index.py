"""Where each row of a stream lies in the manifest: fixed-size entries, so that any page is found at once."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_ENTRY = struct.Struct("<QIiq")  # offset of the row's bytes, their length, spare, key


@dataclass(frozen=True, slots=True)
class Entry:
    """A row's bytes in the manifest and its key: change_seq (civil), seconds (health), position (others)."""

    offset: int
    length: int
    key: int


def pack(offset: int, length: int, key: int) -> bytes:
    """An entry as written."""
    return _ENTRY.pack(offset, length, 0, key)


class Index:
    """Read and append the entries of one stream; what is appended is visible to the next read."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("r+b", buffering=0)
        self._count = os.fstat(self._file.fileno()).st_size // _ENTRY.size

    def __len__(self) -> int:
        return self._count

    def entries(self, start: int, stop: int) -> list[Entry]:
        """The entries of positions start … stop−1, as far as they exist."""
        start, stop = max(0, start), min(stop, self._count)
        if start >= stop:
            return []
        raw = os.pread(self._file.fileno(), (stop - start) * _ENTRY.size, start * _ENTRY.size)
        return [Entry(offset, length, key) for offset, length, _, key in _ENTRY.iter_unpack(raw)]

    def first(self, key: int) -> int:
        """The first position whose key is at least `key`."""
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            if self.entries(middle, middle + 1)[0].key < key:
                low = middle + 1
            else:
                high = middle
        return low

    def append(self, entry: Entry) -> None:
        """One more row at the end."""
        os.pwrite(self._file.fileno(), pack(entry.offset, entry.length, entry.key), self._count * _ENTRY.size)
        self._count += 1

    def close(self) -> None:
        """Close the file."""
        self._file.close()
