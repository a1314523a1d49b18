"""The whole table: equal to Cedar asked outright, within its budget, and what must hold in every single place of it."""

from __future__ import annotations

import hashlib
import itertools
import re
import timeit
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from domain.errors import Broken
from domain.records.catalogue import ALL as CATEGORIES
from domain.records.category import Detail
from policy.activity import Activity, Know, Reach
from policy.decision import bits
from policy.decision.classes import Action, Traits, judge, relevant, subsets
from policy.decision.permit import Permit
from policy.decision.table import MOST_BITS, MOST_CLASSES, DecisionTable, know_traits, log_traits, read_traits
from policy.rule_book import RuleBook, load_rule_book
from tests.policy.decision.harness import changed_rules

EVERY = range(bits.ALL + 1)
NAMES = [category.name for category in CATEGORIES]
NEAR_FAMILY = "forbid (principal, action, resource)\nwhen { principal.officer && resource.near };"


def _officers(activities: Mapping[str, Activity]) -> list[Activity]:
    return [activity for activity in activities.values() if not activity.account]


def _traits(activities: Mapping[str, Activity]) -> Iterator[Traits]:
    for activity in activities.values():
        yield know_traits(activity)
        yield log_traits(activity)
        for line, locates in itertools.product(activity.categories.values(), (False, True)):
            yield read_traits(activity, line, locates=locates)


def _answers(table: DecisionTable, activity: Activity, standing: int) -> tuple[object, ...]:
    reads = [table.read(activity, name, standing) for name in NAMES]
    return (table.know(activity, standing), table.log(activity, standing), *reads)


def test_every_place_equals_cedar_asked_outright(
    table: DecisionTable, activities: Mapping[str, Activity], book: RuleBook
) -> None:
    """No bit is left out of the enumeration that matters after all: all standings, those that cannot be, too."""
    cedar = {traits: [v.allowed for v in judge(book, traits, EVERY)] for traits in set(_traits(activities))}
    for activity in activities.values():
        know, log = cedar[know_traits(activity)], cedar[log_traits(activity)]
        assert [table.know(activity, s) for s in EVERY] == know
        assert [table.log(activity, s) for s in EVERY] == log
        for name, line in activity.categories.items():
            plain, locating = (cedar[read_traits(activity, line, locates=locates)] for locates in (False, True))
            got = [table.read(activity, name, s) for s in EVERY]
            assert [bool(p) for p in got] == [k and p for k, p in zip(know, plain, strict=True)]
            assert [p.locating for p in got] == [k and p for k, p in zip(know, locating, strict=True)]


def test_budget(table: DecisionTable, activities: Mapping[str, Activity], book: RuleBook) -> None:
    """Classes and bits stay far inside what a start can bear; a new activity with known traits adds no class."""
    assert table.classes == sum(2 ** relevant(book, t).bit_count() for t in set(_traits(activities))) < 2_000
    assert all(relevant(book, traits).bit_count() <= MOST_BITS for traits in _traits(activities))
    assert table.classes <= MOST_CLASSES
    twin = msgspec.structs.replace(activities["family-card-review"], name="twin")
    more = DecisionTable.fill({**activities, "twin": twin})
    assert more.classes == table.classes
    assert more.policy_hash != table.policy_hash


def test_a_look_up_is_quick_and_makes_nothing(table: DecisionTable, activities: Mapping[str, Activity]) -> None:
    """Generous by ten: what it guards against is a decision per request creeping in."""
    activity = activities["family-card-review"]
    assert table.read(activity, "name", bits.ON_CASE) is table.read(activity, "name", bits.ON_CASE | bits.IN_REGION)
    took = min(timeit.repeat(lambda: table.read(activity, "name", bits.ON_CASE), number=10_000, repeat=5)) / 10_000
    assert took < 3e-6


def test_the_hash_names_the_policy(table: DecisionTable, activities: Mapping[str, Activity], tmp_path: Path) -> None:
    again = DecisionTable.fill(dict(sorted(activities.items(), reverse=True)))
    assert again.policy_hash == table.policy_hash
    assert len(table.policy_hash) == hashlib.sha256().digest_size * 2
    commented = changed_rules(tmp_path / "rules", lambda text: text + "\n// a word more\n")
    assert DecisionTable.fill(activities, commented).policy_hash != table.policy_hash


