"""A GEDCOM file as a sequence of rows: one for each individual, with the families that they are child or partner in.

A row has what the file says of one person, so that what is wrong with one record holds up nobody else. What cannot be
a row of somebody (a family that cannot be read, or that names a child whom the file does not hold) is a row with its
`problem`, so that it is quarantined and nothing is dropped unseen.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from connectors.protocols.gedcom.dates import DateKind, read_date
from connectors.protocols.gedcom.edition import Edition, first_edition
from connectors.protocols.gedcom.index import Index, Place, block, index
from connectors.protocols.gedcom.records import Node, read_record
from connectors.protocols.gedcom.text import header, lettered
from connectors.protocols.page import Page
from domain.clock import Clock, instant_text
from domain.errors import Invalid, Skip, Unavailable

UNKNOWN_PERSON, REPEATED_ID, BAD_SHAPE, BAD_DATE = "UNKNOWN_PERSON", "REPEATED_ID", "BAD_SHAPE", "BAD_DATE"
"""Problems of a row; words of `connectors.agencies.agency.Reason`."""
_CACHED = 4096
EVENTS = ("BIRT", "DEAT", "MARR", "DIV")


@dataclass(slots=True)
class GedcomFile:
    """An open file. `exported`: the instant that its header states, else that of the import; never in the future.

    `left_out`: how many dates of births, deaths, marriages and divorces were read that are no civil day for certain,
    by what they are. Closing it is the caller's.
    """

    file: BinaryIO
    codec: str
    tags: frozenset[str]
    index: Index
    exported: str
    page_size: int = 500
    edition: Edition | None = None
    left_out: Counter[str] = field(default_factory=Counter)
    _families: Callable[[str], tuple[Node | None, str | None]] = field(init=False, repr=False)

    @classmethod
    async def open(
        cls, path: Path, tags: str, clock: Clock, *, encoding: str | None = None, page_size: int = 500
    ) -> GedcomFile:
        """Read through the file once. Raises Unavailable if it cannot be read, Invalid if it is no GEDCOM file."""
        try:
            raw = path.open("rb")
        except OSError as error:
            raise Unavailable(field="FILE", cause=f"file not read: errno {error.errno}") from None
        try:
            return await asyncio.to_thread(cls._of, raw, frozenset(tags.split()), clock.now(), encoding, page_size)
        except BaseException:
            raw.close()
            raise

    @classmethod
    def _of(cls, raw: BinaryIO, tags: frozenset[str], now: datetime, encoding: str | None, size: int) -> GedcomFile:
        try:
            file, codec = lettered(raw, encoding)
            if file is not raw:
                raw.close()
            found = index(file)
            head = header(block(file, found.head)) if found.head is not None else {}
        except OSError as error:
            raise Unavailable(field="FILE", cause=f"file not read: errno {error.errno}") from None
        if found.head is None:
            raise Invalid(field="FILE", fix="gedcom_file", cause="no header: this is no GEDCOM file")
        return cls(file, codec, tags, found, _exported(head, now), size)

    def __post_init__(self) -> None:
        self._families = lru_cache(_CACHED)(self._family)

    def close(self) -> None:
        """Close the file. A second call changes nothing."""
        self.file.close()

    async def pages(self, cursor: str) -> AsyncIterator[Page]:
        """As `Source.pages`. The cursor is the file's digest and a place in it; that of another file begins anew."""
        digest, _, place = cursor.partition(":")
        at = int(place) if digest == self.index.digest and place.isdecimal() else 0
        while at < self.index.places:
            following = min(at + self.page_size, self.index.places)
            rows = await asyncio.to_thread(self._rows, at, following)
            if rows:
                yield Page(tuple(rows), f"{self.index.digest}:{at}", f"{self.index.digest}:{following}")
            at = following

    def _rows(self, start: int, end: int) -> list[dict[str, Any]]:
        found = [self._row(*self.index.at(n)) for n in range(start, end)]
        return [row for row in found if row is not None]

    def _row(self, place: Place, tag: str) -> dict[str, Any] | None:
        edition = self.edition or first_edition(self.index.digest)
        row: dict[str, Any] = {
            "tree": edition.tree,
            "version": edition.version,
            "changed_at": self.exported,
            "xref": place.xref,
        }
        problem = REPEATED_ID if place.repeated else None if place.xref else BAD_SHAPE
        if problem is None and tag == "FAM":
            problem = self._families(place.xref)[1] or (UNKNOWN_PERSON if place.xref in self.index.orphans else None)
            if problem is None:
                return None
        try:
            if problem is None:
                record = read_record(block(self.file, place), self.codec, self.tags)
                row |= {"record": record, "families": self._around(place.xref, record)}
        except Skip as skip:
            problem = skip.cause
        return row if problem is None else row | {"problem": problem, "byte": place.start}

    def _around(self, person: str, record: Node) -> list[Node]:
        """The families that name the person or that the person names; None for one that is not there to be read."""
        pointed = [line["ref"] for line in record.get("sub", ()) if line["tag"] in ("FAMC", "FAMS") and "ref" in line]
        named = dict.fromkeys([*pointed, *self.index.named.get(person, ())])
        families = [{"xref": family, "record": self._families(family)[0]} for family in named]
        self._count(record)
        for one in families:
            if one["record"] is not None and _first(one["record"]) == person:
                self._count(one["record"])
        return families

    def _family(self, family: str) -> tuple[Node | None, str | None]:
        """A family's record, or what is wrong with it; neither for one that the file does not hold."""
        place = self.index.families.get(family)
        try:
            if place is None:
                return None, None
            record = read_record(block(self.file, place), self.codec, self.tags)
            return record, BAD_DATE if any(_impossible(record)) else None
        except Skip as skip:
            return None, skip.cause

    def _count(self, record: Node) -> None:
        for event in record.get("sub", ()):
            if event["tag"] in EVENTS:
                kinds = (line["date"] for line in event.get("sub", ()) if "date" in line)
                self.left_out.update(kind for kind in kinds if kind not in (DateKind.EXACT, DateKind.IMPOSSIBLE))


def _impossible(record: Node) -> Iterator[bool]:
    for event in record.get("sub", ()):
        yield from (line.get("date") == DateKind.IMPOSSIBLE for line in event.get("sub", ()))


def _first(family: Node) -> str | None:
    """Whose row counts what a family's record leaves out: the first whom it names."""
    members = (line["ref"] for line in family.get("sub", ()) if line["tag"] in ("HUSB", "WIFE") and "ref" in line)
    return next(members, None)


def _exported(head: Mapping[str, str], now: datetime) -> str:
    kind, day = read_date(head.get("HEAD.DATE", ""))
    if kind is not DateKind.EXACT or day is None:
        return instant_text(now)
    try:
        clock = time.fromisoformat(head.get("HEAD.DATE.TIME", "").rjust(8, "0"))
    except ValueError:
        clock = time()
    stated = datetime.combine(date.fromisoformat(day), clock.replace(tzinfo=None), UTC)
    return instant_text(min(stated, now))
