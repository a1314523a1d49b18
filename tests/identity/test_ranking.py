"""What search results are ordered by."""

from __future__ import annotations

from identity.ranking import agreement


def test_words_that_agree_count_each_once_in_any_order_and_script() -> None:
    assert agreement("Иванов Иван", ("Иванов", "Иван", None)) == (2, 0, 0)
    assert agreement("ivan ivanov", ("Иванов", "Иван", None)) == (2, 0, 0)
    assert agreement("Иван Иван", ("Иван", "Петров")) == (1, 0, -1)


def test_the_better_the_greater() -> None:
    whole = agreement("Иванов Иван Петрович", ("Иванов", "Иван", "Петрович"))
    short = agreement("Иванов Иван Петрович", ("Иванов", "Иван", None))
    slip = agreement("Иванов Иван Петрович", ("Иванов", "Иван", "Петровиc"))
    more = agreement("Иванов Иван", ("Иванов", "Иван", "Сергеевич"))
    assert whole > slip > short
    assert agreement("Иванов Иван", ("Иванов", "Иван", None)) > more
    assert agreement("", ("Иванов",)) == (0, 0, -1)
