"""Random valid documents over schema/schema.graphql: aliases, fragments, directives with variables, nested pages.

Names in the answer begin with the field's name (`surname`, `surname_x`, `kin_2`), so that an answer can be read back
without its document. A number stands for one set of arguments throughout a document, so that two selections of one
name always merge.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, build_schema, get_named_type, is_composite_type
from hypothesis import strategies as st

from policy.activity import RootRead
from tests.markers.answers import snake
from tests.markers.capacities import Capacity

ROOT = Path(__file__).parents[2]
SCHEMA = build_schema((ROOT / "schema" / "schema.graphql").read_text(), assume_valid=True)
ROOTS = {
    "me": RootRead.ME,
    "person": RootRead.PERSON,
    "node": RootRead.PERSON,
    "entities": RootRead.PERSON,
    "household": RootRead.HOUSEHOLD,
    "findPerson": RootRead.FIND_PERSON,
    "kin": RootRead.KIN,
    "kinPath": RootRead.KIN_PATH,
    "myAccessLog": RootRead.MY_ACCESS_LOG,
    "identityReviews": RootRead.IDENTITY_REVIEWS,
    "identityBlastRadius": RootRead.IDENTITY_BLAST_RADIUS,
}
"""Root fields that lead to people, with the act that an activity must list for them."""

_WITH_PERSON = ("Member", "Kin", "KinStep", "IdentityCandidate")
"""Types that stand for a person, who is always asked for, so that it can be told of whom they speak."""
_FAMILIES = ("[PARENT]", "[PARTNER]", "[GUARDIAN]", "[PARENT, PARTNER]", "null", None)
_INSTANTS = ("2020-01-01T00:00:00Z", "2026-11-22T09:00:00Z", "2026-11-22T14:00:00.000+05:00", "2030-01-01T00:00:00Z")
"""Everything of the marker country was recorded at the second and third, which are one."""

_CURSORS = ("c0", "c1")
"""Variables that take cursors: empty when first asked, from the first answer when asked again."""


@dataclass(frozen=True)
class Question:
    """A document with its variables; `of`: the ids with which walks at the root begin."""

    text: str
    variables: dict[str, Any]
    of: frozenset[str]
    pages: bool
    moments: bool = False
    """Whether something is asked of another moment: what is permitted may then be there and not be told."""

    def after(self, cursors: dict[str, str]) -> Question:
        """The same document, its pages beginning after these cursors."""
        given = {name: cursor for name, cursor in cursors.items() if f"${name}:" in self.text}
        return Question(self.text, self.variables | given, self.of, self.pages, self.moments)


@dataclass
class _Pen:
    """What one document has used so far."""

    chooser: Random
    who: Capacity
    declared: dict[str, str] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    arguments: dict[str, list[str]] = field(default_factory=dict)
    fragments: dict[str, list[str]] = field(default_factory=dict)
    definitions: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    of: set[str] = field(default_factory=set)
    moments: bool = False

    def some(self, low: int, high: int) -> int:
        return self.chooser.randint(low, high)

    def chance(self, percent: int) -> bool:
        return self.chooser.randrange(100) < percent

    def one(self, options: Any) -> Any:
        return self.chooser.choice(options)

    def several(self, names: list[str], most: int) -> list[str]:
        """Some of the names, now and then one of them twice, to be merged."""
        chosen = self.chooser.sample(names, min(len(names), self.some(1, most)))
        return [*chosen, chosen[0]] if self.chance(15) else chosen

    def nearer(self, known: tuple[Any, ...]) -> tuple[Any, ...]:
        """Mostly those whom the case is about."""
        return known[: self.who.near] if self.chance(65) else known

    def person(self) -> str:
        """An id: mostly of those whom the case is about, else of anybody or nobody."""
        return str(self.one(self.who.people[: self.who.near] if self.chance(65) else self.who.people))

    def home(self) -> str:
        """As `person`, of a household: that of the case's people comes first."""
        return self.who.homes[0] if self.chance(50) else str(self.one(self.who.homes))

    def variable(self, name: str, kind: str, value: Any) -> str:
        self.declared[name], self.variables[name] = kind, value
        return f"${name}"

    def text(self, kind: str, value: str) -> str:
        """A value, written into the document or handed over as a variable."""
        if self.chance(50):
            return f'"{value}"'
        return self.variable(f"v{len(self.declared)}", kind, value)

    def directive(self) -> str:
        name = f"b{self.some(0, 3)}"
        if name not in self.declared:
            self.variable(name, "Boolean!", self.chance(60))
        return f" @{self.one(('include', 'skip'))}(if: ${name})"

    def numbered(self, name: str, arguments: str) -> str:
        """The name under which a field with these arguments stands in the answer."""
        known = self.arguments.setdefault(name, [])
        if arguments not in known:
            known.append(arguments)
        at = known.index(arguments)
        return f"{name}_{at}: {name}" if at or self.chance(50) else name

    def passage(self, name: str) -> str:
        """One name a document for fields that lead to pages (the door allows each object one)."""
        return self.keys.setdefault(name, f"{name}_x: {name}" if self.chance(20) else name)


