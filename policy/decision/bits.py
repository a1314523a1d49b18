"""The bits of one person's standing. Each is a Boolean attribute of `Person` in the rules' schema, under its name."""

from __future__ import annotations

from typing import Final

NAMES: Final = (
    "self",
    "ward",
    "co_resident",
    "at_home",
    "in_region",
    "on_case",
    "subject",
    "near",
    "protected",
    "named",
    "reported",
    "in_walk",
    "on_review",
)
"""The attributes in the order of their bits."""

SELF: Final = 1 << 0
"""The owner of the account."""
WARD: Final = 1 << 1
"""A minor today for whom the owner holds responsibility or guardianship today."""
CO_RESIDENT: Final = 1 << 2
"""A present member of a household of which the owner is a present member."""
AT_HOME: Final = 1 << 3
"""Registered today at the owner's present address."""
IN_REGION: Final = 1 << 4
"""The person's own region today is the officer's."""
ON_CASE: Final = 1 << 5
"""A subject of the case, or shares a household today with one."""
SUBJECT: Final = 1 << 6
"""A subject of the case."""
NEAR: Final = 1 << 7
"""The officer, or near family of the officer."""
PROTECTED: Final = 1 << 8
"""A grade reaches the person: own, a parent's, a present co-resident's; or something of it could not be read."""
NAMED: Final = 1 << 9
"""The officer is a named one for this person: a subject of the case; on the case or review of a protective activity."""
REPORTED: Final = 1 << 10
"""A report stands between the person, or somebody in their home today, and another one on the case, or the officer."""
IN_WALK: Final = 1 << 11
"""A subject of the warrant, or reached from one within the warrant's depth in this request."""
ON_REVIEW: Final = 1 << 12
"""Somebody whom an identity review is about that the steward opened in this request."""

COUNT: Final = len(NAMES)
ALL: Final = (1 << COUNT) - 1

ACCOUNT_BITS: Final = SELF | WARD | CO_RESIDENT | AT_HOME
"""All that a family account can depend on. Nothing of protection is among them: the second promise, by construction."""
OFFICER_BITS: Final = ALL & ~ACCOUNT_BITS
"""All that an officer's reads can depend on."""


def names(standing: int) -> tuple[str, ...]:
    """The attributes that a standing holds, in order."""
    return tuple(name for place, name in enumerate(NAMES) if standing >> place & 1)


def standing_of(*held: str) -> int:
    """The standing that holds these attributes. ValueError for an unknown one."""
    standing = 0
    for name in held:
        standing |= 1 << NAMES.index(name)
    return standing
