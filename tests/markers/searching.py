"""Looking for markers in stored bytes, however they are written down.

As UTF-8, UTF-16 of either order, numbers of eight bytes, and any of these inside hex or base64, which is decoded
at every offset.
"""

from __future__ import annotations

import base64
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

LENGTH = 12
"""Characters of every marker: a word of twelve letters (24 bytes), an amount or national id of twelve digits."""

_DIGITS, _LETTERS = b"0123456789", bytes([0x01, *range(0x10, 0x52)])  # ASCII digits; U+0401, U+0410 to U+0451 less 0x04


def _classes(**members: bytes) -> bytes:
    """A table for `bytes.translate` that names each byte's class by one letter: far faster than a pattern."""
    table = bytearray(b"." * 256)
    for name, codes in members.items():
        for code in codes:
            table[code] = ord(name)
    return bytes(table)


_TEXTS = (
    ("utf-8", _classes(L=b"\xd0\xd1", C=bytes(range(0x80, 0xC0))), b"LC"),
    ("utf-16-le", _classes(X=_LETTERS, E=b"\x04"), b"XE"),
    ("utf-16-be", _classes(X=_LETTERS, E=b"\x04"), b"EX"),
    ("utf-8", _classes(D=_DIGITS), b"D"),
    ("utf-16-le", _classes(D=_DIGITS, Z=b"\x00"), b"DZ"),
    ("utf-16-be", _classes(D=_DIGITS, Z=b"\x00"), b"ZD"),
)
"""Encoding, classes of its bytes, and the classes of one character."""

_NUMBER = (_classes(Z=b"\x00", N=bytes(range(0x10, 0x100))), b"ZZZN")
"""How an eight-byte number of twelve digits begins, most significant byte first, as the stores' formats have it."""

_HEX = (_classes(H=b"0123456789abcdefABCDEF"), b"H" * 24, re.compile(rb"[0-9a-fA-F]+"))
_BASE64 = (
    _classes(B=b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"),
    b"B" * 16,
    re.compile(rb"[A-Za-z0-9+/_-]+"),
)
_BASE64URL = bytes.maketrans(b"-_", b"+/")
_BETWEEN = b"\x00\xff\x00\xff"
"""Between values: belongs to no encoding above, so that no marker arises from two neighbours."""


def found(data: bytes, markers: frozenset[str], words: Iterable[str] = ()) -> frozenset[str]:
    """Which markers (of LENGTH characters) and which other words lie in the data, in any writing."""
    layers = (data, _BETWEEN.join(_unhexed(data)), _BETWEEN.join(_unbased(data)))
    seen = {marker for layer in layers for marker in _markers(layer) if marker in markers}
    for word in words:
        written = [word.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
        if any(each in layer for each in written for layer in layers):
            seen.add(word)
    return frozenset(seen)


def _markers(layer: bytes) -> Iterator[str]:
    for encoding, classes, character in _TEXTS:
        needle = character * LENGTH
        for at in _places(layer.translate(classes), needle):
            yield layer[at : at + len(needle)].decode(encoding)
    classes, needle = _NUMBER
    for at in _places(layer.translate(classes), needle):
        yield str(int.from_bytes(layer[at : at + 8], "big"))


def _places(classes: bytes, needle: bytes) -> Iterator[int]:
    at = classes.find(needle)
    while at >= 0:
        yield at
        at = classes.find(needle, at + 1)


def _runs(data: bytes, table: bytes, needle: bytes, pattern: re.Pattern[bytes]) -> Iterator[bytes]:
    classes = data.translate(table)
    at = classes.find(needle)
    while at >= 0:
        run = pattern.match(data, at)
        assert run is not None, "the pattern and the classes are the same set of bytes"
        yield run[0]
        at = classes.find(needle, run.end())


def _unhexed(data: bytes) -> Iterator[bytes]:
    for run in _runs(data, *_HEX):
        for start in (0, 1):
            yield bytes.fromhex(run[start : start + (len(run) - start) // 2 * 2].decode())


def _unbased(data: bytes) -> Iterator[bytes]:
    for run in _runs(data, *_BASE64):
        for start in range(4):
            shifted = run[start:].translate(_BASE64URL)
            yield base64.b64decode(shifted + b"A" * (-len(shifted) % 4))


def raw(database: Path) -> bytes:
    """A database's file with its -wal and -shm beside it, as they lie on the disk."""
    beside = (database.with_name(database.name + end) for end in ("", "-wal", "-shm"))
    return _BETWEEN.join(path.read_bytes() for path in beside if path.exists())


def exported(database: Path) -> bytes:
    """Every value of every table, one by one: what the file may hold in pieces."""
    with closing(sqlite3.connect(database)) as db:
        return _BETWEEN.join(
            value if isinstance(value, bytes) else str(value).encode()
            for table in tables(db)
            for row in db.execute(f'SELECT * FROM "{table}"')
            for value in row
            if value is not None
        )


def tables(db: sqlite3.Connection) -> list[str]:
    """The tables there are, SQLite's own left out."""
    listed = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return [name for (name,) in listed]