@st.composite
def questions(draw: Any, who: Capacity) -> Question:
    """Documents that somebody in this capacity may ask, with ids selected of everyone."""
    # One draw for a whole document: thousands of small ones would take longer than the answers.
    pen = _Pen(draw(st.randoms(use_true_random=True)), who)
    allowed = [name for name, act in ROOTS.items() if act in who.acts]
    allowed += ["identityReviews"] * 4 if "identityReviews" in allowed else []
    roots = [_root(pen, pen.one(allowed)) for _ in range(pen.some(1, 2))]
    body = "{ " + " ".join(roots) + " }"
    declared = ", ".join(f"${name}: {kind}" for name, kind in pen.declared.items())
    head = f"query Q({declared}) " if declared else ""
    return Question(
        text="\n".join([head + body, *pen.definitions]),
        variables=dict(pen.variables),
        of=frozenset(pen.of),
        pages=any(name in pen.declared for name in _CURSORS),
        moments=pen.moments,
    )


def _root(pen: _Pen, name: str) -> str:
    if name == "me":
        written = pen.numbered("me", f"({given})" if (given := _moment(pen)) else "")
        return written + _arguments(pen, "me", written) + _selection(pen, "Me", 2)
    if name == "entities":
        return _entities(pen)
    if name == "myAccessLog":
        return "myAccessLog { edges { cursor node { id actor } } pageInfo { hasNextPage } }"
    if name == "identityReviews":
        written = pen.numbered(name, f"(merged: {pen.one(('true', 'false', 'false'))}{_paged(pen, 5)})")
        return written + _arguments(pen, name, written) + _selection(pen, "IdentityReviewConnection", 1)
    if name == "identityBlastRadius":
        review = pen.text("ID", pen.one(pen.who.reviews))
        written = pen.numbered(name, f"(review: {review})")
        return written + _arguments(pen, name, written) + " { edges { cursor node { id actor subjects { reach } } } }"
    if name == "findPerson":
        written = pen.numbered("findPerson", f"({_sought(pen)}{_paged(pen, 3)}{_also(pen)})")
        return written + _arguments(pen, "findPerson", written) + _selection(pen, "PersonConnection", 1)
    if name == "kin":
        start = pen.person()
        pen.of.add(start)
        given = f"(of: {pen.text('ID!', start)}{_walk(pen)}{_paged(pen, 5)}{_also(pen)})"
        written = pen.numbered("kin", given)
        return written + _arguments(pen, "kin", written) + _selection(pen, "KinConnection", 1)
    if name == "kinPath":
        return _kin_path(pen)
    home = name == "household" or (name == "node" and pen.chance(30))
    asked = pen.home() if home else pen.person()
    also = "" if name == "node" else _also(pen)
    written = pen.numbered(name, f"(id: {pen.text('ID!', asked)}{also})")
    kind = {"node": "Node", "household": "Household", "person": "Person"}[name]
    return written + _arguments(pen, name, written) + _selection(pen, kind, 2)


