"""What must fail does fail: the same checks over an allow-all table, forgetful notes and leaking views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

import resolvers.gate.gate
import resolvers.gate.records
from domain.entries import Reach
from domain.ids import PersonId
from domain.records.category import Category, Detail
from policy.activity import Activity, RootRead
from policy.decision.permit import Permit
from resolvers.gate.notes import Notes
from resolvers.views.records import mask
from tests.markers.capacities import Capacity
from tests.markers.documents import Question
from tests.markers.exactness import Tally, check
from tests.markers.places import Places
from tests.markers.town import Town
from tests.worlds.hub import TABLE

RECORDS = """name { surname givenName } identity { birthDate birthYear nationalId } residence { street locality }
 income { amount month incomeBand } employment { employer since sinceYear } healthCover { payor }"""
CARD = f"""query($id: ID!) {{ person(id: $id) {{ id {RECORDS}
 households {{ members {{ edges {{ node {{ role since person {{ id name {{ surname }} }} }} }} }} }}
 kin(depth: 2) {{ edges {{ node {{ degree person {{ id name {{ givenName }} }} }} }} }} }} }}"""
CATEGORIES = ("name", "identity", "residence", "income", "employment", "health_cover", "membership", "kinship")


class AllowAll:
    """A decision table that allows everything."""

    policy_hash = TABLE.policy_hash

    def know(self, _activity: Activity, _standing: int) -> bool:
        """Everyone is known."""
        return True

    def read(self, _activity: Activity, _category: str, _standing: int) -> Permit:
        """Everything is read in full."""
        return Permit(Detail.FULL, True)

    def log(self, _activity: Activity, _standing: int) -> bool:
        """Every log is read."""
        return True


def _question(id: str) -> Question:
    return Question(CARD, {"id": id}, frozenset(), pages=False)


@pytest.mark.parametrize("role", ["caseworker", "benefits_officer", "investigator", "dv_unit", "family_member"])
def test_an_allow_all_table_leaks_people_out_of_scope(
    role: str, marked: Town, world: Places, askers: dict[str, Capacity]
) -> None:
    who = askers[role]
    far = marked.run(marked.hub.internal(marked.country.sample["people"]["other_region"]["recordId"]))
    id = marked.hub.parts.ring.outward(who.principal.sector).encode("P", far)
    assert world.found(marked.ask(who, CARD, {"id": id}).body) == frozenset()
    leaking = marked.hub.with_parts(table=AllowAll())
    leaked = world.found(marked.ask(who, CARD, {"id": id}, through=leaking).body)
    assert world.unique((far, "name", "surname")) and world.unique((far, "residence", "street"))
    for place in [(far, "name", "surname"), (far, "name", "given_name"), (far, "residence", "street")]:
        assert world.unique(place) <= leaked


def test_the_card_of_the_controls_passes_unspoilt(marked: Town, world: Places, askers: dict[str, Capacity]) -> None:
    tally = Tally()
    for who in (each for each in askers.values() if RootRead.PERSON in each.acts):
        check(_question(who.people[0]), marked, world, who, tally)
    who = askers["caseworker"]
    check(_question(who.people[0]), marked, world, who, tally := Tally())
    assert {category for category, _ in tally.places} >= {"name", "identity", "residence", "membership", "kinship"}


def _forget(category: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let gates note all but one category."""

    class Forgetful(Notes):
        """Forgets one category."""

        def disclosed(self, person: PersonId, name: str, fields: Iterable[str], detail: Detail) -> None:
            """Note everything else."""
            if name != category:
                super().disclosed(person, name, fields, detail)

    monkeypatch.setattr(resolvers.gate.gate, "Notes", Forgetful)


@pytest.mark.parametrize("category", ["name", "identity", "residence", "membership", "kinship"])
def test_notes_that_forget_a_category_are_found_out(
    category: str, marked: Town, world: Places, askers: dict[str, Capacity], monkeypatch: pytest.MonkeyPatch
) -> None:
    _forget(category, monkeypatch)
    who = askers["caseworker"]
    with pytest.raises(AssertionError):
        check(_question(who.people[0]), marked, world, who, Tally())


