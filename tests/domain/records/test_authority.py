"""The written authority table is the one in force."""

from __future__ import annotations

from pathlib import Path

from domain.records.authority import authority_page
from domain.records.catalogue import CATEGORIES

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "authority.md"


def test_the_page_is_current() -> None:
    """To renew it: python -c "from domain.records.authority import *; print(authority_page(), end='')" > the page."""
    assert PAGE.read_text("utf-8") == authority_page()


def test_every_field_is_in_it() -> None:
    page = authority_page()
    for category in CATEGORIES:
        for field in category.fields:
            assert f"| `{field.name}` | {', '.join(field.authority)} |" in page
