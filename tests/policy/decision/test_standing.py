"""Standing where raw worlds seldom go: gaps, unreadable facts, an officer who is known by the token alone."""

from __future__ import annotations

import timeit
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.ids import HouseholdId, KeyHash, PersonId
from domain.principals import Case, Mandate, Principal, RoleName, Warrant
from policy.activity import Activity
from policy.decision import bits
from policy.decision.facts import Asking, OnCase, Owner, Protections, Subject, on_case
from policy.decision.standing import standing

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HER, HIM, CHILD, OFFICER = (KeyHash(name) for name in (b"her", b"him", b"child", b"officer"))
HOME = HouseholdId(7)


def _asking(activity: Activity, **more: object) -> Asking:
    principal = Principal(
        actor="officer-1", role=RoleName.CASEWORKER, agency="a", sector="s", unit=None, region=None, client="c",
        token_id="t", activities=frozenset({activity.name}), national=OFFICER, human=True, expires=NOW,
    )  # fmt: skip
    warrant = more.pop("warrant", None)
    assert warrant is None or isinstance(warrant, Warrant)
    mandate = Mandate(principal, activity.name, None, warrant, "r")
    return Asking(mandate=mandate, activity=activity, today=date(2026, 3, 1), **more)  # type: ignore[arg-type]


def _case(*subjects: KeyHash) -> Case:
    return Case("C", "any", "a", None, None, frozenset(), frozenset(subjects), NOW, NOW + timedelta(days=1))


def _held(asking: Asking, subject: Subject) -> set[str]:
    return set(bits.names(standing(asking, subject)))


def test_no_region_is_in_no_region(activities: Mapping[str, Activity]) -> None:
    """Neither an officer nor a person without one meets the other there."""
    assert _held(_asking(activities["family-card-review"]), Subject(PersonId(1), frozenset({HER}))) == set()


def test_an_officer_is_near_themself_by_the_token_alone(activities: Mapping[str, Activity]) -> None:
    subject = Subject(PersonId(1), frozenset({HER, OFFICER}))
    assert _held(_asking(activities["dv-response"]), subject) == {"near"}


def test_what_cannot_be_read_counts_as_graded(activities: Mapping[str, Activity]) -> None:
    subject = Subject(PersonId(1), frozenset({HER}), unreadable=True)
    assert _held(_asking(activities["dv-response"]), subject) == {"protected"}


def test_a_grade_reaches_one_step_and_no_further(activities: Mapping[str, Activity]) -> None:
    asking = _asking(activities["dv-response"], protections=Protections.of({HER}, ()))
    child = Subject(PersonId(2), frozenset({CHILD}), around_keys=frozenset({HER}))
    friend = Subject(PersonId(3), frozenset({HIM}), around_keys=frozenset({CHILD}))
    assert _held(asking, child) == {"protected"}
    assert _held(asking, friend) == set()


def test_a_report_meets_both_sides_and_nobody_by_themself(activities: Mapping[str, Activity]) -> None:
    asking = _asking(
        activities["dv-response"],
        case=on_case(_case(HER), [Subject(PersonId(1), frozenset({HER}))]),
        protections=Protections.of((), [(HER, HIM), (CHILD, CHILD)]),
    )
    assert "reported" in _held(asking, Subject(PersonId(2), frozenset({HIM})))
    assert "reported" not in _held(asking, Subject(PersonId(1), frozenset({HER})))
    both = _asking(
        activities["dv-response"],
        case=on_case(_case(HER, HIM), [Subject(PersonId(n), frozenset({k})) for n, k in ((1, HER), (2, HIM))]),
        protections=asking.protections,
    )
    assert "reported" in _held(both, Subject(PersonId(1), frozenset({HER})))
    assert "reported" not in _held(both, Subject(PersonId(3), frozenset({CHILD})))


def test_a_report_reaches_whoever_lives_with_a_side_and_no_further(activities: Mapping[str, Activity]) -> None:
    """A child's street is the street of the side it lives with: beside it by a home, not by kinship."""
    asking = _asking(
        activities["dv-response"],
        case=on_case(_case(HER), [Subject(PersonId(1), frozenset({HER}))]),
        protections=Protections.of((), [(HER, HIM), (CHILD, CHILD)]),
    )
    there = Subject(PersonId(3), frozenset({CHILD}), beside_keys=frozenset({frozenset({HIM})}))
    assert "reported" in _held(asking, there)
    elsewhere = Subject(PersonId(3), frozenset({CHILD}), around_keys=frozenset({HIM}))
    assert "reported" not in _held(asking, elsewhere)
    with_her = Subject(PersonId(3), frozenset({CHILD}), beside_keys=frozenset({frozenset({HER})}))
    assert "reported" not in _held(asking, with_her), "nobody of the other side is on the case"
    friend = Subject(PersonId(4), frozenset({OFFICER}), beside_keys=frozenset({frozenset({CHILD})}))
    assert "reported" not in _held(asking, friend)


