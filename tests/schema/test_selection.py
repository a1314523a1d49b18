"""A child stands in Wanted exactly if the answer holds its key: against the engine's own execution."""

from __future__ import annotations

import asyncio
from typing import Any

from graphql import GraphQLObjectType, get_named_type, is_composite_type
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.wanted import Wanted
from schema.executor import SchemaExecutor
from tests.schema.fakes import EXECUTOR, FakeReads, asked, refusal, run

_SCHEMA = EXECUTOR.schema
_VARIABLES = {"yes": True, "no": False}
_HEAD = "query($yes: Boolean!, $no: Boolean! = false)"
_DIRECTIVES = st.sampled_from(
    ["", "", "", "@include(if: $yes)", "@include(if: $no)", "@skip(if: $yes)", "@skip(if: $no) @include(if: true)"]
)


@st.composite
def selections(draw: st.DrawFn, kind: str, depth: int) -> str:
    """A selection set over a type: fields under aliases, repeated, in fragments, with directives."""
    chosen = draw(st.lists(_selection(kind, depth), min_size=1, max_size=4))
    return "{ " + " ".join(chosen) + " }"


@st.composite
def _selection(draw: st.DrawFn, kind: str, depth: int) -> str:
    form = draw(st.integers(0, 5))
    if form == 0 and depth > 0:
        conditions = {"Person": ["Person", "Node"], "Household": ["Household", "Node"]}.get(kind, [kind])
        if kind == "Node":
            conditions = ["Node", "Person", "Household"]
        condition = draw(st.sampled_from(conditions))
        return f"... on {condition} {draw(_DIRECTIVES)} {draw(selections(condition, depth - 1))}"
    if form == 1 and depth > 0:
        return f"... {draw(_DIRECTIVES)} {draw(selections(kind, depth - 1))}"
    return draw(_field(kind, depth))


@st.composite
def _field(draw: st.DrawFn, kind: str, depth: int) -> str:
    fields = _SCHEMA.type_map[kind].fields  # type: ignore[attr-defined]
    leaves = [n for n, f in fields.items() if not is_composite_type(get_named_type(f.type))]
    name = draw(st.sampled_from(sorted(fields) if depth > 0 else [*sorted(leaves), "__typename"]))
    alias = draw(st.sampled_from(["", "", f"a_{name}: ", f"b_{name}: "]))
    if name == "__typename":
        return f"{alias}{name}"
    below = get_named_type(fields[name].type)
    body = draw(selections(below.name, depth - 1)) if is_composite_type(below) else ""
    arguments = f"(first: {1 + len(alias)})" if "first" in fields[name].args else ""
    return f"{alias}{name}{arguments} {draw(_DIRECTIVES)} {body}"


def shape(wanted: Wanted, answer: Any) -> bool:
    """Whether an answer's keys are those of the selection, at every level."""
    if isinstance(answer, list):
        return all(shape(wanted, item) for item in answer)
    if not isinstance(answer, dict):
        return not wanted.children
    children = {child.key: child for child in wanted.children}
    return set(children) == set(answer) and all(shape(children[key], value) for key, value in answer.items())


def _of(wanted: Wanted, type_name: str) -> Wanted:
    return wanted.on_type(type_name)


_ROOTS = {
    "person": ('person(id: "p")', "Person", "Person"),
    "household": ('household(id: "h")', "Household", "Household"),
    "a_person": ('node(id: "p")', "Node", "Person"),
    "a_household": ('node(id: "h")', "Node", "Household"),
}


@settings(max_examples=120)
@given(root=st.sampled_from(sorted(_ROOTS)), data=st.data())
def test_wanted_holds_what_the_answer_holds(root: str, data: st.DataObject) -> None:
    field, kind, made = _ROOTS[root]
    body = data.draw(selections(kind, 4))
    query = f"{_HEAD} {{ r: {field} {body} }}"
    assume(refusal(EXECUTOR, query, _VARIABLES) is None)
    prepared = EXECUTOR.prepare(asked(query, _VARIABLES))
    answer = asyncio.run(run(EXECUTOR, query, _VARIABLES))
    assert "errors" not in answer, answer["errors"]
    assert shape(_of(prepared.roots["r"], made), answer["data"]["r"])


def test_the_comparison_can_fail() -> None:
    wanted = EXECUTOR.prepare(asked('{ person(id: "p") { id name { surname } } }')).roots["person"]
    assert shape(wanted, {"id": 1, "name": {"surname": "x"}})
    assert not shape(wanted, {"id": 1, "name": {}})
    assert not shape(wanted, {"id": 1})
    assert not shape(wanted, {"id": 1, "name": {"surname": "x"}, "more": 1})


def test_fragments_spread_by_name_merge_with_fields_of_one_key() -> None:
    query = """
      query($deep: Boolean!) { person(id: "p") { ...A name { surname } ...B @include(if: $deep) } }
      fragment A on Person { name { givenName } id }
      fragment B on Node { id ... on Person { kin(first: 3, depth: 4, families: [PARENT]) { totalCount } } }
    """
    wanted = EXECUTOR.prepare(asked(query, {"deep": True})).roots["person"]
    assert [child.name for child in wanted.children] == ["name", "id", "kin"]
    assert {child.name for child in wanted.children[0].children} == {"surname", "given_name"}
    assert wanted.children[2].arguments == {"depth": 4, "families": ["parent"], "first": 3, "after": None}
    shallow = EXECUTOR.prepare(asked(query, {"deep": False})).roots["person"]
    assert not shallow.has("kin")


async def test_arguments_reach_reads_as_plain_values() -> None:
    reads = FakeReads()
    executor = SchemaExecutor(reads)
    query = 'query($d: Date, $n: String = "Ли Анна") { findPerson(name: $n, birthDate: $d, first: 5) { totalCount } }'
    await run(executor, query, {"d": "2001-02-03"})
    await run(executor, '{ kin(of: "x", families: [GUARDIAN]) { totalCount } }')
    (_, find, _), (_, kin, _) = reads.seen
    assert find[1] == "Ли Анна"
    assert find[2].isoformat() == "2001-02-03"
    assert find[3:] == (5, None)
    assert kin == ("x", 2, ["guardian"], 20, None)


def test_every_type_that_leads_to_connections_is_a_bounded_passage() -> None:
    """Derived from the schema: fields without arguments whose objects hold, at any depth, fields with arguments."""
    from schema.limits import PASSAGES

    leading: set[str] = set()
    objects = {n: t for n, t in _SCHEMA.type_map.items() if isinstance(t, GraphQLObjectType) and n != "Query"}
    grown = True
    while grown:
        more = {
            name
            for name, kind in objects.items()
            if not name.startswith("__")
            and any(f.args or get_named_type(f.type).name in leading for f in kind.fields.values())
        }
        grown, leading = more != leading, more
    passages = {
        name
        for kind in objects.values()
        for name, f in kind.fields.items()
        if not f.args and get_named_type(f.type).name in leading and kind.name in leading
    }
    assert passages <= PASSAGES
