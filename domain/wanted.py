"""What a document asks for, as a tree without GraphQL: the schema room makes it, the rooms below read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Wanted:
    """One selected field. `key` is its name in the answer (the alias), `on` the type condition it stands under.

    Selections of one key are merged, directives resolved, arguments are plain values; so a child stands here exactly
    if the answer can hold it, which is what the ledger's exactness rests on.
    """

    name: str
    key: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    on: str | None = None
    children: tuple[Wanted, ...] = ()

    def named(self, *names: str) -> Iterator[Wanted]:
        """The children of these names, in order; one name may come several times under several keys."""
        return (child for child in self.children if child.name in names)

    def has(self, name: str) -> bool:
        """Whether a child of this name was selected."""
        return any(child.name == name for child in self.children)

    def on_type(self, type_name: str) -> Wanted:
        """The same field with only the children that apply to an object of this type."""
        kept = tuple(c for c in self.children if c.on is None or c.on == type_name)
        return Wanted(self.name, self.key, self.arguments, self.on, kept)

    def names(self) -> frozenset[str]:
        """The names of the children."""
        return frozenset(child.name for child in self.children)
