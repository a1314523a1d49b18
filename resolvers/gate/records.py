"""Reading records for the gate: sealed rows in one call; only what is permitted is opened, masked and noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from domain.ids import PersonId
from domain.records.catalogue import BY_NAME
from domain.records.category import PROVENANCE, Category
from domain.records.payload import Item, Record
from graph.shapes import RecordRow
from resolvers.gate.cursors import OutwardNames
from resolvers.gate.known import Known
from resolvers.gate.moment import parted
from resolvers.gate.parts import GateParts
from resolvers.gate.provenance import Source, Telling, claims_behind, sources
from resolvers.views.records import mask

if TYPE_CHECKING:
    from resolvers.gate.gate import Gate

Wanted = Mapping[str, frozenset[str]]
_Allowed = dict[int, tuple[Category, frozenset[str]]]


@dataclass(slots=True)
class _Opened:
    """One person's permitted records: category, permitted names, the items of the moment."""

    known: Known
    records: list[tuple[Category, frozenset[str], list[Item]]] = field(default_factory=list)


async def read_records(
    gate: Gate, parts: GateParts, outward: OutwardNames, people: Sequence[Known], wanted: Wanted
) -> dict[PersonId, dict[str, list[Any]]]:
    """See `Gate.read`."""
    categories = [BY_NAME[name] for name in sorted(wanted)]
    rows = await _rows(gate, parts, people, categories)
    opened = [_open(gate, parts, known, categories, wanted, rows.get(known.person, [])) for known in people]
    found = None
    if any(PROVENANCE in names for names in wanted.values()):
        found = await sources(parts.reader, parts.opener, _claims(opened))
    return {one.known.person: _views(gate, outward, one, found) for one in opened}


async def _rows(
    gate: Gate, parts: GateParts, people: Sequence[Known], categories: Sequence[Category]
) -> dict[PersonId, list[RecordRow]]:
    ids = sorted({known.person for known in people})
    numbers = sorted(category.number for category in categories)
    at = gate.moment.sequence
    if at is None:
        rows = await parts.reader.records(ids, numbers)
        hidden: frozenset[PersonId] = frozenset()
    else:
        rows = await parts.reader.records(ids, numbers, at)
        hidden = await parted(parts.reader, ids, at)
    by_person: dict[PersonId, list[RecordRow]] = {}
    for row in rows:
        if row.person not in hidden:
            by_person.setdefault(row.person, []).append(row)
    return by_person


def _open(
    gate: Gate,
    parts: GateParts,
    known: Known,
    categories: Sequence[Category],
    wanted: Wanted,
    rows: Sequence[RecordRow],
) -> _Opened:
    allowed: _Allowed = {}
    for category in categories:
        names, detail = gate.permitted(known, category, wanted[category.name])
        if names:
            allowed[category.number] = (category, names)
            gate.notes.disclosed(known.person, category.name, names | gate.moment.decides_by(category), detail)
    readable = [row for row in rows if row.category in allowed]
    records: Mapping[int, Record] = parts.opener.records(known.open.shape, readable) if readable else {}
    opened = _Opened(known)
    for number, record in sorted(records.items()):
        category, names = allowed[number]
        opened.records.append((category, names, list(_of_the_day(gate, category, record.items))))
    return opened


def _of_the_day(gate: Gate, category: Category, items: Iterable[Item]) -> Iterable[Item]:
    on, valid = gate.moment.on, category.valid
    if on is None or valid is None:
        return items
    day = on.isoformat()
    return (item for item in items if valid.holds(item.values, day))


def _claims(opened: Iterable[_Opened]) -> list[bytes]:
    return [
        claim
        for one in opened
        for category, names, items in one.records
        if PROVENANCE in names
        for item in items
        for claim in claims_behind(category, item, names)
    ]


def _views(
    gate: Gate, outward: OutwardNames, one: _Opened, found: Mapping[bytes, Source] | None
) -> dict[str, list[Any]]:
    telling = Telling(one.known.person, found, gate.showing.origin(one.known), outward) if found is not None else None
    masked = {}
    for category, names, items in one.records:
        views = masked[category.name] = [mask(category, item.values, names) for item in items]
        if telling is not None and PROVENANCE in names:
            for view, item in zip(views, items, strict=True):
                view.provenance = telling.of(category, item, names)
    return masked