def _kin_path(pen: _Pen) -> str:
    ends = pen.person(), pen.person()
    pen.of.update(ends)
    given = f"(from: {pen.text('ID!', ends[0])}, to: {pen.text('ID!', ends[1])}{_walk(pen)}{_also(pen)})"
    written = pen.numbered("kinPath", given)
    return written + _arguments(pen, "kinPath", written) + _selection(pen, "KinPath", 1)


def _arguments(pen: _Pen, name: str, written: str) -> str:
    key = written.partition(":")[0]
    return pen.arguments[name][int(key.rpartition("_")[2]) if "_" in key else 0]


def _sought(pen: _Pen) -> str:
    if pen.chance(50) or not pen.who.names:
        return f"nationalId: {pen.text('String', pen.one(pen.nearer(pen.who.nationals)))}"
    name, born = pen.one(pen.nearer(pen.who.names))
    return f"name: {pen.text('String', name)}, birthDate: {pen.text('Date', born)}"


def _entities(pen: _Pen) -> str:
    asked = [{"__typename": "Person", "id": pen.person()} for _ in range(pen.some(0, 2))]
    asked += [{"__typename": "Household", "id": pen.home()} for _ in range(pen.some(0, 1))]
    name = f"r{len(pen.declared)}"
    pen.variable(name, "[_Any!]!", asked)
    return f"entities_{name}: _entities(representations: ${name})" + _selection(pen, "_Entity", 1)


def _also(pen: _Pen) -> str:
    return f", {given}" if (given := _moment(pen)) else ""


def _moment(pen: _Pen) -> str:
    """Now and then of another moment: before the hub began or after all was recorded, and on some day."""
    given = []
    if pen.chance(15):
        given.append(f"asOf: {pen.text('DateTime', pen.one(_INSTANTS))}")
    if pen.chance(15):
        day = f"{pen.some(1970, 2026)}-{pen.some(1, 12):02d}-{pen.some(1, 28):02d}"
        given.append(f"on: {pen.text('Date', pen.one((day, '2026-11-22')))}")
    pen.moments |= bool(given)
    return ", ".join(given)


def _walk(pen: _Pen) -> str:
    families = pen.one(_FAMILIES)
    return f", depth: {pen.some(1, 3)}" + (f", families: {families}" if families else "")


def _paged(pen: _Pen, most: int) -> str:
    after = ""
    if pen.chance(40):
        name = pen.one(_CURSORS)
        after = f", after: {pen.variable(name, 'String', None)}"
    return f", first: {pen.some(1, most)}{after}"


def _selection(pen: _Pen, kind: str, depth: int) -> str:
    """A selection set of a type; `depth`: how many connections may still be nested in it."""
    if kind in ("Node", "_Entity"):
        return _abstract(pen, kind, depth)
    of = SCHEMA.type_map[kind]
    assert isinstance(of, GraphQLObjectType)
    parts = [part for name in _chosen(pen, of, depth) if (part := _field(pen, name, of.fields[name], depth))]
    held = [p for p in parts if pen.chance(25)]
    open_parts = [p for p in parts if p not in held]
    if held:
        open_parts.append(_folded(pen, kind, " ".join(held)))
    if pen.fragments.get(kind) and pen.chance(30):
        open_parts.append(f"...{pen.one(pen.fragments[kind])}")
    return " { " + " ".join([*_always(pen, kind, depth), *open_parts]) + " }"