@pytest.mark.parametrize("field", ["patronymic", "surname_of_nobody"])
def test_notes_that_claim_too_much_are_found_out(
    field: str, marked: Town, world: Places, askers: dict[str, Capacity], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A field that was not selected; and, as the limit of the search, one that nobody has, which cannot be told."""

    class Boastful(Notes):
        """Notes a field more."""

        def disclosed(self, person: PersonId, name: str, fields: Iterable[str], detail: Detail) -> None:
            """Note everything and more."""
            super().disclosed(person, name, {*fields, field} if name == "name" else fields, detail)

    monkeypatch.setattr(resolvers.gate.gate, "Notes", Boastful)
    who = askers["caseworker"]
    if field == "patronymic":
        with pytest.raises(AssertionError):
            check(_question(who.people[0]), marked, world, who, Tally())
    else:
        check(_question(who.people[0]), marked, world, who, Tally())


def test_notes_that_forget_a_person_are_found_out(
    marked: Town, world: Places, askers: dict[str, Capacity], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Blind(Notes):
        """Does not note whom it shows."""

        def shown(self, person: PersonId, reach: Reach) -> None:
            """Nothing."""

    monkeypatch.setattr(resolvers.gate.gate, "Notes", Blind)
    who = askers["caseworker"]
    bare = Question("query($id: ID!) { person(id: $id) { id } }", {"id": who.people[0]}, frozenset(), pages=False)
    with pytest.raises(AssertionError):
        check(bare, marked, world, who, Tally())


def test_views_that_leak_a_field_are_found_out(
    marked: Town, world: Places, askers: dict[str, Capacity], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A benefits officer sees years of birth; a mask that lets the date through is caught."""

    def leaking(category: Category, item: Mapping[str, Any], fields: frozenset[str]) -> Any:
        return mask(category, item, fields | category.by_name().keys())

    monkeypatch.setattr(resolvers.gate.records, "mask", leaking)
    who = askers["benefits_officer"]
    with pytest.raises(AssertionError):
        check(_question(who.people[0]), marked, world, who, Tally())


REVIEWS = """{ identityReviews(first: 20) { edges { node { id candidates { weight comparisons { name level }
 person { id name { surname givenName patronymic } identity { birthDate nationalId } residence { street } } } } } } }"""


def _of_reviews() -> Question:
    return Question(REVIEWS, {}, frozenset(), pages=False)


def test_reviews_of_the_controls_pass_unspoilt(marked: Town, world: Places, askers: dict[str, Capacity]) -> None:
    found = check(_of_reviews(), marked, world, askers["identity_steward"], tally := Tally())
    assert len(found.reviews) >= 2 and tally.markers >= 4
    assert {category for category, _ in tally.places} == {"name", "identity", "matching"}


@pytest.mark.parametrize("category", ["name", "identity", "matching"])
def test_notes_that_forget_a_category_of_a_candidate_are_found_out(
    category: str, marked: Town, world: Places, askers: dict[str, Capacity], monkeypatch: pytest.MonkeyPatch
) -> None:
    _forget(category, monkeypatch)
    with pytest.raises(AssertionError):
        check(_of_reviews(), marked, world, askers["identity_steward"], Tally())


def test_notes_that_forget_a_review_are_found_out(
    marked: Town, world: Places, askers: dict[str, Capacity], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Blind(Notes):
        """Does not note which reviews it shows."""

        def reviewed(self, review: bytes) -> None:
            """Nothing."""

    monkeypatch.setattr(resolvers.gate.gate, "Notes", Blind)
    with pytest.raises(AssertionError):
        check(_of_reviews(), marked, world, askers["identity_steward"], Tally())


def test_an_allow_all_table_leaks_where_candidates_live(
    marked: Town, world: Places, askers: dict[str, Capacity]
) -> None:
    who = askers["identity_steward"]
    streets = {marker for place in world.values if place[2] == "street" for marker in world.unique(place)}
    assert not world.found(marked.ask(who, REVIEWS).body) & streets
    leaking = marked.hub.with_parts(table=AllowAll())
    assert world.found(marked.ask(who, REVIEWS, through=leaking).body) & streets
