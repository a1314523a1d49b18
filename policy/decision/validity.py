"""Valid time for policy: what holds on a day. A period runs from its first day to the day before its `until`.

Dates are ISO texts as the sealed facts carry them; an absent `since` means from ever, an absent `until` for as long as
is known. Policy always asks about today, never about a past day that a query names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from domain.ids import HouseholdId, PersonId

MAJORITY = 18
_Held = TypeVar("_Held")


@dataclass(frozen=True, slots=True)
class Registration:
    """A registered address: region (ISO 3166-2), keyed hash of the address, period."""

    region: str | None
    address_key: str | None
    since: str | None
    until: str | None


def in_force(since: str | None, until: str | None, day: str) -> bool:
    """Whether a period holds on a day (ISO text)."""
    return (since is None or since <= day) and (until is None or day < until)


def region_on(registrations: Iterable[Registration], day: date) -> str | None:
    """The region of the registration open that day, the latest begun if there are several; None if none is known."""
    text = day.isoformat()
    open_then = [r for r in registrations if r.region is not None and in_force(r.since, r.until, text)]
    newest = max(open_then, key=lambda r: (r.since or "", r.region or ""), default=None)
    return newest.region if newest is not None else None


def addresses_on(registrations: Iterable[Registration], day: date) -> frozenset[str]:
    """The keys of every address at which the person is registered that day."""
    text = day.isoformat()
    return frozenset(
        r.address_key for r in registrations if r.address_key is not None and in_force(r.since, r.until, text)
    )


def households_on(
    memberships: Iterable[tuple[HouseholdId, str | None, str | None]], day: date
) -> frozenset[HouseholdId]:
    """The households of which the person is a member that day, from (household, since, until)."""
    return _held_on(memberships, day)


def wards_on(care: Iterable[tuple[PersonId, str | None, str | None]], day: date) -> frozenset[PersonId]:
    """Those in the owner's care that day, from (person, since, until) of responsibility and guardian links.

    Parenthood is not asked for here and must not be passed in: care is law, never kinship.
    """
    return _held_on(care, day)


def _held_on(periods: Iterable[tuple[_Held, str | None, str | None]], day: date) -> frozenset[_Held]:
    text = day.isoformat()
    return frozenset(held for held, since, until in periods if in_force(since, until, text))


def is_minor(birth_date: str | None, day: date) -> bool:
    """Whether someone is under 18 that day. False without a readable full birth date: nobody gains by a gap."""
    if birth_date is None:
        return False
    try:
        born = date.fromisoformat(birth_date)
    except ValueError:
        return False
    had_no_birthday_yet = (day.month, day.day) < (born.month, born.day)
    return 0 <= day.year - born.year - had_no_birthday_yet < MAJORITY
