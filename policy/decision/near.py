"""Near family: those whose file an officer never handles. Pure; from the links around the officer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.ids import PersonId
from domain.links import CARE, PARENTS, LinkKind


@dataclass(frozen=True, slots=True)
class Tie:
    """A link of any time: `person` is the child, ward or first partner, `other` the parent, guardian or partner."""

    person: PersonId
    other: PersonId
    kind: LinkKind


def near_family(
    officer: PersonId, ties: Iterable[Tie], households: Iterable[Iterable[PersonId]] = ()
) -> frozenset[PersonId]:
    """The officer and: parents, children, brothers and sisters (one common parent is enough), everyone ever a
    partner, the other parents of their children, those in the officer's care or who
    had it, everyone who ever shared a household.

    `ties`: at least all links at the officer, at the officer's parents and at the officer's children, ended ones too;
    more do no harm. `households`: everyone ever in each household in which the officer ever was. Time is not asked
    for: nearness does not end with a divorce.
    """
    known = tuple(ties)
    raised = [t for t in known if t.kind in PARENTS or t.kind in CARE]
    up = {t.other for t in raised if t.person == officer}
    down = {t.person for t in raised if t.other == officer}
    parents = {t.other for t in raised if t.person == officer and t.kind in PARENTS}
    siblings = {t.person for t in raised if t.other in parents and t.kind in PARENTS}
    co_parents = {t.other for t in raised if t.person in down and t.kind in PARENTS}
    partners = {
        t.other if t.person == officer else t.person
        for t in known
        if t.kind not in PARENTS and t.kind not in CARE and officer in (t.person, t.other)
    }
    shared = {person for household in households for person in household}
    return frozenset(up | down | siblings | co_parents | partners | shared | {officer})
