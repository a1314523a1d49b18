"""Names as genealogists and their programs write them."""

from __future__ import annotations

import pytest

from connectors.agencies.gedcom import Line
from connectors.agencies.gedcom_names import Names, names_of


def name(value: str | None, **below: str) -> Line:
    """A NAME line with lines below it."""
    return Line("NAME", value, sub=tuple(Line(tag, text) for tag, text in below.items()))


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ([], Names()),
        ([name("Anna /Kim/")], Names("Kim", "Anna")),
        ([name("/Kim/ Anna")], Names("Kim", "Anna")),
        ([name("Anna Maria /van der Berg/ jr.")], Names("van der Berg", "Anna Maria jr.")),
        ([name("Anna")], Names(None, "Anna")),
        ([name("/Kim/")], Names("Kim", None)),
        ([name(None, GIVN="Anna", SURN="Kim")], Names("Kim", "Anna")),
        ([name("? /?/")], Names()),
        ([name("Анна /Неизвестно/")], Names(None, "Анна")),
        ([name("N.N. /Kim/")], Names("Kim", None)),
        ([name("Иван Петрович /Сидоров/")], Names("Сидоров", "Иван", "Петрович")),
        ([name("Анна Ильинична /Сидорова/")], Names("Сидорова", "Анна", "Ильинична")),
        ([name("Айгүл Серікқызы /Ахметова/")], Names("Ахметова", "Айгүл", "Серікқызы")),
        ([name("Нұрлан Серік ұлы /Ахметов/")], Names("Ахметов", "Нұрлан", "Серік ұлы")),
        ([name("Ivan Petrovich /Sidorov/")], Names("Sidorov", "Ivan", "Petrovich")),
        ([name("Анна Мария /Ким/")], Names("Ким", "Анна Мария")),
        ([name("Ильич /Ким/")], Names("Ким", "Ильич")),
        ([name("Иван /Сидоров/", _PATR="Петрович")], Names("Сидоров", "Иван", "Петрович")),
        ([name("Иван Петрович /Сидоров/", _PATR="Петрович")], Names("Сидоров", "Иван", "Петрович")),
        ([name("Anna /Kim/", _MARNM="Lee")], Names("Lee", "Anna", None, "Kim")),
        ([name("Anna /Kim/"), name("Anna /Lee/", TYPE="married")], Names("Lee", "Anna", None, "Kim")),
        ([name("Anna /Lee/"), name("Anna /Kim/", TYPE="birth")], Names("Lee", "Anna", None, "Kim")),
        ([name("Anna /Lee/"), name("/Kim/", TYPE="maiden")], Names("Lee", "Anna", None, "Kim")),
        ([name("Anna /Kim/"), name("Annie /Oakley/", TYPE="aka")], Names("Kim", "Anna")),
        ([name("Анна /Сидорова (Иванова)/")], Names("Сидорова", "Анна", None, "Иванова")),
        ([name("Anna /Kim"), name("Other /Name/")], Names("Kim", "Anna")),
    ],
)
def test_names(lines: list[Line], names: Names) -> None:
    assert names_of(lines) == names
