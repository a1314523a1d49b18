"""Whose a key is when two people are parted who were taken for one: what the way back rests on. Pure.

Keys that were the dropped one's before the merge go back, with all that came on them since. A key decided only after
the merge was found to be the two together; it goes to the one whose national ids its claims state, else to the one with
whose names or birth dates it agrees. Where that is neither or both it stays with the one kept, and stewards are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from connectors.pipeline.opened import Opened, statements_of
from domain.claims import Evidence
from domain.ids import KeyHash, PersonId, SourceKey
from domain.records.fold import Held
from graph.shapes import DecisionRow
from identity.agreement import Stated, agrees

MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Parted:
    """The keys that go back, and what is known of those that stayed though nothing says whose they are."""

    back: frozenset[KeyHash]
    left: tuple[Evidence, ...]


def part(whole: Opened, dropped: PersonId, decisions: Sequence[DecisionRow], merged_at: int) -> Parted:
    """Part the keys of `whole`, into whom `dropped` was merged at that sequence. `decisions`: all about its keys."""
    by_key: dict[KeyHash, list[DecisionRow]] = {}
    for row in decisions:
        by_key.setdefault(row.key, []).append(row)
    back = {key for key in whole.keys if _was(by_key.get(key, ()), dropped, merged_at)}
    later = [key for key in sorted(whole.keys) if key not in back and _later(by_key.get(key, ()), merged_at)]
    own = whole.keys.keys() - back - set(later)
    claims = _by_key(whole.claims)
    mine, theirs = _Side(claims, back), _Side(claims, own)
    left = []
    for key in later:
        verdict = _verdict(_Side(claims, [key]), mine, theirs)
        if verdict is True:
            back.add(key)
        elif verdict is None:
            left.append(_evidence(claims.get(key, ())))
    return Parted(frozenset(back), tuple(one for one in left if one is not None))


class _Side:
    """What the claims on some keys state of who their person is."""

    def __init__(self, claims: Mapping[KeyHash, Sequence[Held]], keys: Iterable[KeyHash]) -> None:
        held = [one for key in keys for one in claims.get(key, ())]
        self.nationals = {iin for one in held for item in one.body.items if (iin := item.get("national_id"))}
        self.statements: list[Stated] = [stated for one in held for stated in statements_of(one)]


def _verdict(key: _Side, mine: _Side, theirs: _Side) -> bool | None:
    """Whether a key is the dropped one's; None if nothing tells."""
    stated = (not key.nationals.isdisjoint(mine.nationals), not key.nationals.isdisjoint(theirs.nationals))
    if stated[0] != stated[1]:
        return stated[0]
    agreed = tuple(any(agrees(one, side.statements) for one in key.statements) for side in (mine, theirs))
    return agreed[0] if agreed[0] != agreed[1] else None


def _was(rows: Sequence[DecisionRow], dropped: PersonId, merged_at: int) -> bool:
    """Whether a key was the dropped one's just before the merge."""
    before = [row for row in rows if row.sequence < merged_at]
    return bool(before) and before[-1].person == dropped


def _later(rows: Sequence[DecisionRow], merged_at: int) -> bool:
    """Whether a key was decided for the first time only after the merge."""
    return bool(rows) and rows[0].sequence > merged_at


def _by_key(claims: Iterable[Held]) -> dict[KeyHash, list[Held]]:
    found: dict[KeyHash, list[Held]] = {}
    for one in claims:
        found.setdefault(one.key, []).append(one)
    return found


def _evidence(claims: Sequence[Held]) -> Evidence | None:
    """What a key's newest statement of who its person is says, under its agency; its number stays out."""
    stated = [one.body for one in claims if one.body.category == "identity" and one.body.items]
    if not claims:
        return None
    newest = max(stated, key=lambda body: (body.event, body.version), default=None)
    item = newest.items[0] if newest is not None else {}
    return Evidence(
        key=SourceKey(claims[0].body.source, ""),
        national_id=None,
        surname=_text(item, "surname"),
        given_name=_text(item, "given_name"),
        patronymic=_text(item, "patronymic"),
        birth_surname=_text(item, "birth_surname"),
        birth_date=_text(item, "birth_date"),
    )


def _text(item: Mapping[str, str | int | bool], name: str) -> str | None:
    value = item.get(name)
    return value if isinstance(value, str) else None
