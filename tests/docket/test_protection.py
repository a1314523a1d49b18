"""Protection is a lattice: what came in only raises it, and what cannot be read counts as the highest."""

from __future__ import annotations

import itertools
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docket.dossiers import Matter, Protection
from docket.lattice import joined, stated
from docket.store import DocketStore
from domain.claims import ProtectiveKind
from tests.docket.factories import FACTORIES, RING, stored_bytes
from tests.docket.making import grade, key, report, row


async def _grades(docket: DocketStore, *people: int) -> list[str]:
    return sorted(str(each.grade) for each in await docket.protection([key(p) for p in people]))


async def test_a_grade_is_found_by_each_of_its_keys_and_by_no_other(docket: DocketStore) -> None:
    await docket.intake([row(0, protective=(grade("strict", 1, 2),))])
    expected = Protection((key(1), key(2)), ProtectiveKind.GRADE, "strict", None, "2026-01-01", ((key(1), key(2)),))
    for asked in ([1], [2], [1, 2], [3, 2, 4]):
        assert await docket.protection([key(p) for p in asked]) == (expected,)
    assert await docket.protection([key(3)]) == ()
    assert await docket.protection([]) == ()


@pytest.mark.parametrize("order", list(itertools.permutations(["confidential", "strict", "confidential"])))
async def test_the_highest_grade_stays_in_any_order(docket: DocketStore, order: tuple[str, ...]) -> None:
    for number, level in enumerate(order):
        await docket.intake([row(number, protective=(grade(level, 1),))])
    assert await _grades(docket, 1) == ["strict"]


async def test_a_lower_grade_with_fewer_keys_changes_nothing_for_the_others(docket: DocketStore) -> None:
    await docket.intake([row(0, protective=(grade("strict", 1, 2),))])
    await docket.intake([row(1, protective=(grade("confidential", 1),))])
    assert await _grades(docket, 1) == ["confidential", "strict"]
    assert await _grades(docket, 2) == ["strict"]


async def test_a_row_without_matter_and_a_grade_without_value_lower_nothing(docket: DocketStore) -> None:
    await docket.intake([row(0, protective=(grade("strict", 1),))])
    await docket.intake([row(1), row(2, protective=(grade(None, 1), grade("none", 1)))])
    assert await _grades(docket, 1) == ["strict"]


async def test_an_unknown_grade_counts_as_the_highest(docket: DocketStore) -> None:
    await docket.intake([row(0, protective=(grade("even stricter", 1),))])
    assert await _grades(docket, 1) == ["strict"]


async def test_a_report_tells_its_sides_apart_and_is_never_withdrawn_by_a_feed(docket: DocketStore) -> None:
    await docket.intake([row(0, protective=(report("reported", 1, 2),))])
    await docket.intake([row(1, protective=(report("withdrawn", 1, 2),))])
    await docket.intake([row(2, protective=(report("reported", 2, 1),))])
    found = await docket.protection([key(1)])
    assert {each.sides for each in found} == {((key(1),), (key(2),)), ((key(2),), (key(1),))}
    assert {each.status for each in found} == {"reported"}
    assert {each.kind for each in found} == {ProtectiveKind.REPORT}


async def test_texts_are_kept_once_for_each_row(docket: DocketStore) -> None:
    rows = [row(n, protective=(report("reported", 1, 2, text=f"text {n}"),)) for n in (1, 2)]
    await docket.intake(rows)
    await docket.intake(rows)
    assert sorted(each.text for each in await docket.texts([key(2), key(1)])) == ["text 1", "text 2"]
    assert await docket.texts([key(3)]) == ()


async def test_more_keys_than_one_statement_takes(docket: DocketStore) -> None:
    await docket.intake([row(0, protective=tuple(grade("strict", p) for p in (3, 700, 1204)))])
    assert len(await docket.protection([key(p) for p in range(1205)])) == 3


LEVELS = st.sampled_from(["confidential", "strict", None, "other"])


