"""How much one document may ask for, worked out from the document and its variables alone, never from data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    Node,
    Visitor,
    visit,
)

from domain.errors import Code, Invalid
from domain.wanted import Wanted
from schema.types.pages import MAX_PAGE
from schema.types.people import MAX_DEPTH

MAX_NAME = 200
"""Characters of a name to search for."""

MAX_REASON = 300
"""Characters of a steward's reason."""

MAX_ID = 512
"""Characters of an id that a mutation takes."""

PASSAGES = frozenset({"edges", "node", "person", "households", "candidates", "steps"})
"""Fields whose objects lead to connections that take arguments.

Each such object is one view with one page under each name; asked for under two names (`a: node {…} b: node {…}`) it
could have to hold two pages under one, so that is refused.
"""

_LIST_ESTIMATE = 4
"""Objects assumed of a list without a page size: records of one category, households."""

_WALK_ESTIMATE = 60
"""What a walk costs beside its answer, times the square of its depth: each link further meets more people."""

_WAYS_ESTIMATE = 4
"""Ways assumed between two people, each with as many steps as the depth."""


_SINGLE = frozenset(
    {
        "edges",
        "node",
        "person",
        "page_info",
        "name",
        "identity",
        "clinic",
        "me",
        "household",
        "resolve_identity",
        "stated",
        "choice",
        "approval",
        "_service",
        "__schema",
        "steps",
    }
)
"""Fields with children that stand for one object (edges are counted by the page)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one document. `cost` counts fields, each times the page sizes above it."""

    tokens: int = 4_000
    depth: int = 16
    root_fields: int = 20
    aliases: int = 60
    repeats: int = 60
    cost: int = 60_000


def _too_complex(fix: str) -> Invalid:
    return Invalid(Code.TOO_COMPLEX, fix=fix)


class _Names(Visitor):
    """Counts aliases and how often each name in the answer occurs, for validation compares those in pairs."""

    def __init__(self) -> None:
        super().__init__()
        self.aliases = 0
        self.keys: Counter[str] = Counter()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Count one field."""
        self.aliases += node.alias is not None
        self.keys[node.alias.value if node.alias else node.name.value] += 1

    def enter_inline_fragment(self, _node: Node, *_: Any) -> None:
        """Fragments count as names do: they too are compared in pairs."""
        self.keys["..."] += 1

    def enter_fragment_spread(self, _node: Node, *_: Any) -> None:
        """As for inline fragments."""
        self.keys["..."] += 1


def bound_names(document: DocumentNode, limits: Limits) -> None:
    """Bound what validation compares in pairs, before it does. Raises Invalid (TOO_COMPLEX)."""
    names = _Names()
    visit(document, names)
    if names.aliases > limits.aliases:
        raise _too_complex("fewer_aliases")
    if names.keys and max(names.keys.values()) > limits.repeats:
        raise _too_complex("fewer_repeats")


def bound_roots(roots: Mapping[str, Wanted], limits: Limits) -> None:
    """Bound depth, root fields, arguments and cost. Raises Invalid (TOO_COMPLEX, INVALID_ARGUMENT, INVALID_QUERY)."""
    if len(roots) > limits.root_fields:
        raise _too_complex("fewer_root_fields")
    for wanted in roots.values():
        _bound_depth(wanted, limits.depth)
        _bound_arguments(wanted)
        _bound_passages(wanted)
    if sum(cost(wanted) for wanted in roots.values()) > limits.cost:
        raise _too_complex("smaller_pages")


def _bound_depth(wanted: Wanted, left: int) -> None:
    if left < 1:
        raise _too_complex("less_depth")
    for child in wanted.children:
        _bound_depth(child, left - 1)


def _bound_arguments(wanted: Wanted) -> None:
    _within(wanted.arguments, "first", 1, MAX_PAGE)
    _within(wanted.arguments, "depth", 1, MAX_DEPTH)
    representations = wanted.arguments.get("representations")
    if isinstance(representations, list) and len(representations) > MAX_PAGE:
        raise Invalid(Code.INVALID_ARGUMENT, field="representations", fix=f"at_most_{MAX_PAGE}")
    for text, most in (("reason", MAX_REASON), ("review", MAX_ID), ("person", MAX_ID), ("other", MAX_ID)):
        value = wanted.arguments.get(text)
        if isinstance(value, str) and len(value) > most:
            raise Invalid(Code.INVALID_ARGUMENT, field=text, fix=f"at_most_{most}_characters")
    name = wanted.arguments.get("name")
    if isinstance(name, str) and len(name) > MAX_NAME:
        raise Invalid(Code.INVALID_ARGUMENT, field="name", fix=f"at_most_{MAX_NAME}_characters")
    for child in wanted.children:
        _bound_arguments(child)


def _within(arguments: Mapping[str, Any], name: str, low: int, high: int) -> None:
    value = arguments.get(name)
    if isinstance(value, int) and not low <= value <= high:
        raise Invalid(Code.INVALID_ARGUMENT, field=name, fix=f"between_{low}_and_{high}")


def cost(wanted: Wanted) -> int:
    """The estimate of one field: itself, and all below it times the page size that its arguments state."""
    below = sum(cost(child) for child in wanted.children)
    size, depth = wanted.arguments.get("first"), int(wanted.arguments.get("depth") or 0)
    walk = _WALK_ESTIMATE * depth**2
    if isinstance(size, int):
        return 1 + size * below + walk
    if depth:
        return 1 + _WAYS_ESTIMATE * depth * below + walk
    representations = wanted.arguments.get("representations")
    if isinstance(representations, list):
        return 1 + len(representations) * (1 + below)
    many = wanted.children and wanted.name not in _SINGLE
    return 1 + below * (_LIST_ESTIMATE if many else 1)


def _bound_passages(wanted: Wanted) -> None:
    taken: set[tuple[str | None, str]] = set()
    for child in wanted.children:
        passage = (child.on, child.name)
        if child.name in PASSAGES and child.children:
            if passage in taken:
                raise Invalid(Code.INVALID_QUERY, field=child.key, fix="one_name_for_each_object")
            taken.add(passage)
        _bound_passages(child)
