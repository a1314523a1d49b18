"""Who may come in: principal + activity + case → mandate → gate. Refused here if not theirs, before any read."""

from __future__ import annotations

from domain.errors import Code, Refused
from domain.principals import Case, Mandate, Principal, Warrant
from policy.activity import Activity
from policy.grants.activities import may_name
from policy.grants.cases import case_for, warrant_for
from resolvers.gate.gate import Gate
from resolvers.gate.parts import GateParts
from resolvers.gate.people import People
from resolvers.gate.surroundings import survey


async def admit(
    parts: GateParts, principal: Principal, request_id: str, activity_name: str | None, case_number: str | None
) -> Gate:
    """A gate for this principal in this capacity. Raises Refused as `mandate_for` does."""
    mandate = await mandate_for(parts, principal, request_id, activity_name, case_number)
    activity = parts.activities[mandate.activity]
    people = People(parts.reader, parts.opener)
    surroundings = await survey(parts.reader, people, parts.opener, mandate, activity, parts.clock.today())
    return Gate(parts, mandate, activity, surroundings, people)


async def mandate_for(
    parts: GateParts, principal: Principal, request_id: str, activity_name: str | None, case_number: str | None
) -> Mandate:
    """The mandate that these headers make, now.

    Raises Refused: ACTIVITY_REQUIRED, ACTIVITY_REFUSED (unknown, of another role, or not in the token: all one),
    CASE_REQUIRED, CASE_REFUSED (unknown, closed, expired, foreign, of another activity: all one), WARRANT_REQUIRED.
    """
    activity = _activity(parts, principal, activity_name)
    case = await _case(parts, principal, activity, case_number)
    warrant = _warrant(parts, activity, case)
    return Mandate(principal, activity.name, case, warrant, request_id)


def _activity(parts: GateParts, principal: Principal, name: str | None) -> Activity:
    if name is None:
        raise Refused(Code.ACTIVITY_REQUIRED, field="Kindred-Activity", fix="name_an_activity")
    activity = parts.activities.get(name)
    if activity is None or not may_name(principal, activity, parts.clock.now()):
        raise Refused(Code.ACTIVITY_REFUSED, field="Kindred-Activity", fix="name_an_activity_of_yours")
    return activity


async def _case(parts: GateParts, principal: Principal, activity: Activity, number: str | None) -> Case | None:
    if number is None:
        if activity.requires.case:
            raise Refused(Code.CASE_REQUIRED, field="Kindred-Case", fix="name_a_case")
        return None
    now = parts.clock.now()
    case = case_for(await parts.docket.case(number, now), principal, activity, now)
    if case is None:
        raise Refused(Code.CASE_REFUSED, field="Kindred-Case", fix="name_a_case_of_yours")
    return case


def _warrant(parts: GateParts, activity: Activity, case: Case | None) -> Warrant | None:
    if not activity.requires.warrant:
        return None
    warrant = warrant_for(case, activity, parts.clock.now()) if case is not None else None
    if warrant is None:
        raise Refused(Code.WARRANT_REQUIRED, field="Kindred-Case", fix="obtain_a_warrant")
    return warrant
