"""Identity reviews for stewards: what waits for a choice, and merges that may be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.claims import Evidence
from domain.entries import Reach
from domain.ids import PersonId
from domain.matching import Candidate, Comparison
from domain.reviews import Choice
from domain.wanted import Wanted
from policy.activity import RootRead
from resolvers.gate.gate import Gate
from resolvers.gate.known import Known
from resolvers.gate.stewarding import Opened
from resolvers.reads.people import person_views
from resolvers.views.pages import Edge, Page, PageInfo, node_wanted
from resolvers.views.people import PersonView
from resolvers.views.reviews import CandidateView, ChoiceView, ComparisonView, ReviewView, StatedView

_LOCATING = ("address", "residence", "street", "locality", "house", "flat", "postcode")
_COARSE = frozenset({"region"})
_BEYOND = 2**62


async def identity_reviews(gate: Gate, merged: bool, first: int, after: str | None, wanted: Wanted) -> Page[ReviewView]:
    """Reviews that exist for the caller, oldest first; `merged`: merges in force instead. They are not counted."""
    gate.require(RootRead.IDENTITY_REVIEWS)
    connection = f"reviews|{merged}"
    found = await gate.stewarding.waiting(merged, _place(gate.names.position(connection, after)))
    shown = found[:first]
    views = await review_views(gate, shown, node_wanted(wanted), Reach.LISTED)
    cursors = [gate.names.cursor(connection, b"%d" % one.dossier.place) for one in shown]
    info = PageInfo(
        has_next_page=len(found) > first,
        has_previous_page=bool(cursors) and after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
    return Page([Edge(cursor, view) for cursor, view in zip(cursors, views, strict=True)], info, None)


def _place(position: bytes | None) -> int:
    """The place in the line that a cursor holds; beyond its end for one that is not the caller's."""
    if position is None:
        return 0
    return int(position) if position.isdigit() else _BEYOND


async def review_views(gate: Gate, reviews: Sequence[Opened], wanted: Wanted, reach: Reach) -> list[ReviewView]:
    """Views of reviews in their order; all their people in one go."""
    people = {person: known for one in reviews for person, known in one.people.items()}
    persons: Mapping[PersonId, PersonView] = {}
    if wanted.has("candidates"):
        selections = [each for field in wanted.named("candidates") for each in field.named("person")]
        selection = Wanted("person", "person", {}, None, tuple(c for each in selections for c in each.children))
        persons = await person_views(gate, list(people.values()), selection, dict.fromkeys(people, reach))
    return [_view(gate, one, wanted, persons) for one in reviews]


def _view(gate: Gate, opened: Opened, wanted: Wanted, persons: Mapping[PersonId, PersonView]) -> ReviewView:
    dossier, review = opened.dossier, opened.review
    view = ReviewView(
        id=gate.stewarding.show(dossier),
        version=dossier.version,
        state=dossier.state.value,
        reason=review.proposal.reason,
        source=review.source,
        model=review.proposal.model,
        carried=review.carried,
        left=[_stated(one) for one in review.left],
    )
    if review.said is not None:
        view.stated = _stated(review.said)
    if wanted.has("candidates"):
        asked = {leaf.name for field in wanted.named("candidates") for leaf in field.children}
        weighed = {one.person: one for one in review.proposal.candidates}
        order = [*weighed, *(person for person in opened.people if person not in weighed)]
        view.candidates = [_candidate(gate, opened.people[p], weighed.get(p), persons[p], asked) for p in order]
    view.choice = _choice(gate, opened, review.choice, list(wanted.named("choice")))
    view.approval = _choice(gate, opened, review.approval, list(wanted.named("approval")))
    return view


def _candidate(
    gate: Gate, known: Known, weighed: Candidate | None, person: PersonView, asked: set[str]
) -> CandidateView:
    fields = {"weight"} if asked & {"weight", "probability"} else set()
    fields |= asked & {"comparisons"}
    permitted = gate.disclose(known, "matching", fields)
    view = CandidateView(person)
    if weighed is not None and "weight" in permitted:
        view.weight, view.probability = weighed.weight, weighed.probability
    if weighed is not None and "comparisons" in permitted:
        view.comparisons = [_comparison(one) for one in weighed.comparisons]
    return view


def _comparison(one: Comparison) -> ComparisonView:
    """Of a comparison of places the weight alone, unless it says no more than the region."""
    locates = any(word in one.name for word in _LOCATING) and one.level not in _COARSE
    return ComparisonView(one.name, None if locates else one.level, one.weight)


def _choice(gate: Gate, opened: Opened, choice: Choice | None, wanted: Sequence[Wanted]) -> ChoiceView | None:
    """A choice; whom it is about is shown, and noted, only if that is asked for."""
    if choice is None or not wanted:
        return None
    named = any(each.has("people") for each in wanted)
    people = [gate.show(opened.people[p], Reach.LISTED) for p in choice.people if named and p in opened.people]
    return ChoiceView(choice.what.value, people, choice.grounds, choice.by, choice.at)


def _stated(said: Evidence) -> StatedView:
    return StatedView(
        surname=said.surname,
        given_name=said.given_name,
        patronymic=said.patronymic,
        birth_surname=said.birth_surname,
        full_name=said.full_name,
        birth_date=said.birth_date,
        national_id=said.national_id,
    )
