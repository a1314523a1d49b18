"""Bounds of a document: coded, the same whatever the data, and quick to reach."""

from __future__ import annotations

import time

import pytest

from domain.errors import Code
from tests.schema.fakes import EXECUTOR, asked, refusal

CARD = """
query Card($id: ID!) { household(id: $id) { id members(first: 20) { totalCount edges { node { role since person {
  id name { surname givenName patronymic } identity { birthDate sex nationalId } residence { region locality street }
  civilStatus { event eventDate } employment { employer since } income { month amount } disability { group since }
  kin(depth: 2, first: 50) { totalCount edges { node { degree relation person { id name { surname } } } } } } } } } } }
"""


def _fragments(levels: int) -> str:
    parts = ['{ person(id: "x") { ...f0 } }']
    for i in range(levels):
        below = f"...f{i + 1}" if i + 1 < levels else "id"
        for_each = " ".join(f"k{j}: kin(first: 1) {{ edges {{ node {{ person {{ {below} }} }} }} }}" for j in range(3))
        parts.append(f"fragment f{i} on Person {{ {for_each} }}")
    return " ".join(parts)


def _walks(count: int, depth: int) -> str:
    return "{" + " ".join(f"a{n}: kin(of: {n}, depth: {depth}) {{ totalCount }}" for n in range(count)) + "}"


@pytest.mark.parametrize(("count", "depth"), [(1, 8), (3, 8), (20, 4), (20, 2)])
def test_some_walks_are_fine(count: int, depth: int) -> None:
    assert refusal(EXECUTOR, _walks(count, depth)) is None


def test_a_family_card_is_well_within_bounds() -> None:
    assert refusal(EXECUTOR, CARD, {"id": "h"}) is None


