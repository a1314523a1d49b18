"""Whom rows may no longer name: people who were erased. Their marks are keyed hashes of source keys and national ids.

A row that names nobody else is not taken in (`suppressed`); of a row that also names others, what it says of those who
were erased is left out, links to them included. Nothing of either is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from connectors.pipeline.validate import Checked
from domain.claims import Claim, RowClaims
from domain.ids import KeyHash, SourceKey
from vault.hashing import Hasher

MOST_VALUES = 500
"""Values of a row that could not be read that are looked at."""


def values_in(hasher: Hasher, source: str, raw: bytes) -> list[KeyHash]:
    """What any value in a row would be as a national id or as the source's own number: for unreadable rows."""
    try:
        row = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return []
    found: dict[KeyHash, None] = {}
    for number, value in enumerate(_values(row)):
        if number == MOST_VALUES:
            break
        found[hasher.national(value)] = None
        found[hasher.source_key(SourceKey(source, value))] = None
    return list(found)


def _values(row: Any) -> Iterator[str]:
    waiting = [row]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            yield str(value)


def suppressed_keys(
    rows: list[Checked],
    marked: frozenset[KeyHash],
    keys: Mapping[SourceKey, KeyHash],
    nationals: Mapping[str, KeyHash],
    known: frozenset[SourceKey],
) -> frozenset[SourceKey]:
    """The source keys under which rows name somebody who was erased: marked themselves, or given with a marked national
    id. A key that is decided to be somebody else (`known`) stays theirs, whatever id is given with it."""
    found = set()
    for row in rows:
        for evidence in row.said.people if row.said is not None else ():
            iin = evidence.national_id
            by_id = iin is not None and nationals[iin] in marked and evidence.key not in known
            if keys[evidence.key] in marked or by_id:
                found.add(evidence.key)
    return frozenset(found)


def without(row: Checked, gone: frozenset[SourceKey]) -> Checked:
    """The row without those who were erased; marked as suppressed if it names nobody else."""
    said = row.said
    if said is None or not any(evidence.key in gone for evidence in said.people):
        return row
    left = tuple(evidence for evidence in said.people if evidence.key not in gone)
    if not left:
        return replace(row, said=None, suppressed=True)
    claims = tuple(claim for claim in said.claims if not _names(claim, gone))
    return replace(row, said=_left(said, left, claims), part=True)


def _names(claim: Claim, gone: frozenset[SourceKey]) -> bool:
    other = claim.body.other
    return claim.key in gone or (other is not None and SourceKey(*other) in gone)


def _left(said: RowClaims, people: tuple[Any, ...], claims: tuple[Claim, ...]) -> RowClaims:
    return replace(said, people=people, claims=claims)
