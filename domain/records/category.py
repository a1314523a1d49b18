"""How a category of records is described. The masked views and the GraphQL types are both made from this."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from domain.records.validity import Validity

PROVENANCE = "provenance"
"""The name, in every category of records, of where its values came from. It locates, only full detail has it, and an
activity must list it (`catalogue.ORIGIN`)."""


class Detail(StrEnum):
    """How much of a category a reader gets."""

    NONE = "none"
    COARSE = "coarse"
    FULL = "full"


class Kind(StrEnum):
    """What a value is. Dates are civil dates (ISO text inside records), money whole tenge."""

    TEXT = "text"
    DATE = "date"
    MONTH = "month"
    INTEGER = "integer"
    MONEY = "money"
    FLAG = "flag"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class Coarse:
    """The coarse form of a field: a field of its own with its own name, so that a reader knows which they got."""

    name: str
    kind: Kind
    form: Callable[[Any], Any]
    description: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a category.

    `authority` lists the agencies that may state it, the most trusted first: the fold takes the first that states it.
    `locates`: the value helps to find the person, so protection withholds it. `coarse`: its coarse form; `plain`: the
    value itself is coarse enough to be shown at coarse detail. A field with neither is left out at coarse detail.
    """

    name: str
    kind: Kind
    description: str
    authority: tuple[str, ...]
    locates: bool = False
    plain: bool = False
    coarse: Coarse | None = None


class Sensitivity(StrEnum):
    """Plain: a reader may be told that it is withheld. Secret: withheld equals none known."""

    PLAIN = "plain"
    SECRET = "secret"  # noqa: S105 - a sensitivity, not a password


@dataclass(frozen=True, slots=True)
class Category:
    """One category: its number (0 to 15, part of the payload's row id), fields and how its items are told apart.

    `item_key` names the fields whose values identify an item across sources (each month, each job); empty means that
    a person has at most one item. `title` is the GraphQL type's name. `valid`: when an item holds; None where items
    have no dates of their own.
    """

    name: str
    number: int
    title: str
    description: str
    fields: tuple[Field, ...]
    item_key: tuple[str, ...] = ()
    sensitivity: Sensitivity = Sensitivity.PLAIN
    valid: Validity | None = None
    _tables: _Tables = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tables", _Tables.of(self.fields))

    @property
    def many(self) -> bool:
        """Whether a person may have several items."""
        return bool(self.item_key)

    def field(self, name: str) -> Field:
        """The field of this name. KeyError if there is none."""
        return self._tables.by_name[name]

    def by_name(self) -> Mapping[str, Field]:
        """The fields by name."""
        return self._tables.by_name

    def outward(self) -> Mapping[str, tuple[Field, Coarse | None]]:
        """Every name that a reader can ask for: fields as they are, and coarse forms under their own names."""
        return self._tables.outward

    def visible(self, detail: Detail, locating: bool) -> frozenset[str]:
        """The outward names that a reader with this detail may see; `locating` False takes out what locates."""
        return self._tables.visible[detail, locating]


@dataclass(frozen=True, slots=True)
class _Tables:
    """What follows from a category's fields, worked out once: it is asked for with every record of every answer."""

    by_name: Mapping[str, Field]
    outward: Mapping[str, tuple[Field, Coarse | None]]
    visible: Mapping[tuple[Detail, bool], frozenset[str]]

    @staticmethod
    def of(fields: tuple[Field, ...]) -> _Tables:
        """From the fields."""
        outward: dict[str, tuple[Field, Coarse | None]] = {f.name: (f, None) for f in fields}
        outward |= {f.coarse.name: (f, f.coarse) for f in fields if f.coarse is not None}
        visible = {
            (detail, locating): frozenset(
                name
                for name, (f, coarse) in outward.items()
                if _shows(f, coarse, detail) and (locating or not f.locates)
            )
            for detail in Detail
            for locating in (False, True)
        }
        return _Tables(MappingProxyType({f.name: f for f in fields}), MappingProxyType(outward), visible)


def _shows(f: Field, coarse: Coarse | None, detail: Detail) -> bool:
    return detail is Detail.FULL or (detail is Detail.COARSE and (coarse is not None or f.plain))
