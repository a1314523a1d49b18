"""The check digit and what it lets pass."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import iin

DAYS = st.dates(date(1910, 1, 1), date(2026, 11, 22))


@given(born=DAYS, sex=st.sampled_from("FM"), block=st.integers(0, iin.MAX_BLOCKS - 1))
def test_given_numbers_are_valid_and_differ_within_a_day(born: date, sex: str, block: int) -> None:
    taken: set[str] = set()
    numbers = [iin.give(born, sex, block, taken) for _ in range(5)]
    assert len(set(numbers)) == 5
    assert all(map(iin.valid, numbers))


def test_no_two_blocks_give_one_number() -> None:
    born = date(1990, 5, 4)
    firsts = [iin.give(born, "F", block, set()) for block in range(iin.MAX_BLOCKS)]
    assert len(set(firsts)) == iin.MAX_BLOCKS
    with pytest.raises(ValueError, match="too many"):
        iin.give(born, "F", iin.MAX_BLOCKS, set())


def test_the_second_weights_and_the_number_that_none_has() -> None:
    # 1·1+…: a first sum of 10 takes the second weights; where these give 10 too, no number is valid.
    seconds = none = 0
    for serial in range(2000):
        eleven = f"8405174{serial:04d}"
        first = sum(int(d) * w for d, w in zip(eleven, range(1, 12), strict=True)) % 11
        check = iin.check_digit(eleven)
        if first != 10:
            assert check == first
            continue
        seconds += 1
        second = sum(int(d) * w for d, w in zip(eleven, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2), strict=True)) % 11
        assert check == (None if second == 10 else second)
        none += second == 10
    assert seconds > 100
    assert none > 5


def test_one_digit_errors_pass_about_once_in_eleven() -> None:
    rng = random.Random(11)
    passed = 0
    for _ in range(40_000):
        born = date(1930, 1, 1) + timedelta(days=rng.randrange(35_000))
        right = iin.give(born, rng.choice("FM"), rng.randrange(4000), set())
        wrong = iin.one_digit_error(rng, right)
        assert sum(a != b for a, b in zip(right, wrong, strict=True)) == 1
        passed += iin.valid(wrong)
    assert passed / 40_000 == pytest.approx(0.091, abs=0.006)


def test_errors_that_pass_are_one_digit_and_valid() -> None:
    rng = random.Random(12)
    found = 0
    for block in range(200):
        right = iin.give(date(1971, 3, 9), "M", block, set())
        wrong = iin.passing_digit_error(rng, right)
        if wrong is not None:
            found += 1
            assert iin.valid(wrong)
            assert sum(a != b for a, b in zip(right, wrong, strict=True)) == 1
    assert found > 150


def test_nobodys_numbers_are_valid_and_never_given() -> None:
    born = date(1984, 5, 17)
    given_ones = {iin.give(born, "F", block, set()) for block in range(iin.MAX_BLOCKS)}
    rng = random.Random(13)
    for _ in range(300):
        nobody = iin.nobodys(rng, born, "F")
        assert iin.valid(nobody)
        assert nobody not in given_ones
        assert int(nobody[7:11]) >= iin.GIVEN_SERIALS


@pytest.mark.parametrize("text", ["", "1", "84051740000", "8405174000000", "84051740000O", "٨٤٠٥١٧٤٠٠٠٠٠"])
def test_other_texts_are_invalid(text: str) -> None:
    assert not iin.valid(text)
