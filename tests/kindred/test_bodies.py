"""JSON that means one thing, or a coded refusal: whatever the bytes."""

from __future__ import annotations

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Code, Invalid
from kindred.web.bodies import graphql_parts, is_json, parse_json, query_parts

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(codec="utf-8"), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(_JSON)
def test_plain_json_comes_through(value: object) -> None:
    assert parse_json(orjson.dumps(value)) == value


@given(st.binary(max_size=80))
def test_any_bytes_parse_or_are_refused(content: bytes) -> None:
    try:
        value = parse_json(content)
    except Invalid as error:
        assert error.code is Code.BAD_REQUEST
        return
    orjson.dumps(value)


@given(_JSON)
def test_any_json_is_a_request_or_is_refused(value: object) -> None:
    try:
        query, operation, variables = graphql_parts(value)
    except Invalid as error:
        assert error.code is Code.BAD_REQUEST
        return
    assert isinstance(query, str)
    assert operation is None or isinstance(operation, str)
    assert isinstance(variables, dict)


@pytest.mark.parametrize(
    "content", ['{"a": 1, "a": 1}', '{"b": [{"a": 1, "a": 2}]}', "9007199254740993", "[1e400]", "-Infinity"]
)
def test_what_readers_would_understand_differently_is_refused(content: str) -> None:
    json.loads(content)
    with pytest.raises(Invalid):
        parse_json(content)


@given(st.dictionaries(st.sampled_from(["query", "variables", "operationName", "extensions"]), st.text(max_size=9)))
def test_any_parameters_are_a_request_or_are_refused(parameters: dict[str, str]) -> None:
    try:
        query_parts(parameters)
    except Invalid as error:
        assert error.code is Code.BAD_REQUEST


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("application/json", True),
        ("Application/JSON; Charset=UTF-8", True),
        ('application/json; charset="utf-8"', True),
        ("application/json; charset=latin-1", False),
        ("application/jsonp", False),
        ("text/json", False),
        (None, False),
    ],
)
def test_content_types(kind: str | None, expected: bool) -> None:
    assert is_json(kind) is expected
