"""A file as rows: whatever stands in it is a row of somebody, or one with its problem; nothing is dropped unseen."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.agencies.gedcom import AGENCY
from connectors.pipeline.validate import canonical, validate
from connectors.protocols.gedcom import index as indexing
from connectors.protocols.gedcom.index import MOST_BYTES
from connectors.protocols.gedcom.source import GedcomFile
from connectors.protocols.page import Page
from connectors.protocols.signed import Keys
from domain.claims import RowClaims
from domain.clock import FixedClock
from domain.errors import Invalid, Skip, Unavailable
from domain.links import LinkKind
from tests.connectors.protocols.gedcom.files import HEAD, Tree, chain, generated, royals
from tests.connectors.protocols.gedcom.reading import NOW, names, opened, problems, rows_of
from tests.vault.rings import ring

WHOLE = royals().text().encode()


def read(row: dict[str, Any]) -> RowClaims | str | None:
    """What a row turns into, or why not."""
    try:
        return AGENCY.read(canonical(row)[0], Keys(None).document)
    except Skip as skip:
        return skip.cause


async def test_every_individual_is_a_row_with_their_families(tmp_path: Path) -> None:
    said = [read(row) for row in await rows_of(tmp_path, WHOLE)]
    assert len(said) == 25 and all(isinstance(one, RowClaims) for one in said)
    links: dict[str, set[str]] = {}
    for one in said:
        assert isinstance(one, RowClaims)
        for claim in one.claims:
            if claim.body.other is not None:
                who, other = (ref.partition("/")[2] for ref in (claim.key.source_id, claim.body.other[1]))
                links.setdefault(str(claim.body.link), set()).add(f"{who}-{other}")
    assert {"I3-I1", "I3-I2", "I14-I12", "I11-I9", "I11-I10"} <= links[LinkKind.PARENT_BIRTH]
    assert len(links[LinkKind.PARENT_BIRTH]) == 2 * 15
    assert len(links[LinkKind.PARTNER_MARRIAGE]) == 2 * 12
    assert {"I1-I2", "I2-I1"} <= links[LinkKind.PARTNER_MARRIAGE]


async def test_the_cursor_goes_on_where_it_stood(tmp_path: Path) -> None:
    file = await opened(tmp_path, WHOLE, page_size=10)
    pages = [page async for page in file.pages("")]
    assert [len(page.rows) for page in pages] == [10, 10, 5]
    assert [page.asked for page in pages[1:]] == [page.next for page in pages[:-1]]
    assert [page async for page in file.pages(pages[0].next)] == pages[1:]
    assert [page async for page in file.pages(pages[-1].next)] == []
    assert [page async for page in file.pages("another:10")] == pages
    file.close()


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
async def test_records_are_found_however_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    whole = await rows_of(tmp_path, WHOLE)
    monkeypatch.setattr(indexing, "_CHUNK", size)
    assert await rows_of(tmp_path, WHOLE) == whole


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"hello", b"0", b"0 @I1@ INDI\n0 TRLR\n", b"\x00" * 5000, b"PK\x03\x04"]
)
async def test_what_is_no_gedcom_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Invalid):
        await rows_of(tmp_path, content)


async def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await GedcomFile.open(tmp_path, "", FixedClock(NOW))
    with pytest.raises(Unavailable):
        await GedcomFile.open(tmp_path / "nowhere", "", FixedClock(NOW))


_BAD: tuple[tuple[str, str, str | None], ...] = (
    ("0 @I1@ INDI\n1 NAME A /B/\n3 GIVN A\n", "levels are left out", "BAD_SHAPE"),
    ("0 @I1@ INDI\n1 NAME A /B/\nthis is no line\n", "no line", "BAD_SHAPE"),
    ("0 @I1@ INDI\n1 NAME A /B/\n99999999999999999999 X\n", "a level too deep", "BAD_SHAPE"),
    ("0 @I1@ INDI\n1 NAME A /B/\n" + "9" * 5000 + " X\n", "a level that is no number", "BAD_SHAPE"),
    ("0 @I1@ INDI\n1 NAME " + "A" * (MOST_BYTES + 1) + " /B/\n", "a huge line", "TOO_LARGE"),
    ("0 @I1@ INDI\n1 NAME " + "A" * 1000 + " /B/\n", "a long name", "BAD_VALUE"),
    ("0 INDI\n1 NAME A /B/\n", "no id", "BAD_SHAPE"),
    ("0 @I1@ INDI\n1 BIRT\n2 DATE 31 FEB 1900\n", "no such day", "BAD_DATE"),
    ("0 @I1@ INDI\n1 BIRT\n2 DATE 4 MAR 2020\n", "a birth after the file was written", "BAD_DATE"),
    ("0 @I1@ INDI\n1 BIRT\n2 DATE 3 MAR 2020\n", "a birth on its day", None),
    ("0 @I1@ INDI\n1 DEAT\n2 DATE 4 MAR 2020\n", "a death after it", "BAD_DATE"),
    ("0 @I1@ INDI\n1 BIRT\n2 DATE 2 JAN 1900\n1 DEAT\n2 DATE 1 JAN 1900\n", "a death before birth", "BAD_DATE"),
    ("0 @I1@ INDI\n1 NAME A /B/\n\n   \n1 SEX M\n", "blank lines", None),
    ("0 @I1@ INDI\n1 NAME @I9@\n1 SEX @I8@\n1 BIRT @I7@\n2 DATE @I6@\n1 FAMC\n1 FAMS nobody\n", "pointers", None),
    ("0 @I1@ INDI\n1 NAME\n1 NAME /\n1 NAME //\n1 NAME ////\n", "empty names", None),
    ("0 @I1@ INDI\n", "nothing at all", None),
    ("0 @I1@ INDI\n" + "".join(f"{n} NAME A\n" for n in range(1, 90)), "nested", None),
    ("0 @I1@ INDI\n1 NAME A\n" + "2 CONC b\n" * 100_000, "continued over and over", "BAD_VALUE"),
    ("0 @I1@ INDI\n1 NOTE A\n" + "2 CONT b\n" * 50_000 + "1 NAME A /B/\n", "a long note", None),
    ("0 @I1@ INDI\n2 CONC b\n", "a continuation of nothing", "BAD_SHAPE"),
)


@pytest.mark.parametrize(("record", "what", "reason"), _BAD, ids=[what for _, what, _ in _BAD])
async def test_bad_records(tmp_path: Path, record: str, what: str, reason: str | None) -> None:
    rows = await rows_of(tmp_path, "\n".join([*HEAD, record, "0 @I2@ INDI\n1 NAME Still /Here/\n0 TRLR\n"]))
    said = [read(row) for row in rows]
    assert len(said) == 2 and "Still /Here/" in names(rows)
    bad = [one for one in said if not isinstance(one, RowClaims)]
    assert bad == ([reason] if reason else []), what


async def test_the_second_record_of_one_id(tmp_path: Path) -> None:
    text = "\n".join([*HEAD, "0 @I1@ INDI\n1 NAME A /B/", "0 @I1@ INDI\n1 NAME C /D/", "0 TRLR", ""])
    rows = await rows_of(tmp_path, text)
    assert names(rows) == ["A /B/"]
    assert problems(rows) == {"I1": "REPEATED_ID"}


async def test_families_that_cannot_be_what_they_say(tmp_path: Path) -> None:
    tree = Tree()
    tree.person("I1", "A /B/", "M")
    tree.family("F1", "I1", None, ["I77"])
    tree.family("F2", "I1", None, [], "31 FEB 1900")
    text = tree.text().replace("0 TRLR", "0 @F3@ FAM\n1 HUSB @I1@\n3 MARR\n0 TRLR")
    rows = await rows_of(tmp_path, text)
    assert problems(rows) == {"F1": "UNKNOWN_PERSON", "F2": "BAD_DATE", "F3": "BAD_SHAPE"}
    assert [read(row) for row in rows if "problem" in row] == ["UNKNOWN_PERSON", "BAD_DATE", "BAD_SHAPE"]


async def test_dates_left_out_are_counted(tmp_path: Path) -> None:
    tree = Tree()
    tree.person("I1", "A /B/", "M", "1900", "ABT 1950")
    tree.person("I2", "C /D/", "F", "@#DHEBREW@ 5 TSH 5700", "(unknown)")
    tree.family("F1", "I1", "I2", [], "MAR 1920")
    file = await opened(tmp_path, tree.text())
    assert [row async for page in file.pages("") for row in page.rows]
    assert file.left_out == {"partial": 2, "uncertain": 1, "other_calendar": 1, "unreadable": 1}
    file.close()


async def test_memory_does_not_follow_the_size_of_records(tmp_path: Path) -> None:
    big = [f"0 @I{n}@ INDI\n1 NAME A{n} /B/\n1 NOTE {'x' * 900_000}" for n in range(40)]
    content = "\n".join([*HEAD, *big, "0 TRLR", ""]).encode()
    file = await opened(tmp_path, content, page_size=10)
    tracemalloc.start()
    try:
        assert sum([len(page.rows) async for page in file.pages("")]) == 40
        assert tracemalloc.get_traced_memory()[1] < len(content) / 3
    finally:
        tracemalloc.stop()
        file.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_a_file_that_somebody_spoilt_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(
            st.sampled_from([b"", b"\n", b"\r", b"@", b"0 ", b"\xff", b"\x00", b"1 FAMC @F1@\n", b"9" * 400])
        )
        content[at : at + data.draw(st.integers(0, 30))] = piece
    try:
        rows = await rows_of(tmp_path, bytes(content))
    except Invalid:
        return
    checked = await validate(AGENCY, Page(tuple(rows), "", "1"), ring().hasher, Keys(None).document)
    assert all((row.said is None) == (row.reason is not None) for row in checked)


async def test_long_chains_and_large_families_are_read(tmp_path: Path) -> None:
    assert len(await rows_of(tmp_path, chain(172).text())) == 172
    tree = generated(1000, 3)
    rows = await rows_of(tmp_path, tree.text())
    assert len(rows) == len(tree.individuals)
    assert all(isinstance(read(row), RowClaims) for row in rows)
