"""Standing: one person's facts against one mandate, as bits. Pure; asked anew on every request, kept nowhere."""

from __future__ import annotations

from domain.ids import KeyHash
from policy.decision.bits import (
    AT_HOME,
    CO_RESIDENT,
    IN_REGION,
    IN_WALK,
    NAMED,
    NEAR,
    ON_CASE,
    ON_REVIEW,
    PROTECTED,
    REPORTED,
    SELF,
    SUBJECT,
    WARD,
)
from policy.decision.facts import Asking, Subject
from policy.decision.validity import is_minor


def standing(asking: Asking, subject: Subject) -> int:
    """The bits (`policy.decision.bits`) of one person for one mandate.

    A family account's standing holds nothing but account bits, so that no protection, report or case can reach an
    account by any rule; an officer's holds nothing but officers' bits.
    """
    if asking.activity.account:
        return _account(asking, subject)
    return _case(asking, subject) | _officer(asking, subject) | _protection(asking, subject)


def _account(asking: Asking, subject: Subject) -> int:
    owner = asking.owner
    if owner is None:
        return 0
    bits = 0
    if subject.person == owner.person:
        bits |= SELF
    if subject.person in owner.wards and is_minor(subject.birth_date, asking.today):
        bits |= WARD
    if not subject.households.isdisjoint(owner.households):
        bits |= CO_RESIDENT
    if bits & SELF or not subject.address_keys.isdisjoint(owner.address_keys):
        bits |= AT_HOME
    return bits


def _case(asking: Asking, subject: Subject) -> int:
    case = asking.case
    if not subject.keys.isdisjoint(case.subjects):
        return ON_CASE | SUBJECT | NAMED
    if subject.households.isdisjoint(case.households):
        return 0
    return ON_CASE | NAMED if asking.activity.protective else ON_CASE


def _officer(asking: Asking, subject: Subject) -> int:
    principal = asking.mandate.principal
    bits = 0
    if subject.region is not None and subject.region == principal.region:
        bits |= IN_REGION
    if subject.person in asking.near or principal.national in subject.keys:
        bits |= NEAR
    if _within_warrant(asking, subject):
        bits |= IN_WALK
    if subject.person in asking.reviewed:
        bits |= ON_REVIEW | (NAMED if asking.activity.protective else 0)
    return bits


def _within_warrant(asking: Asking, subject: Subject) -> bool:
    warrant = asking.mandate.warrant
    if warrant is None:
        return False
    links = asking.reached.get(subject.person)
    return (links is not None and links <= warrant.depth) or not subject.keys.isdisjoint(warrant.subjects)


def _protection(asking: Asking, subject: Subject) -> int:
    protections = asking.protections
    bits = 0
    graded = protections.graded
    if subject.unreadable or not graded.isdisjoint(subject.keys) or not graded.isdisjoint(subject.around_keys):
        bits |= PROTECTED
    if protections.pairs and _is_reported(asking, subject):
        bits |= REPORTED
    return bits


def _is_reported(asking: Asking, subject: Subject) -> bool:
    """Whether a report stands between somebody in the person's home, or the person, and another one on the case, or
    the one who asks: where a side's co-resident lives, the side lives.
    """
    return any(_is_side(asking, keys) for keys in (subject.keys, *subject.beside_keys))


def _is_side(asking: Asking, keys: frozenset[KeyHash]) -> bool:
    """Whether the one whose keys these are is a side of a report with the other side on the case, or asking."""
    pairs = asking.protections.pairs
    far = frozenset().union(*(pairs[key] for key in keys if key in pairs)) - keys
    if not far:
        return False
    if not far.isdisjoint(asking.case.keys) or asking.mandate.principal.national in far:
        return True
    return asking.owner is not None and not far.isdisjoint(asking.owner.keys)
