"""Where a file's individuals and families stand, and who is named by which family: offsets and ids, nothing else.

Memory grows with the number of records (about 300 bytes each), never with their size.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import BinaryIO

from domain.errors import Invalid

MOST_RECORDS = 1_000_000
"""Individuals and families of one file."""
MOST_BYTES = 1024 * 1024
"""Of one record; a longer one is not read."""
_CHUNK = 4 * 1024 * 1024
_TAIL = 512
_START = re.compile(rb"[\r\n][ \t]*(?=0[ \t]+(?:@([^@\r\n]{1,80})@[ \t]*)?([A-Za-z0-9_]{1,31})[\s])")
_MEMBER = re.compile(rb"[\r\n][ \t]*1[ \t]+(HUSB|WIFE|CHIL)[ \t]+@([^@\r\n]{1,80})@")


@dataclass(frozen=True, slots=True)
class Place:
    """A record: its id in the file ("" for none), and the bytes that it takes."""

    xref: str
    start: int
    end: int
    repeated: bool = False


@dataclass
class Index:
    """A file's records. `digest`: SHA-256 of the whole file (hex). `head`: the header's bytes.

    `families`: id → where it stands; `named`: an individual's id → the families that name them; `orphans`: families
    that name a child whom the file does not hold.
    """

    digest: str
    head: Place | None = None
    individuals: list[Place] = field(default_factory=list)
    families: dict[str, Place] = field(default_factory=dict)
    odd: list[Place] = field(default_factory=list)
    named: dict[str, list[str]] = field(default_factory=dict)
    orphans: set[str] = field(default_factory=set)

    @property
    def places(self) -> int:
        """How many records there are to be looked at."""
        return len(self.individuals) + len(self.odd) + len(self.families)

    def at(self, n: int) -> tuple[Place, str]:
        """The n-th of them and its tag: individuals, what repeats an id or has none, then families."""
        if n < len(self.individuals):
            return self.individuals[n], "INDI"
        n -= len(self.individuals)
        if n < len(self.odd):
            return self.odd[n], ""
        return self._families[n - len(self.odd)], "FAM"

    @cached_property
    def _families(self) -> list[Place]:
        return list(self.families.values())


def index(file: BinaryIO) -> Index:
    """Two passes over the file: all records, then whom each family names. Raises Invalid for too many records."""
    found = Index("")
    digest = hashlib.sha256()
    seen: set[str] = set()
    for place, tag in _places(file, digest.update):
        if tag == "HEAD" and found.head is None:
            found.head = place
        if tag not in ("INDI", "FAM"):
            continue
        if len(seen) >= MOST_RECORDS:
            raise Invalid(field="FILE", fix="split_the_file", cause="more than a million records")
        once = bool(place.xref) and place.xref not in seen
        seen.add(place.xref)
        if not once:
            found.odd.append(Place(place.xref, place.start, place.end, bool(place.xref)))
        elif tag == "INDI":
            found.individuals.append(place)
        else:
            found.families[place.xref] = place
    found.digest = digest.hexdigest()
    _name(file, found)
    return found


def block(file: BinaryIO, place: Place) -> bytes:
    """A record's bytes, at most one more than `MOST_BYTES`."""
    file.seek(place.start)
    return file.read(min(place.end - place.start, MOST_BYTES + 1))


def xref(raw: bytes) -> str:
    """An id as text, whatever its bytes."""
    return raw.decode("ascii", "backslashreplace")


def _name(file: BinaryIO, found: Index) -> None:
    there = {place.xref for place in found.individuals}
    for family in found.families.values():
        lost = False
        for member in _MEMBER.finditer(block(file, family)):
            who = xref(member[2])
            families = found.named.setdefault(who, [])
            if family.xref not in families:
                families.append(family.xref)
            lost = lost or (member[1] == b"CHIL" and who not in there)
        if lost:
            found.orphans.add(family.xref)


def _places(file: BinaryIO, told: Callable[[bytes], object]) -> Iterator[tuple[Place, str]]:
    """Every level-0 record, in order; `told` gets all bytes."""
    last: tuple[int, str, str] | None = None
    file.seek(0)
    held, base, done = b"\n", -1, False
    while not done:
        chunk = file.read(_CHUNK)
        told(chunk)
        done = not chunk
        if base < 0 and chunk.startswith(codecs.BOM_UTF8):
            chunk = b"   " + chunk[3:]
        held += b"\n" if done else chunk
        edge = len(held) if done else max(0, len(held) - _TAIL)
        at = 0
        for matched in _START.finditer(held):
            if matched.start() >= edge:
                break
            start = base + matched.end()
            if last is not None:
                yield Place(last[1], last[0], start), last[2]
            last = (start, xref(matched[1] or b""), matched[2].decode("ascii").upper())
            at = matched.end()
        cut = max(at, edge)
        held, base = held[cut:], base + cut
    if last is not None:
        yield Place(last[1], last[0], base), last[2]
