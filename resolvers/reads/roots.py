"""Root reads of people and households: by outward id, by relay's `node`, by federation's `_entities`."""

from __future__ import annotations

from collections.abc import Sequence

from domain.entries import Reach
from domain.ids import HouseholdId, PersonId
from domain.wanted import Wanted
from policy.activity import RootRead
from resolvers.gate.gate import Attempts, Gate
from resolvers.reads.building import at_moment
from resolvers.reads.households import household_views, members_of
from resolvers.reads.people import person_views
from resolvers.views.people import HouseholdView, MeView, PersonView

PERSON = "Person"
HOUSEHOLD = "Household"


async def person(gate: Gate, id: str, wanted: Wanted) -> PersonView | None:
    """The person of an outward id; None for one who is hidden, unknown, of another sector, or not an id at all."""
    gate.require(RootRead.PERSON)
    return (await _people(await at_moment(gate, wanted), [id], wanted)).get(id)


async def household(gate: Gate, id: str, wanted: Wanted) -> HouseholdView | None:
    """The household of an outward id, if one of its members on the day asked about is visible."""
    gate.require(RootRead.HOUSEHOLD)
    return (await _households(await at_moment(gate, wanted), [id], wanted)).get(id)


async def node(gate: Gate, id: str, wanted: Wanted) -> PersonView | HouseholdView | None:
    """Whatever the outward id names. Both kinds are looked for, whichever it is, as far as the activity goes."""
    gate.require(RootRead.PERSON)
    people = await _people(gate, [id], wanted.on_type(PERSON))
    households = await _households(gate, [id] if gate.may(RootRead.HOUSEHOLD) else [], wanted.on_type(HOUSEHOLD))
    return people.get(id) or households.get(id)


async def entities(
    gate: Gate, representations: Sequence[tuple[str, str]], wanted: Wanted
) -> list[PersonView | HouseholdView | None]:
    """Entities of a federated graph: (type name, outward id), in order; None for whatever is hidden or malformed."""
    gate.require(RootRead.PERSON)
    people = await _people(gate, [id for kind, id in representations if kind == PERSON], wanted.on_type(PERSON))
    homes = [id for kind, id in representations if kind == HOUSEHOLD and gate.may(RootRead.HOUSEHOLD)]
    households = await _households(gate, homes, wanted.on_type(HOUSEHOLD))
    return [people.get(id) if kind == PERSON else households.get(id) for kind, id in representations]


async def me(gate: Gate, wanted: Wanted) -> MeView:
    """The caller; `person` is their own card, in a family account alone (officers' own people are barred)."""
    gate.require(RootRead.ME)
    gate = await at_moment(gate, wanted)
    principal = gate.mandate.principal
    view = MeView(
        actor=principal.actor,
        role=principal.role.value,
        agency=principal.agency,
        unit=principal.unit,
        region=principal.region,
        activity=gate.mandate.activity,
    )
    selections = [child for field in wanted.named("person") for child in field.children]
    if wanted.has("person"):
        own = gate.own()
        known = await gate.know(own)
        views = await person_views(
            gate,
            list(known.values()),
            Wanted("person", "person", {}, None, tuple(selections)),
            dict.fromkeys(known, Reach.OPENED),
        )
        view.person = next(iter(views.values()), None)
    return view


async def _people(gate: Gate, ids: Sequence[str], wanted: Wanted) -> dict[str, PersonView]:
    asked: dict[str, PersonId] = {}
    for text in ids:
        number = gate.names.person_of(text)
        if number is not None:
            asked[text] = number
    known = await gate.know(asked.values(), attempts=Attempts.ALL)
    # An id that was merged names somebody whose own id is another one.
    today = {one.person: one for one in known.values()}
    views = await person_views(gate, list(today.values()), wanted, dict.fromkeys(today, Reach.OPENED))
    return {text: views[known[number].person] for text, number in asked.items() if number in known}


async def _households(gate: Gate, ids: Sequence[str], wanted: Wanted) -> dict[str, HouseholdView]:
    asked: dict[str, HouseholdId] = {}
    for text in ids:
        number = gate.names.household_of(text)
        if number is not None:
            asked[text] = number
    members = await members_of(gate, list(asked.values()))
    views = await household_views(gate, members, wanted, person_views)
    return {text: views[number] for text, number in asked.items() if number in views}
