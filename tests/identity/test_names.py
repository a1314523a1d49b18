"""One spelling for names in Kazakh, Russian and Latin letters."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.names import normalise, split_full_name


@pytest.mark.parametrize(
    ("written", "comparable"),
    [
        ("Ахметова", "ahmetova"),
        ("АХМЕТОВА", "ahmetova"),
        ("Akhmetova", "ahmetova"),
        ("Нұрлан", "nurlan"),
        ("Қасым", "kasim"),
        ("Qasym", "kasim"),
        ("Жанар", "zhanar"),
        ("Janar", "zhanar"),
        ("Щукина", "shchukina"),
        ("Юлия", "iulia"),
        ("Yuliya", "iulia"),
        ("Алла", "ala"),
        ("Alexey", "aleksei"),
        ("Алексей", "aleksei"),
        ("Анна-Мария", "anamaria"),
        ("  о'Коннор ", "okonor"),
        ("", ""),
        (None, ""),
        ("王", ""),
        ("Ｉｖａｎｏｖ", "ivanov"),
    ],
)
def test_spelling(written: str | None, comparable: str) -> None:
    assert normalise(written) == comparable


@given(st.text(max_size=40))
def test_the_result_is_plain_letters_without_doubles(text: str) -> None:
    found = normalise(text)
    assert re.fullmatch(r"[a-z]*", found)
    assert not re.search(r"(.)\1", found)


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі", max_size=20))
def test_capitals_change_nothing(text: str) -> None:
    assert normalise(text.upper()) == normalise(text)


def test_a_name_in_one_field_is_split_on_blanks() -> None:
    assert split_full_name("АХМЕТОВА  Айгүл Серік қызы") == ("АХМЕТОВА", "Айгүл", "Серік қызы")
    assert split_full_name("Ахметова") == ("Ахметова", None, None)
    assert split_full_name(" ") == (None, None, None)