def _always(pen: _Pen, kind: str, depth: int) -> list[str]:
    """What every selection of a type holds: enough to tell of whom an answer speaks."""
    if kind in ("Person", "Household", "IdentityReview"):
        return ["id"]
    if kind in _WITH_PERSON or kind.endswith("Edge"):
        inner = "person" if kind in _WITH_PERSON else "node"
        of = SCHEMA.type_map[kind]
        assert isinstance(of, GraphQLObjectType)
        return [pen.passage(inner) + _selection(pen, get_named_type(of.fields[inner].type).name, depth)]
    if kind == "Provenance":
        return ["field"]
    if kind.endswith("Connection"):
        return [pen.passage("edges") + _selection(pen, kind.replace("Connection", "Edge"), depth)]
    if kind == "KinPath":
        return [pen.passage("steps") + _selection(pen, "KinStep", depth)]
    return ["__typename"]


def _chosen(pen: _Pen, of: GraphQLObjectType, depth: int) -> list[str]:
    """Some fields of a type, those that `_always` writes left out (or, now and then, written twice to be merged)."""
    names = [name for name in of.fields if name not in ("edges", "node", "id")]
    if of.name in _WITH_PERSON:
        names.remove("person")
    if of.name == "KinPath":
        names.remove("steps")
    if depth < 1:
        names = [name for name in names if name not in ("households", "kin", "members")]
    if of.name == "Person":
        far = [name for name in ("households", "kin") if name in names and pen.chance(30)]
        near = [name for name in names if name not in ("households", "kin")]
        if pen.chance(70):
            near = [name for name in near if snake(name) in pen.who.categories]
        return [*pen.several(near, 4), *far]
    if of.name == "Household" and "members" in names:
        return ["members"] * pen.some(1, 2)
    if of.name == "IdentityReview":
        rest = [name for name in names if name != "candidates"]
        return [*(["candidates"] if pen.chance(80) else []), *pen.several(rest, 3)]
    if of.name == "Me":
        return [*(["person"] if pen.chance(80) else []), "actor", "region"]
    return pen.several(names, 4) if names else []


def _field(pen: _Pen, name: str, of: GraphQLField, depth: int) -> str:
    kind = get_named_type(of.type)
    if name in ("kin", "members"):
        given = f"({(_walk(pen) + _paged(pen, 4)).removeprefix(', ')})" if name == "kin" else f"({_paged(pen, 4)[2:]})"
        written = pen.numbered(name, given)
        call = written + _arguments(pen, name, written)
        return call + _directed(pen) + _selection(pen, kind.name, depth - 1)
    if name == "term":
        written = pen.numbered(name, f"(language: {pen.one(('KK', 'RU', 'EN'))})")
        return written + _arguments(pen, name, written) + _directed(pen)
    if name in ("person", "households", "candidates"):
        return pen.passage(name) + _directed(pen) + _selection(pen, kind.name, depth)
    key = f"{name}_{pen.one(('x', 'y'))}: {name}" if pen.chance(10) else name
    return key + _directed(pen) + (_selection(pen, kind.name, depth) if is_composite_type(kind) else "")


def _directed(pen: _Pen) -> str:
    return pen.directive() if pen.chance(10) else ""


def _abstract(pen: _Pen, kind: str, depth: int) -> str:
    parts = ["__typename"] if kind == "_Entity" else [pen.one(("id", "__typename id"))]
    for each in ("Person", "Household"):
        if pen.chance(75):
            inner = _selection(pen, each, depth)
            parts.append(f"... on {each}{_directed(pen)}{inner}")
    # Whoever is shown must be told apart, whatever was chosen above.
    return " { " + " ".join([*parts, "... on Node { id }"]) + " }"


def _folded(pen: _Pen, kind: str, inner: str) -> str:
    """Selections inside a fragment: named, or in place, with or without a condition on the type."""
    way = pen.some(0, 2)
    if way == 0:
        return f"... on {kind}{_directed(pen)} {{ {inner} }}"
    if way == 1:
        return f"...{pen.directive()} {{ {inner} }}"
    name = f"F{len(pen.definitions)}"
    pen.definitions.append(f"fragment {name} on {kind} {{ {inner} }}")
    pen.fragments.setdefault(kind, []).append(name)
    return f"...{name}{_directed(pen)}"
