"""The page of kin terms is what the texts say."""

from __future__ import annotations

from domain.texts import Language, load_texts
from tools.kin_terms import PAGE, UNSURE, page


def test_the_page_is_the_texts() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m tools.kin_terms writes it anew"


def test_what_is_not_sure_is_there() -> None:
    keys = load_texts("kin", Language.EN).keys()
    assert all(found.keys() <= keys for found in UNSURE.values())
