"""Which level two statements reach: the cases of docs/reference/identity.md, and that no side is the first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.claims import Address
from identity.comparisons import BIRTH_DATE, GIVEN_NAME, LEVELS, PATRONYMIC, PLACE, SEX, SURNAME, comparisons
from identity.describing import Described, described
from identity.weighing import NOT_STATED

KNOWN = frozenset({"marat", "murat"})
COMPARE = comparisons(KNOWN)
WHO = described(
    "Ахметова", "Айгүл", "Серікқызы", "Оспанова", "1984-03-12", "F", [Address("KZ-75", "Алматы", "Абай", "5")]
)


def word(name: str, one: Described, other: Described) -> str:
    level = COMPARE[name].level(one, other)
    return "not stated" if level == NOT_STATED else LEVELS[name][level]


CASES = [
    (SURNAME, described("Akhmetova", "Aigul"), "same"),
    (SURNAME, described("Оспанова", "Айгүл"), "same"),
    (SURNAME, described("Ахметва", "Айгүл"), "one or two slips"),
    (SURNAME, described("Айгүл", "Ахметова"), "stands in the given name's place"),
    (SURNAME, described("Ким", "Айгүл"), "other"),
    (SURNAME, described(None, "Айгүл"), "not stated"),
    (GIVEN_NAME, described("Ахметова", "Aigül"), "same"),
    (GIVEN_NAME, described("Ахметова", "Айгүлл"), "same"),
    (GIVEN_NAME, described("Ахметова", "Айгл"), "one or two slips"),
    (GIVEN_NAME, described("Айгүл", "Ахметова"), "same"),
    (GIVEN_NAME, described("Ахметова", "Жанар"), "other"),
    (PATRONYMIC, described("А", "Б", "Сериковна"), "same father's name"),
    (PATRONYMIC, described("А", "Б", "Serıkqyzy"), "same father's name"),
    (PATRONYMIC, described("А", "Б", "Сеирковна"), "one or two slips"),
    (PATRONYMIC, described("А", "Б", "Болатқызы"), "other"),
    (PATRONYMIC, described("А", "Б"), "not stated"),
    (BIRTH_DATE, described("А", "Б", birth_date="1984-03-12"), "same"),
    (BIRTH_DATE, described("А", "Б", birth_date="1984-12-03"), "day and month swapped"),
    (BIRTH_DATE, described("А", "Б", birth_date="1984-08-12"), "one digit"),
    (BIRTH_DATE, described("А", "Б", birth_date="1983-03-12"), "one digit"),
    (BIRTH_DATE, described("А", "Б", birth_date="1984-04-01"), "near"),
    (BIRTH_DATE, described("А", "Б", birth_date="1991-07-30"), "other"),
    (SEX, described("А", "Б", sex="F"), "same"),
    (SEX, described("А", "Б", sex="M"), "other"),
    (PLACE, described("А", "Б", places=[Address("KZ-75", "Almaty", "Abai", "5")]), "same house"),
    (PLACE, described("А", "Б", places=[Address("KZ-75", "Алматы")]), "same locality"),
    (PLACE, described("А", "Б", places=[Address("KZ-75", "Талғар"), Address("KZ-10", "Семей")]), "same region"),
    (PLACE, described("А", "Б", places=[Address("KZ-10", "Семей")]), "elsewhere"),
    (PLACE, described("А", "Б"), "not stated"),
]


@pytest.mark.parametrize(("name", "claim", "reached"), CASES)
def test_each_level_is_reached_by_what_it_is_for(name: str, claim: Described, reached: str) -> None:
    assert word(name, WHO, claim) == reached == word(name, claim, WHO)


def test_two_names_of_their_own_are_no_slip() -> None:
    """Марат and Мұрат are one letter apart and two names; Марат and a spelling that nobody bears is a slip."""
    marat, murat, slip = (described("Ким", name) for name in ("Марат", "Мұрат", "Морат"))
    assert word(GIVEN_NAME, marat, murat) == "other"
    assert word(GIVEN_NAME, marat, slip) == "one or two slips"
    fathers = (described("Ким", "Асқар", name) for name in ("Маратұлы", "Муратович", "Моратұлы"))
    one, other, near = fathers
    assert (word(PATRONYMIC, one, other), word(PATRONYMIC, one, near)) == ("other", "one or two slips")


names = st.sampled_from(["Ахметов", "Akhmetov", "Ким", "Kim", "Айгүл", "Асель", "Әсем", "Марат", "Мурат", ""])
dates = st.dates().map(str) | st.just("1984-03-12") | st.just("1984-12-03")
people = st.builds(described, names, names, names, names, dates, st.sampled_from(["F", "M", None]))


@given(people, people)
def test_no_side_is_the_first(one: Described, other: Described) -> None:
    for name, compare in COMPARE.items():
        assert compare.level(one, other) == compare.level(other, one)
        assert compare.level(one, one) in (0, NOT_STATED, 2 if name == SURNAME else 0)