def test_what_is_not_listed_is_not_there(table: DecisionTable, activities: Mapping[str, Activity]) -> None:
    stranger = msgspec.structs.replace(activities["family-card-review"], name="never-filled")
    for standing in EVERY:
        assert table.read(activities["family-card-review"], "conditions", standing) is Permit.NONE
        assert table.read(stranger, "name", standing) is Permit.NONE
        assert not table.know(stranger, standing)


# ── what must hold everywhere ────────────────────────────────────────────────────────────────────────────────────────


def _account_leaks(table: DecisionTable, activities: Mapping[str, Activity]) -> bool:
    """Whether any answer of an account depends on a bit that is not the account's own."""
    return any(
        _answers(table, activity, standing) != _answers(table, activity, standing & bits.ACCOUNT_BITS)
        for activity in activities.values()
        if activity.account
        for standing in EVERY
    )


def test_no_account_depends_on_anything_but_its_own_bits(
    table: DecisionTable, activities: Mapping[str, Activity]
) -> None:
    """The second promise: protection, reports, cases, regions and officers change no answer of any account."""
    assert any(activity.account for activity in activities.values())
    assert not _account_leaks(table, activities)


@pytest.mark.parametrize("bit", ["protected", "reported", "near"])
def test_a_rule_that_forgets_to_spare_accounts_is_noticed(
    bit: str, activities: Mapping[str, Activity], tmp_path: Path
) -> None:
    """Control of the invariant above: the same rules, one of them no longer for officers alone."""
    careless = changed_rules(
        tmp_path / "rules",
        lambda text: re.sub(rf"principal\.officer && ((?:context\.locates && )?resource\.{bit}\b)", r"\1", text),
    )
    assert _account_leaks(DecisionTable.fill(activities, careless), activities)


def test_no_officer_gains_by_who_they_are_at_home(table: DecisionTable, activities: Mapping[str, Activity]) -> None:
    for activity in _officers(activities):
        for standing in EVERY:
            assert _answers(table, activity, standing) == _answers(table, activity, standing & bits.OFFICER_BITS)


def test_reading_implies_knowing_and_keeps_to_the_file(
    table: DecisionTable, activities: Mapping[str, Activity]
) -> None:
    for activity in activities.values():
        for name, standing in itertools.product(NAMES, EVERY):
            permit = table.read(activity, name, standing)
            assert permit.detail is Detail.NONE or permit.detail is activity.categories[name].detail
            assert table.know(activity, standing) or not permit
            assert permit or not permit.locating


@pytest.mark.parametrize("bit", [bits.NEAR, bits.PROTECTED, bits.REPORTED])
def test_protection_only_ever_takes_away(bit: int, table: DecisionTable, activities: Mapping[str, Activity]) -> None:
    for activity in _officers(activities):
        for standing in EVERY:
            without, held = standing & ~bit, standing | bit
            assert table.know(activity, without) or not table.know(activity, held)
            for name in NAMES:
                before, after = table.read(activity, name, without), table.read(activity, name, held)
                assert after in (before, Permit(before.detail, False), Permit.NONE)


def test_officers_never_see_their_near_family(table: DecisionTable, activities: Mapping[str, Activity]) -> None:
    for activity in _officers(activities):
        for standing in EVERY:
            if standing & bits.NEAR:
                assert not any(_answers(table, activity, standing))


def test_a_grade_hides_from_all_but_the_named_and_locates_for_the_protective_alone(
    table: DecisionTable, activities: Mapping[str, Activity]
) -> None:
    for activity in _officers(activities):
        for standing in EVERY:
            if standing & bits.PROTECTED:
                assert standing & bits.NAMED or not table.know(activity, standing)
                locating = any(table.read(activity, name, standing).locating for name in NAMES)
                assert not locating or (activity.protective and standing & bits.SUBJECT)


def test_a_report_withholds_the_location_and_does_nothing_else(
    table: DecisionTable, activities: Mapping[str, Activity]
) -> None:
    """That somebody off the case is here is a location too where the officer's region is what tells it."""
    for activity in _officers(activities):
        for standing in EVERY:
            if standing & bits.REPORTED:
                without = standing & ~bits.REPORTED
                if activity.know is Know.REGION and not standing & bits.ON_CASE:
                    assert not table.know(activity, standing)
                    assert not any(table.read(activity, name, standing) for name in NAMES)
                    continue
                assert table.know(activity, standing) == table.know(activity, without)
                for name in NAMES:
                    got = table.read(activity, name, standing)
                    assert (got.detail, got.locating) == (table.read(activity, name, without).detail, False)


