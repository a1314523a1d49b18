"""How protective matters join: only upwards. Feeds may raise protection, never lower it.

Joining is commutative, associative and idempotent, so that rows may come in any order and more than once.
"""

from __future__ import annotations

import msgspec

from docket.dossiers import Grade, GuardStatus, Matter, Protection, ReportStatus
from docket.opener import SealedMatter
from domain.claims import ProtectiveKind
from domain.ids import KeyHash

_GRADES = {grade.value: rank for rank, grade in enumerate(Grade)}
_STATUSES = {status.value: rank for rank, status in enumerate(ReportStatus)}
_GUARDS = {status.value: rank for rank, status in enumerate(GuardStatus)}


def stated(matter: Matter) -> SealedMatter:
    """A matter as one row states it. A grade or status that is not known counts as the highest."""
    grade = status = None
    if matter.kind is ProtectiveKind.GRADE:
        grade = matter.grade if matter.grade in _GRADES else Grade.STRICT.value
    elif matter.kind is ProtectiveKind.GUARD:
        status = matter.status if matter.status in _GUARDS else GuardStatus.HELD.value
    else:
        status = matter.status if matter.status in _STATUSES else ReportStatus.CONFIRMED.value
    return SealedMatter(matter.kind, matter.sides, grade, status, matter.since)


def joined(one: SealedMatter, other: SealedMatter) -> SealedMatter:
    """The least matter that is at least as high as both; since the earlier of their days. A guard that ended has ended:
    the row that raised it may come again."""
    statuses = _GUARDS if one.kind is ProtectiveKind.GUARD else _STATUSES
    return SealedMatter(
        one.kind,
        one.sides,
        _higher(one.grade, other.grade, _GRADES),
        _higher(one.status, other.status, statuses),
        min((day for day in (one.since, other.since) if day is not None), default=None),
    )


def _higher(one: str | None, other: str | None, ranks: dict[str, int]) -> str | None:
    known = [value for value in (one, other) if value is not None]
    return max(known, key=lambda value: ranks.get(value, len(ranks)), default=None)


def guarding(body: SealedMatter) -> SealedMatter:
    """A matter as a restore takes it over: a guard without its end. What ended it lies after the backup, and the people
    of the restored graph may be two again."""
    return msgspec.structs.replace(body, status=GuardStatus.HELD.value) if body.kind is ProtectiveKind.GUARD else body


def as_read(body: SealedMatter) -> Protection:
    """A matter as policy reads it. A grade that this version does not know is told as the highest; so is a guard, until
    it ended: then it says nothing of anybody."""
    sides = tuple(tuple(KeyHash(key) for key in side) for side in body.sides)
    grade = body.grade
    if body.kind is ProtectiveKind.GRADE and grade not in _GRADES:
        grade = Grade.STRICT.value
    if body.kind is ProtectiveKind.GUARD and body.status != GuardStatus.ENDED:
        return unreadable(tuple(key for side in sides for key in side))
    return Protection(tuple(key for side in sides for key in side), body.kind, grade, body.status, body.since, sides)


def unreadable(keys: tuple[KeyHash, ...]) -> Protection:
    """What stands for a matter that cannot be read, and for a guard: the highest grade over the keys that led to it."""
    return Protection(keys, ProtectiveKind.GRADE, Grade.STRICT.value, None, None, (keys,))
