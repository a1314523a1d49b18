"""What of a date is certain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.protocols.gedcom.dates import DateKind, read_date


@pytest.mark.parametrize(
    ("text", "kind", "day"),
    [
        ("3 MAR 2020", DateKind.EXACT, "2020-03-03"),
        ("03 Mar 2020", DateKind.EXACT, "2020-03-03"),
        ("29 FEB 2020", DateKind.EXACT, "2020-02-29"),
        ("29 FEB 1900", DateKind.IMPOSSIBLE, None),
        ("31 APR 2020", DateKind.IMPOSSIBLE, None),
        ("0 MAR 2020", DateKind.IMPOSSIBLE, None),
        ("MAR 2020", DateKind.PARTIAL, None),
        ("2020", DateKind.PARTIAL, None),
        ("ABT 3 MAR 2020", DateKind.UNCERTAIN, None),
        ("BEF 3 MAR 2020", DateKind.UNCERTAIN, None),
        ("AFT 2020", DateKind.UNCERTAIN, None),
        ("BET 1 MAR 2020 AND 3 MAR 2020", DateKind.UNCERTAIN, None),
        ("FROM 1 MAR 2020 TO 3 MAR 2020", DateKind.UNCERTAIN, None),
        ("CAL 3 MAR 2020", DateKind.UNCERTAIN, None),
        ("EST 2020", DateKind.UNCERTAIN, None),
        ("INT 3 MAR 2020 (about then)", DateKind.UNCERTAIN, None),
        ("(before the war)", DateKind.UNREADABLE, None),
        ("last Tuesday", DateKind.UNREADABLE, None),
        ("3 XYZ 2020", DateKind.UNREADABLE, None),
        ("@#DROMAN@ 3 MAR 20", DateKind.UNREADABLE, None),
        ("", DateKind.UNREADABLE, None),
        ("11 FEB 1731/32", DateKind.OTHER_CALENDAR, None),
        ("15 MAR 44 B.C.", DateKind.OTHER_CALENDAR, None),
        # The October Revolution and the day on which the calendar was changed in Russia.
        ("@#DJULIAN@ 25 OCT 1917", DateKind.EXACT, "1917-11-07"),
        ("@#DJULIAN@ 31 JAN 1918", DateKind.EXACT, "1918-02-13"),
        ("@#DJULIAN@ 29 FEB 1900", DateKind.EXACT, "1900-03-13"),
        ("@#DJULIAN@ 30 FEB 1900", DateKind.IMPOSSIBLE, None),
        ("@#DGREGORIAN@ 1 JAN 1000", DateKind.EXACT, "1000-01-01"),
        # 18 Brumaire of the year VIII; the first day of the Republic; a sansculottide.
        ("@#DFRENCH R@ 18 BRUM 8", DateKind.EXACT, "1799-11-09"),
        ("@#DFRENCH R@ 1 VEND 1", DateKind.EXACT, "1792-09-22"),
        ("@#DFRENCH R@ 5 COMP 4", DateKind.EXACT, "1796-09-21"),
        ("@#DFRENCH R@ 31 VEND 4", DateKind.IMPOSSIBLE, None),
        ("@#DFRENCH R@ 6 COMP 4", DateKind.IMPOSSIBLE, None),
        # A Hebrew day begins on the evening before.
        ("@#DHEBREW@ 5 TSH 5700", DateKind.OTHER_CALENDAR, None),
        ("1 JAN " + "9" * 60, DateKind.IMPOSSIBLE, None),
        ("1 JAN " + "9" * 5000, DateKind.UNREADABLE, None),
        ("@#DJULIAN@ 1 JAN " + "9" * 50, DateKind.IMPOSSIBLE, None),
    ],
)
def test_dates(text: str, kind: DateKind, day: str | None) -> None:
    assert read_date(text) == (kind, day)


@given(st.text(alphabet="@#DJULIANFRECHB 0123456789/().MOSTG", max_size=40))
def test_whatever_stands_there_is_read(text: str) -> None:
    kind, day = read_date(text)
    assert (kind is DateKind.EXACT) == (day is not None)
