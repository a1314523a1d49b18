"""Which activities a principal may name. Pure."""

from __future__ import annotations

from datetime import datetime

from domain.principals import Principal
from policy.activity import Activity, Actor


def may_name(principal: Principal, activity: Activity, now: datetime) -> bool:
    """Whether a principal may act under an activity: nothing else grants, nothing overrides.

    The token lists it and has not run out, the role is the activity's, the actor is of the right sort (a person for
    `human`).
    """
    return (
        activity.name in principal.activities
        and principal.role == activity.role
        and principal.human == (activity.actor is Actor.HUMAN)
        and now < principal.expires
    )
