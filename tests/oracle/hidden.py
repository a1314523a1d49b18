"""Rule 4's protection: whom a grade hides, their own or one that reaches them, as the rule's text has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.oracle.said import Said, SourceNumber

TODAY = "2026-11-22"
"""The day of the hub under test (`tests/worlds/hub.py`)."""
PLACING = frozenset({"population", "civil", "gedcom"})
Mark = SourceNumber | str


def hidden(
    people: Mapping[SourceNumber, SourceNumber],
    stated: Mapping[str, list[SourceNumber]],
    known: Iterable[Said],
    page: Iterable[Said],
    graded: set[Mark],
) -> set[Mark]:
    """The source keys and national ids of everyone whom a grade hides. `graded`: those on which one hangs."""
    marks: dict[SourceNumber, set[Mark]] = {}
    for key, person in people.items():
        marks.setdefault(person, set()).add(key)
    for iin, persons in stated.items():
        for person in persons:
            marks.setdefault(person, set()).add(iin)
    here: dict[SourceNumber, set[Mark]] = {key: marks[person] for key, person in people.items()}
    there = list(page)
    for named in (one for said in there for one in said.people):
        own: set[Mark] = {named.key} | ({named.iin} if named.iin is not None else set())
        here[named.key] = here.get(named.key, set()) | own
    under = {key for key, own in here.items() if own & graded}
    reached = set(under)
    for said in (*known, *there):
        reached |= {one.key for one in said.links if _reaches(one.kind) and one.other in under}
    homes: dict[str, set[SourceNumber]] = {}
    for said in (*known, *there):
        for stay in said.members:
            if stay.since <= TODAY and (stay.until is None or stay.until > TODAY):
                homes.setdefault(stay.household, set()).add(stay.key)
    for mates in homes.values():
        reached |= mates if mates & under else set()
    return graded.union(*(here[key] for key in reached if key in here))


def _reaches(kind: str) -> bool:
    return kind.startswith("parent") or kind in ("guardian", "responsibility")


def latest(said: Iterable[Said]) -> list[Said]:
    """Of each source record the highest version."""
    newest: dict[tuple[str, str], Said] = {}
    for one in said:
        before = newest.get((one.agency, one.record))
        if before is None or one.version > before.version:
            newest[one.agency, one.record] = one
    return list(newest.values())
