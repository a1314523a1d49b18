"""Errors tell a code and a fixed text: no values, no suggestions, no cause."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.error_texts import PUBLIC_TEXT
from domain.errors import Broken, Code, Invalid, KindredError, Refused, Unavailable
from schema.executor import SchemaExecutor
from tests.schema.fakes import EXECUTOR, FakeReads, refusal, run

SECRET = "Zhaqypbekova-8712"


@pytest.mark.parametrize(
    "error",
    [
        Refused(Code.WARRANT_REQUIRED, cause=SECRET),
        Unavailable(cause=SECRET),
        Broken(cause=SECRET),
        Invalid(Code.INVALID_NATIONAL_ID, field="nationalId", fix="check_digit", cause=SECRET),
        ValueError(SECRET),
        KeyError(SECRET),
    ],
)
async def test_a_failing_read_nulls_its_field_with_a_code(
    error: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await run(SchemaExecutor(FakeReads(error)), '{ person(id: "x") { id } __typename }')
    assert answer["data"] == {"person": None, "__typename": "Query"}
    (stated,) = answer["errors"]
    code = error.code if isinstance(error, KindredError) else Code.INTERNAL
    assert stated["extensions"]["code"] == str(code)
    assert stated["message"] == PUBLIC_TEXT[code]
    assert stated["path"] == ["person"]
    assert SECRET not in json.dumps(answer) + "".join(capsys.readouterr())


@pytest.mark.parametrize(
    "query",
    [
        '{ person(id: "Zhaqypbekova-8712") { idd } }',
        '{ persn(id: "Zhaqypbekova-8712") { id } }',
        '{ findPerson(birthDate: "Zhaqypbekova-8712") { totalCount } }',
        '{ kin(of: 1, families: ["Zhaqypbekova-8712"]) { totalCount } }',
        '{ kin(of: 1, depth: "Zhaqypbekova-8712") { totalCount } }',
        '{ "Zhaqypbekova-8712" }',
    ],
)
def test_refusals_quote_nothing_and_suggest_nothing(query: str) -> None:
    error = refusal(EXECUTOR, query)
    assert error is not None
    stated = f"{error} {error.field} {error.fix}"
    assert SECRET not in stated
    assert "mean" not in stated
    assert "person" not in stated


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_no_text_breaks_the_reader_of_documents(text: str) -> None:
    for query in (text, "{ " + text + " }", '{ person(id: "' + text + '") { id } }'):
        error = refusal(EXECUTOR, query)
        assert error is None or error.code in {Code.INVALID_QUERY, Code.TOO_COMPLEX}


@settings(max_examples=200)
@given(
    st.dictionaries(
        st.sampled_from(["id", "n", "d", "f", "other"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
            max_leaves=5,
        ),
    )
)
def test_no_variables_break_the_reader_of_documents(variables: dict[str, object]) -> None:
    query = (
        "query($id: ID!, $n: Int!, $d: Date, $f: [Family!]) { kin(of: $id, first: $n, families: $f) { totalCount } "
        "findPerson(birthDate: $d) { totalCount } }"
    )
    error = refusal(EXECUTOR, query, variables)
    assert error is None or isinstance(error, Invalid)


def test_every_code_has_a_text() -> None:
    assert set(PUBLIC_TEXT) == set(Code)
