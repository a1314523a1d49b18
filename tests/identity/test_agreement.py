"""Rule 3 of docs/reference/identity.md."""

from __future__ import annotations

import pytest

from domain.claims import Evidence
from domain.ids import SourceKey
from identity.agreement import Stated, agrees, of_evidence, stated

KNOWN = stated("Ахметова", "Айгүл", None, "1990-05-06")


def said(surname: str | None, given: str | None, birth_surname: str | None = None, born: str | None = None) -> Stated:
    return stated(surname, given, birth_surname, born)


@pytest.mark.parametrize(
    ("evidence", "agreed"),
    [
        (said("Akhmetova", "Aigul"), True),
        (said("Ахметов", "Айгүл"), True),
        (said("Хаметова", "Айгуль"), True),  # two letters swapped
        (said("Ахматов", "Айгүл"), False),  # two slips
        (said("Айгүл", "Ахметова"), True),
        (said("Иванова", "Айгүл"), False),
        (said("Иванова", "Айгүл", "Ахметова"), True),
        (said("Ахметова", None), False),
        (said("", ""), False),
        (said("Иванова", "Мария", None, "1990-05-06"), True),
        (said("Иванова", "Мария", None, "1990-06-05"), False),
        (said(None, None), False),
    ],
)
def test_names_or_birth_date(evidence: Stated, agreed: bool) -> None:
    assert agrees(evidence, [KNOWN]) is agreed
    assert agrees(KNOWN, [evidence]) is agreed


def test_names_of_different_statements_are_not_mixed() -> None:
    known = [stated("Ахметова", "Мария"), stated("Иванова", "Айгүл")]
    assert not agrees(said("Ахметова", "Айгүл"), known)
    assert agrees(said("Иванова", "Айгүл"), known)


def test_no_statement_agrees_with_nothing() -> None:
    assert not agrees(KNOWN, [])


def test_a_name_in_one_field() -> None:
    one = Evidence(SourceKey("tax", "TP-1"), None, None, None, full_name="АХМЕТОВА АЙГУЛ СЕРИКОВНА")
    assert agrees(of_evidence(one), [KNOWN])
