"""What a person is found by: never one name alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from identity.agreement import stated
from identity.search_keys import MAX_WORDS, candidates, compounds

_name = st.text(alphabet="абвгдежзиклмнопрст", min_size=1, max_size=9)


@given(_name, _name, _name)
def test_every_order_and_the_patronymic_find(surname: str, given_name: str, patronymic: str) -> None:
    stored = set(compounds([stated(surname, given_name, None, "1990-05-06")], None))
    for query in (f"{surname} {given_name}", f"{given_name} {surname}", f"{given_name} {patronymic} {surname}"):
        assert stored & set(candidates(query, "1990-05-06"))
        assert not stored & set(candidates(query, "1990-05-07"))


def test_name_at_birth_and_alphabet() -> None:
    stored = compounds([stated("Иванова", "Айгүл", "Ахметова", "1990-05-06")], None)
    assert len(stored) == 2
    assert set(stored) & set(candidates("Aigul Akhmetova", "1990-05-06"))


def test_a_statement_without_a_birth_date_takes_the_records() -> None:
    assert compounds([stated("Ахметова", "Айгүл")], None) == ()
    assert compounds([stated("Ахметова", "Айгүл")], "1990-05-06") == ("ahmetova|aigul|1990-05-06",)


def test_a_surname_of_two_words() -> None:
    stored = set(compounds([stated("Ван дер Берг", "Анна", None, "1990-05-06")], None))
    assert stored & set(candidates("Анна Ван дер Берг", "1990-05-06"))


def test_too_little_or_too_much_is_no_query() -> None:
    assert candidates("Ахметова", "1990-05-06") == ()
    assert candidates("", "1990-05-06") == ()
    assert candidates(" ".join(["Анна"] * (MAX_WORDS + 1)), "1990-05-06") == ()
    assert len(candidates("а б в г д", "1990-05-06")) <= 14
