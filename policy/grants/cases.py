"""What a case and a warrant cover at an instant. Pure; periods run from their first instant to before their last."""

from __future__ import annotations

from datetime import datetime

from domain.principals import Case, Principal, Warrant
from policy.activity import Activity


def case_for(case: Case | None, principal: Principal, activity: Activity, now: datetime) -> Case | None:
    """The case if the principal may act on it under the activity at `now`, else None.

    None is one answer to everything: unknown, foreign, not yet open, closed, expired, another's, for another activity.
    The caller refuses them all alike. It covers the officers it names, of its agency, and of its unit if it names one;
    on whose behalf the actor says to act (`acting_for`) opens nothing.
    """
    if case is None or not _is_open(case, now):
        return None
    theirs = principal.actor in case.officers and principal.agency == case.agency
    of_unit = case.unit is None or case.unit == principal.unit
    return case if theirs and of_unit and case.activity == activity.name else None


def warrant_for(case: Case, activity: Activity, now: datetime) -> Warrant | None:
    """The warrant under which a walk on the case may go at `now`, or None. Only for an activity that requires one.

    Of several in force the one issued last counts, because a court's newer word replaces its older one (ties: by
    number). A warrant is nothing without its case, which must itself be open.
    """
    if not activity.requires.warrant or not _is_open(case, now):
        return None
    in_force = [w for w in case.warrants if w.issued <= now < w.expires and w.depth > 0]
    return max(in_force, key=lambda w: (w.issued, w.number), default=None)


def _is_open(case: Case, now: datetime) -> bool:
    return case.opened <= now < case.expires