def test_nobody_is_known_out_of_reach(table: DecisionTable, activities: Mapping[str, Activity]) -> None:
    reach = {
        "family-card-review": bits.IN_REGION | bits.ON_CASE,
        "benefit-eligibility": bits.ON_CASE,
        "child-protection": bits.ON_CASE | bits.IN_WALK,
        "dv-response": bits.ON_CASE,
        "subject-access": bits.SELF | bits.WARD | bits.CO_RESIDENT,
        "log-review": 0,
        "identity-stewardship": bits.ON_REVIEW,
        "protected-identity-stewardship": bits.ON_REVIEW,
    }
    assert reach.keys() == activities.keys()
    for (name, mask), standing in itertools.product(reach.items(), EVERY):
        assert standing & mask or not any(_answers(table, activities[name], standing))


def test_a_log_is_the_owners_and_of_minors_at_home(table: DecisionTable, activities: Mapping[str, Activity]) -> None:
    for activity in activities.values():
        for standing in EVERY:
            own = bool(standing & bits.SELF) or standing & (bits.WARD | bits.AT_HOME) == bits.WARD | bits.AT_HOME
            assert table.log(activity, standing) == (activity.account and own)


def test_an_account_shows_of_others_what_the_household_shares(
    table: DecisionTable, activities: Mapping[str, Activity]
) -> None:
    account = activities["subject-access"]
    for standing in (bits.CO_RESIDENT, bits.CO_RESIDENT | bits.AT_HOME):
        seen = {name for name in NAMES if table.read(account, name, standing)}
        assert seen == {name for name, line in account.categories.items() if line.reach is not Reach.ACCOUNT}
        assert seen == {"name", "membership", "kinship"}
        assert not any(table.read(account, name, standing).locating for name in NAMES)


# ── failing closed ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rule_in_error_refuses_to_start(activities: Mapping[str, Activity], tmp_path: Path) -> None:
    """An overflow is an error only in evaluation. Cedar skips such a forbid and allows: the fill must not."""
    faulty = changed_rules(
        tmp_path / "rules",
        lambda text: text.replace("principal.officer && resource.near", "9223372036854775807 + 1 > 0 && resource.near"),
    )
    with pytest.raises(Broken):
        DecisionTable.fill(activities, faulty)


def test_an_error_that_one_standing_alone_meets_is_found_too(tmp_path: Path) -> None:
    faulty = changed_rules(
        tmp_path / "rules",
        lambda text: text.replace("resource.reported }", "resource.reported && 9223372036854775807 + 1 > 0 }"),
    )
    traits = Traits(Action.READ, reach="case", officer=True, protective=False, locates=True)
    harmless = bits.ON_CASE
    assert judge(load_rule_book(faulty), traits, [harmless])[0].allowed
    with pytest.raises(Broken):
        judge(load_rule_book(faulty), traits, [harmless | bits.REPORTED])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('@obligation("A colleague', '@duty("A colleague'),
        ('@id("near-family")', '@id("reach")'),
        (NEAR_FAMILY, "permit (principal, action, resource)\nwhen { resource.near };"),
        ("resource.near", "resource.missing"),
        ("resource.near };", "resource.near"),
        (NEAR_FAMILY, "forbid (principal == ?principal, action, resource);"),
    ],
    ids=["no-obligation", "doubled-id", "second-permit", "unknown-attribute", "does-not-parse", "template"],
)  # fmt: skip
def test_doubtful_rules_refuse_to_start(old: str, new: str, activities: Mapping[str, Activity], tmp_path: Path) -> None:
    with pytest.raises(Broken):
        DecisionTable.fill(activities, changed_rules(tmp_path / "rules", lambda text: text.replace(old, new)))


def test_subsets_are_all_and_only_those_of_the_mask() -> None:
    mask = bits.NEAR | bits.SELF | bits.IN_WALK
    assert sorted(subsets(mask)) == [s for s in EVERY if s & ~mask == 0]