@settings(max_examples=20)
@given(st.lists(st.tuples(LEVELS, st.sets(st.integers(0, 3), min_size=1, max_size=2)), max_size=6), st.randoms())
async def test_order_and_repeats_do_not_matter(stated_rows: list[tuple[str | None, set[int]]], chance: object) -> None:
    rows = [row(n, protective=(grade(level, *sorted(who)),)) for n, (level, who) in enumerate(stated_rows)]
    shuffled = rows + rows[:2]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    answers = []
    for batch in ([rows], [[each] for each in shuffled]):
        with tempfile.TemporaryDirectory() as folder:
            docket = FACTORIES["sqlite"](Path(folder), RING)
            await docket.migrate()
            for each in batch:
                await docket.intake(each)
            answers.append(await docket.protection([key(p) for p in range(4)]))
            await docket.close()
    assert answers[0] == answers[1]


@given(st.lists(st.tuples(LEVELS, st.none() | st.dates().map(str)), min_size=3, max_size=3))
def test_joining_is_a_least_upper_bound(drawn: list[tuple[str | None, str | None]]) -> None:
    a, b, c = (stated(Matter(ProtectiveKind.GRADE, ((key(1),),), grade=level, since=day)) for level, day in drawn)
    assert joined(a, b) == joined(b, a)
    assert joined(joined(a, b), c) == joined(a, joined(b, c))
    assert joined(a, a) == a
    assert joined(a, joined(a, b)) == joined(a, b)


Damage = Callable[[sqlite3.Connection], object]
DAMAGES: dict[str, Damage] = {
    "altered": lambda db: db.execute(
        "UPDATE protective SET sealed = CAST(substr(sealed, 1, 20) || x'00' || substr(sealed, 22) AS BLOB)"
    ),
    "turned into text": lambda db: db.execute("UPDATE protective SET sealed = CAST(sealed AS TEXT)"),
    "cut": lambda db: db.execute("UPDATE protective SET sealed = substr(sealed, 1, 10)"),
    "emptied": lambda db: db.execute("UPDATE protective SET sealed = x''"),
    "gone": lambda db: db.execute("DELETE FROM protective"),
    "moved": lambda db: db.execute("UPDATE protective SET sealed = (SELECT max(sealed) FROM protective WHERE true)"),
    "pointed elsewhere": lambda db: db.execute(
        "UPDATE protective_key SET matter = (SELECT min(matter) FROM protective_key)"
    ),
}


@pytest.mark.parametrize("damage", sorted(DAMAGES))
async def test_what_cannot_be_read_counts_as_the_highest_grade(tmp_path: Path, damage: str) -> None:
    docket = FACTORIES["sqlite"](tmp_path, RING)
    await docket.migrate()
    await docket.intake([row(0, protective=(grade("confidential", 1), grade("confidential", 2)))])
    assert await _grades(docket, 1, 2) == ["confidential", "confidential"]  # the control
    with sqlite3.connect(tmp_path / "docket.db") as db:
        DAMAGES[damage](db)
    db.close()
    worst = [max(await _grades(docket, 1)), max(await _grades(docket, 2))]
    assert "strict" in worst
    if damage not in {"moved", "pointed elsewhere"}:
        assert worst == ["strict", "strict"]
    assert await docket.protection([key(3)]) == ()
    # A feed that states it again, lower, does not mend it either.
    await docket.intake([row(1, protective=(grade("confidential", 1), grade("confidential", 2)))])
    assert [max(await _grades(docket, 1)), max(await _grades(docket, 2))] == worst
    await docket.close()


async def test_the_index_cannot_be_joined_with_the_graph(tmp_path: Path) -> None:
    """The index is blinded: the hash that the graph holds in clear is nowhere in the docket's file."""
    docket = FACTORIES["sqlite"](tmp_path, RING)
    await docket.migrate()
    await docket.intake([row(0, protective=(grade("strict", 1, 2),))])
    await docket.close()
    stored = stored_bytes(tmp_path)
    assert RING.blinder("protective").blind([key(1)])[0] in stored
    assert bytes(key(1)) not in stored
