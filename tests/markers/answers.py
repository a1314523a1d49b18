"""What an answer says, read back by its names: of whom it tells which non-empty fields, and whom it lists as what."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from domain.ids import PersonId
from domain.records.catalogue import CATEGORIES
from tests.markers.places import Place

_SNAKE = re.compile(r"(?<=[a-z])[A-Z]")
_RECORDS = frozenset(category.name for category in CATEGORIES)


def snake(name: str) -> str:
    """A field's name in the catalogue, of its name in the schema."""
    return _SNAKE.sub(lambda found: "_" + found[0].lower(), name)


@dataclass
class Said:
    """`told`: fields with a value. `listed`: what it tells of people to list them, whatever was selected."""

    told: set[Place] = field(default_factory=set)
    listed: set[Place] = field(default_factory=set)
    people: set[PersonId] = field(default_factory=set)
    chosen: set[PersonId] = field(default_factory=set)
    """Whom stewards' choices name by id."""
    cursors: list[str] = field(default_factory=list)
    reviews: set[str] = field(default_factory=set)
    """Outward ids of the identity reviews told of; what their rows state is theirs and no person's."""
    log_read: bool = False
    termed: bool = False
    """Whether a term of kin, a side, or where links came from was told: that may tell of people on the way, who stand
    nowhere else."""


def said(data: dict[str, Any], decode: Callable[[str], PersonId | None]) -> Said:
    """Read `data` back. `decode`: an outward id's person."""
    reading = _Reading(decode)
    for name, value in _named(data):
        reading.root(name, value)
    return reading.said


def _named(found: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(key.split("_")[0] if not key.startswith("_") else key, value) for key, value in found.items()]


class _Reading:
    def __init__(self, decode: Callable[[str], PersonId | None]) -> None:
        self._decode = decode
        self.said = Said()

    def root(self, name: str, value: Any) -> None:
        if value is None:
            return
        if name == "me":
            for inner, found in _named(value):
                if inner == "person" and found is not None:
                    self._person(found)
        elif name == "myAccessLog":
            self.said.log_read = True
        elif name == "identityReviews":
            self._page(value, self._review)
        elif name == "identityBlastRadius":
            self.said.log_read = True
        elif name == "findPerson":
            self._page(value, self._person)
        elif name == "kin":
            self._page(value, self._kin)
        elif name == "kinPath":
            for way in value:
                for step in dict(_named(way))["steps"]:
                    self._kin(step)
                    person = self._decode(dict(_named(step))["person"]["id"])
                    assert person is not None
                    self.said.listed.add((person, "kinship", "kind"))
        elif name == "entities":
            for each in value:
                if each is not None:
                    self._thing(each)
        else:
            self._thing(value)

    def _thing(self, found: dict[str, Any]) -> None:
        if self._decode(found["id"]) is not None:
            self._person(found)
        else:
            self._household(found)

    def _person(self, found: dict[str, Any]) -> PersonId:
        person = self._decode(found["id"])
        assert person is not None, "an id in an answer must be one of the caller's sector"
        self.said.people.add(person)
        for name, value in _named(found):
            field_name = snake(name)
            if value is None:
                continue
            if field_name in _RECORDS:
                self._record(person, field_name, value)
            elif name == "contactUnit":
                self.said.told.add((person, "contact", "contact_unit"))
            elif name == "kin":
                self._page(value, self._kin)
            elif name == "households":
                for home in value:
                    self.said.listed.add((person, "membership", "household"))
                    self._household(home)
        return person

    def _record(self, person: PersonId, category: str, value: Any) -> None:
        for item in value if isinstance(value, list) else [value]:
            for name, stated in _named(item):
                if stated is not None and name != "__typename":
                    self.said.told.add((person, category, snake(name)))

    def _household(self, found: dict[str, Any]) -> None:
        for name, value in _named(found):
            if name == "members" and value is not None:
                self._page(value, self._member)

    def _member(self, found: dict[str, Any]) -> None:
        fields = dict(_named(found))
        person = self._person(fields["person"])
        self.said.listed.add((person, "membership", "household"))
        for name in ("role", "since", "until", "provenance"):
            if fields.get(name) is not None:
                self.said.told.add((person, "membership", name))

    def _kin(self, found: dict[str, Any]) -> None:
        fields = dict(_named(found))
        person = self._person(fields["person"])
        self.said.listed |= {(person, "kinship", "degree"), (person, "kinship", "relation")}
        for name, value in fields.items():
            if value is not None and name not in ("person", "__typename"):
                self.said.told.add((person, "kinship", snake(name)))
                self.said.termed |= name in ("term", "side", "provenance")

    def _review(self, found: dict[str, Any]) -> None:
        self.said.reviews.add(found["id"])
        for name, value in _named(found):
            if name == "candidates":
                for each in value:
                    self._candidate(each)
            elif name in ("choice", "approval") and value is not None:
                people = dict(_named(value)).get("people", ())
                self.said.chosen |= {person for id in people if (person := self._decode(id)) is not None}

    def _candidate(self, found: dict[str, Any]) -> None:
        fields = dict(_named(found))
        person = self._person(fields["person"])
        for name, field_name in (("weight", "weight"), ("probability", "weight"), ("comparisons", "comparisons")):
            if fields.get(name) not in (None, []):
                self.said.told.add((person, "matching", field_name))

    def _page(self, page: dict[str, Any], each: Callable[[dict[str, Any]], Any]) -> None:
        for name, value in _named(page):
            if name == "pageInfo" and value is not None:
                self.said.cursors += [c for n, c in _named(value) if n in ("endCursor", "startCursor") and c]
            if name == "edges":
                for edge in value:
                    for inner, found in _named(edge):
                        if inner == "cursor":
                            self.said.cursors.append(found)
                        if inner == "node":
                            each(found)
