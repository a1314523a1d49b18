"""Where each value of a world belongs: (person, category, field) → values, and back from those that are unique.

Read from the graph by the test's own keys, everyone and everything, so that it owes nothing to gate, views or door.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.ids import HouseholdId, PersonId
from domain.records.catalogue import BY_NUMBER, CATEGORIES
from domain.records.category import PROVENANCE
from domain.records.payload import Record
from graph.shapes import RecordRow
from resolvers.gate.opening import OpenPerson
from tests.worlds.hub import NOW, Hub

Place = tuple[PersonId, str, str]
"""Who, which category, which field as answers name it."""

_MARKER = re.compile(r"[А-Яа-яЁё]{12}|\d{12}|\d{4}-\d\d-\d\d")
_LENGTHS = (10, 12)
_TODAY = NOW.date().isoformat()


@dataclass(frozen=True)
class Places:
    """Everything a hub knows of people. `owners` has the places of every marker: word, amount, id or date."""

    values: Mapping[Place, tuple[str, ...]]
    owners: Mapping[str, frozenset[Place]]
    homes: Mapping[PersonId, tuple[HouseholdId, ...]]

    def unique(self, place: Place) -> frozenset[str]:
        """The markers that stand at this place and nowhere else in the world."""
        found = {marker for value in self.values.get(place, ()) for marker in _MARKER.findall(value)}
        return frozenset(marker for marker in found if self.owners.get(marker) == frozenset({place}))

    def found(self, body: bytes) -> frozenset[str]:
        """The markers found anywhere in the bytes."""
        text = body.decode()
        windows = {text[at : at + length] for length in _LENGTHS for at in range(len(text) - length + 1)}
        return frozenset(windows & self.owners.keys())


async def places(hub: Hub) -> Places:
    """Read a whole hub. Today's date is no marker: log entries carry it."""
    values: dict[Place, list[str]] = defaultdict(list)
    homes: dict[PersonId, tuple[HouseholdId, ...]] = {}
    async for ids in hub.parts.reader.scan():
        for person in await _opened(hub, ids):
            homes[person.person] = tuple(sorted(person.homes(NOW.date())))
        for place, value in await stated(hub, ids):
            values[place].append(value)
    return Places(values={place: tuple(texts) for place, texts in values.items()}, owners=_owners(values), homes=homes)


async def stated(hub: Hub, ids: Sequence[PersonId]) -> list[tuple[Place, str]]:
    """Every value of these people, at its place."""
    by_person: dict[PersonId, list[RecordRow]] = defaultdict(list)
    for row in await hub.parts.reader.records(ids, [category.number for category in CATEGORIES]):
        by_person[row.person].append(row)
    found: list[tuple[Place, str]] = []
    for person in await _opened(hub, ids):
        found += _memberships(person)
        for number, record in hub.parts.opener.records(person.shape, by_person[person.person]).items():
            found += _fields(person.person, number, (item.values for item in record.items))
            found += _overruled(person.person, number, record)
    return found


async def _opened(hub: Hub, ids: Sequence[PersonId]) -> list[OpenPerson]:
    return [hub.parts.opener.person(shape) for shape in (await hub.parts.reader.facts(ids)).people.values()]


def _memberships(person: OpenPerson) -> Iterator[tuple[Place, str]]:
    for membership in person.present(NOW.date()):
        yield (person.person, "membership", "household"), str(membership.household)
        yield (person.person, "membership", "role"), membership.role
        for name, day in (("since", membership.since), ("until", membership.until)):
            if day:
                yield (person.person, "membership", name), day


def _fields(
    person: PersonId, number: int, items: Iterable[Mapping[str, str | int | bool]]
) -> Iterator[tuple[Place, str]]:
    category = BY_NUMBER[number]
    for item in items:
        for name, (field, coarse) in category.outward().items():
            value = item.get(field.name)
            if value is not None:
                yield (person, category.name, name), str(value if coarse is None else coarse.form(value))


def _overruled(person: PersonId, number: int, record: Record) -> Iterator[tuple[Place, str]]:
    """What provenance tells beside the values themselves: those that were overruled and differ."""
    category = BY_NUMBER[number]
    for item in record.items:
        for loser in item.losers:
            for field, coarse in category.outward().values():
                if field.name == loser.field and loser.value != item.values[field.name]:
                    told = loser.value if coarse is None else coarse.form(loser.value)
                    yield (person, category.name, PROVENANCE), str(told)


def _owners(values: Mapping[Place, Iterable[str]]) -> dict[str, frozenset[Place]]:
    owners: dict[str, set[Place]] = defaultdict(set)
    for place, texts in values.items():
        for text in texts:
            for marker in _MARKER.findall(text):
                owners[marker].add(place)
    owners.pop(_TODAY, None)
    return {marker: frozenset(found) for marker, found in owners.items()}
