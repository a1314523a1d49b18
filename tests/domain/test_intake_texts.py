"""Every reason and every flag is told in three languages, and the page is current."""

from __future__ import annotations

from pathlib import Path

from connectors.agencies.agency import Reason
from domain.flags import Doubt
from domain.intake_texts import FLAG_TEXT, LANGUAGES, QUARANTINE_TEXT, intake_page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "intake.md"


def test_the_page_is_current() -> None:
    """To renew it: python -c "from domain.intake_texts import *; print(intake_page(), end='')" > the page."""
    assert PAGE.read_text("utf-8") == intake_page()


def test_every_code_has_a_text_of_its_own_in_each_language() -> None:
    assert set(QUARANTINE_TEXT) == set(Reason)
    assert set(FLAG_TEXT) == set(Doubt)
    for n in range(len(LANGUAGES)):
        texts = [told[n] for told in (*QUARANTINE_TEXT.values(), *FLAG_TEXT.values())]
        assert len(set(texts)) == len(texts) and all(len(text) > 20 for text in texts)
