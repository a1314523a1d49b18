"""Pages are cut from what is visible; every cursor that is not one of theirs gives the empty page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from resolvers.views.pages import cut


def _key(item: int) -> bytes:
    return b"%d" % item


def _cursor(position: bytes) -> str:
    return position.decode()


@given(st.lists(st.integers(0, 1000), unique=True, max_size=30), st.integers(1, 7))
def test_pages_one_after_the_other_give_everything_once(items: list[int], first: int) -> None:
    seen: list[int] = []
    after: bytes | None = None
    while True:
        page = cut(items, first, after, _key, _cursor)
        seen += [item for _, item in page.items]
        assert page.total == len(items)
        if not page.info.has_next_page:
            break
        assert page.info.end_cursor is not None
        after = page.info.end_cursor.encode()
    assert seen == items


@given(st.lists(st.integers(0, 1000), unique=True, max_size=30), st.binary(max_size=6))
def test_a_foreign_position_gives_the_empty_page_with_the_true_count(items: list[int], after: bytes) -> None:
    if after in {_key(item) for item in items}:
        return
    page = cut(items, 5, after, _key, _cursor)
    assert page.items == ()
    assert not page.info.has_next_page and not page.info.has_previous_page
    assert page.info.start_cursor is None and page.info.end_cursor is None
    assert page.total == len(items)