@pytest.mark.parametrize(
    ("name", "query", "code"),
    [
        ("nesting", "{" + "a{" * 300 + "b" + "}" * 301, Code.TOO_COMPLEX),
        ("open braces", "{" * 3000, Code.INVALID_QUERY),
        ("open lists", "{ person(id: " + "[" * 3000, Code.TOO_COMPLEX),
        ("tokens", "{" + "me{actor}" * 1500 + "}", Code.TOO_COMPLEX),
        ("repeats", "{" + "me{actor}" * 100 + "}", Code.TOO_COMPLEX),
        ("aliases", "{ me {" + " ".join(f"a{i}: actor" for i in range(100)) + "} }", Code.TOO_COMPLEX),
        ("inline fragments", "{" + "...{me{actor}}" * 100 + "}", Code.TOO_COMPLEX),
        ("root fields", "{" + " ".join(f"a{i}: me{{actor}}" for i in range(21)) + "}", Code.TOO_COMPLEX),
        ("fragments that multiply", _fragments(9), Code.TOO_COMPLEX),
        (
            "depth",
            "{ person(id: 1) { " + "kin { edges { node { person { " * 4 + "id" + "} } } }" * 4 + "} }",
            Code.TOO_COMPLEX,
        ),
        (
            "pages of pages",
            "{ person(id: 1) { kin(first: 100) { edges { node { person { kin(first: 100) { edges { node {"
            " person { id identity { sex birthDate } name { surname givenName } } } } } } } } } } }",
            Code.TOO_COMPLEX,
        ),
        ("twenty deep walks", _walks(20, 8), Code.TOO_COMPLEX),
        (
            "a deep walk from each of a page",
            "{ kin(of: 1, first: 50) { edges { node { person { kin(depth: 8, first: 1) { totalCount } } } } } }",
            Code.TOO_COMPLEX,
        ),
        ("fragment cycle", "{ me { ...a } } fragment a on Me { ...a }", Code.INVALID_QUERY),
        ("mutation", "mutation { a }", Code.INVALID_QUERY),
        ("subscription", "subscription { a }", Code.INVALID_QUERY),
        ("nothing", "", Code.INVALID_QUERY),
        ("only a fragment", "fragment a on Me { actor }", Code.INVALID_QUERY),
        ("two operations", "query a { me { actor } } query b { me { actor } }", Code.INVALID_QUERY),
        ("introspection", "{ __schema { types { name } } }", Code.INVALID_QUERY),
        ("a type by name", '{ __type(name: "Person") { name } }', Code.INVALID_QUERY),
        ("the subgraph's text", "{ _service { sdl } }", Code.INVALID_QUERY),
        ("page of none", "{ kin(of: 1, first: 0) { totalCount } }", Code.INVALID_ARGUMENT),
        ("page too large", "{ kin(of: 1, first: 101) { totalCount } }", Code.INVALID_ARGUMENT),
        ("nested page too large", "{ person(id: 1) { kin(first: 101) { totalCount } } }", Code.INVALID_ARGUMENT),
        ("no depth", "{ kin(of: 1, depth: 0) { totalCount } }", Code.INVALID_ARGUMENT),
        ("too deep a walk", "{ kin(of: 1, depth: 9) { totalCount } }", Code.INVALID_ARGUMENT),
        ("a long name", '{ findPerson(name: "' + "a" * 201 + '") { totalCount } }', Code.INVALID_ARGUMENT),
        ("impossible date", '{ findPerson(birthDate: "2023-02-29") { totalCount } }', Code.INVALID_DATE),
        ("date of another form", '{ findPerson(birthDate: "20230228") { totalCount } }', Code.INVALID_DATE),
        ("date as a number", "{ findPerson(birthDate: 20230228) { totalCount } }", Code.INVALID_DATE),
        ("one object, two names", "{ kin(of: 1) { a: edges { cursor } b: edges { cursor } } }", Code.INVALID_QUERY),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else "",
)
def test_refused_with_a_code(name: str, query: str, code: Code) -> None:
    begun = time.process_time()
    error = refusal(EXECUTOR, query)
    assert error is not None
    assert error.code is code
    assert time.process_time() - begun < 2, "refusing must not be work for the hub"


@pytest.mark.parametrize("value", ["2023-02-29", "", "x", 5, True, [], {}, "2023-02-28T00:00:00Z"])
def test_bad_dates_in_variables_have_their_own_code(value: object) -> None:
    error = refusal(EXECUTOR, "query($d: Date) { findPerson(birthDate: $d) { totalCount } }", {"d": value})
    assert error is not None
    assert error.code is Code.INVALID_DATE


def test_entities_come_by_the_page_too() -> None:
    query = "query($r: [_Any!]!) { _entities(representations: $r) { __typename } }"
    keys = [{"__typename": "Person", "id": str(n)} for n in range(101)]
    assert refusal(EXECUTOR, query, {"r": keys[:100]}) is None
    error = refusal(EXECUTOR, query, {"r": keys})
    assert error is not None
    assert error.code is Code.INVALID_ARGUMENT


def test_pages_from_variables_count_as_pages_in_the_document() -> None:
    query = "query($n: Int!) { kin(of: 1, first: $n) { totalCount } }"
    assert refusal(EXECUTOR, query, {"n": 100}) is None
    error = refusal(EXECUTOR, query, {"n": 101})
    assert error is not None
    assert error.field == "first"


def test_the_worst_document_within_bounds_is_not_much_work() -> None:
    body = " ".join(f"...{{ me {{ {' '.join(['actor role unit'] * 1)} }} }}" for _ in range(55))
    begun = time.process_time()
    EXECUTOR.prepare(asked("{" + body + "}"))
    assert time.process_time() - begun < 1


def test_hash_leaves_values_and_blanks_out() -> None:
    a = EXECUTOR.prepare(asked('{ person(id: "one") { id } }')).document_hash
    b = EXECUTOR.prepare(asked('{  person(id:"two"){id} } # other')).document_hash
    c = EXECUTOR.prepare(asked('{ person(id: "one") { id contactUnit } }')).document_hash
    assert a == b
    assert a != c


def test_public_documents_select_nothing_behind_the_gate() -> None:
    def public(query: str) -> bool:
        return EXECUTOR.prepare(asked(query)).public

    assert public("{ processingActivities { name } __typename }")
    assert not public("{ processingActivities { name } me { actor } }")
    assert not public("{ ...a } fragment a on Query { me { actor } }")