def test_a_report_against_the_officer_counts_on_every_case(activities: Mapping[str, Activity]) -> None:
    asking = _asking(activities["dv-response"], protections=Protections.of((), [(HER, OFFICER)]))
    assert "reported" in _held(asking, Subject(PersonId(1), frozenset({HER})))


def test_sharing_a_home_with_a_subject_puts_one_on_the_case_but_names_nobody(
    activities: Mapping[str, Activity],
) -> None:
    subject = Subject(PersonId(1), frozenset({HER}), households=frozenset({HOME}))
    mate = Subject(PersonId(2), frozenset({HIM}), households=frozenset({HOME}))
    once = on_case(_case(HER), [subject, mate])
    assert once == OnCase(
        frozenset({HER}), frozenset({HOME}), frozenset({HER, HIM}), frozenset({PersonId(1), PersonId(2)})
    )
    assert _held(_asking(activities["family-card-review"], case=once), mate) == {"on_case"}
    assert _held(_asking(activities["dv-response"], case=once), mate) == {"on_case", "named"}
    assert _held(_asking(activities["family-card-review"], case=once), subject) == {"on_case", "subject", "named"}
    assert on_case(None, [subject]) == OnCase()


@pytest.mark.parametrize(("links", "within"), [(0, True), (2, True), (3, False)])
def test_a_walk_ends_at_the_warrants_depth(links: int, within: bool, activities: Mapping[str, Activity]) -> None:
    warrant = Warrant("W", 2, frozenset({"parent"}), frozenset({HER}), NOW, NOW + timedelta(days=1))
    there = Subject(PersonId(9), frozenset({HIM}))
    activity = activities["child-protection"]
    assert _held(_asking(activity, warrant=warrant, reached={9: links}), there) == ({"in_walk"} if within else set())
    assert _held(_asking(activity, reached={9: links}), there) == set()
    assert _held(_asking(activity, warrant=warrant), Subject(PersonId(1), frozenset({HER}))) == {"in_walk"}


def test_an_account_holds_account_bits_only(activities: Mapping[str, Activity]) -> None:
    """Whatever protection says and whoever is on whichever case: no such bit is even set."""
    her = Subject(PersonId(1), frozenset({HER, OFFICER}), region="KZ-75", households=frozenset({HOME}), unreadable=True)
    asking = _asking(
        activities["subject-access"],
        owner=Owner(PersonId(1), frozenset({HER}), households=frozenset({HOME})),
        case=OnCase(frozenset({HER}), frozenset({HOME}), frozenset({HER, HIM})),
        protections=Protections.of({HER}, [(HER, HIM)]),
        near=frozenset({PersonId(1)}),
    )
    assert _held(asking, her) == {"self", "co_resident", "at_home"}
    assert _held(_asking(activities["subject-access"]), her) == set()


def test_care_counts_for_minors_alone(activities: Mapping[str, Activity]) -> None:
    owner = Owner(PersonId(1), wards=frozenset({PersonId(2)}), address_keys=frozenset({"home"}))
    asking = _asking(activities["subject-access"], owner=owner)
    for born, held in (("2008-03-02", {"ward"}), ("2008-03-01", set()), (None, set())):
        assert _held(asking, Subject(PersonId(2), frozenset(), birth_date=born)) == held
    at_home = Subject(PersonId(2), frozenset(), birth_date="2020-01-01", address_keys=frozenset({"home", "other"}))
    assert _held(asking, at_home) == {"ward", "at_home"}
    assert _held(asking, Subject(PersonId(3), frozenset(), birth_date="2020-01-01")) == set()


def test_names_and_bits_agree() -> None:
    assert all(bits.standing_of(name) == getattr(bits, name.upper()) for name in bits.NAMES)
    assert bits.standing_of(*bits.names(bits.ALL)) == bits.ALL == bits.ACCOUNT_BITS | bits.OFFICER_BITS
    with pytest.raises(ValueError, match="not in"):
        bits.standing_of("important")


def test_standing_is_quick(activities: Mapping[str, Activity]) -> None:
    """A family card asks it some twenty times. Generous by ten."""
    subject = Subject(PersonId(1), frozenset({HER}), region="KZ-75", households=frozenset({HOME}))
    asking = _asking(activities["family-card-review"], protections=Protections.of({HIM}, [(HIM, CHILD)]))
    assert min(timeit.repeat(lambda: standing(asking, subject), number=2_000, repeat=5)) / 2_000 < 30e-6
