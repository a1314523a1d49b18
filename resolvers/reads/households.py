"""Households and their members, as far as members are visible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.entries import Reach
from domain.ids import HouseholdId, PersonId
from domain.links import Role
from domain.records.category import PROVENANCE
from domain.wanted import Wanted
from policy.activity import RootRead
from resolvers.gate.gate import Attempts, Gate
from resolvers.gate.known import Known
from resolvers.gate.opening import OpenMembership
from resolvers.reads.building import BuildPeople, person_wanted
from resolvers.views.pages import cut, node_wanted
from resolvers.views.people import HouseholdView, MemberView, PersonView
from resolvers.views.records import ProvenanceView

_RANK = {role.value: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Member:
    """A visible member, present on the day that the gate speaks of."""

    known: Known
    membership: OpenMembership


async def members_of(
    gate: Gate, households: Sequence[HouseholdId], already: Sequence[Known] = ()
) -> dict[HouseholdId, list[Member]]:
    """Members at the gate's moment whom the caller may know and whose membership they may see, ascending person.

    A household of whose members none is visible is absent: it does not exist for the caller. People of the case who
    stay hidden count as attempted. `already`: people known to the caller by another way than living there (a walk
    reached them): a household of theirs exists too.
    """
    residents = await gate.residents(households)
    everyone = [person for people in residents.values() for person in people]
    known = await gate.know(everyone, attempts=Attempts.ON_CASE)
    known.update((one.person, one) for one in already)
    dwellings = await gate.dwellings(list(known.values()))
    members: dict[HouseholdId, list[Member]] = {}
    for household, people in residents.items():
        found = []
        for person in people:
            if person in known:
                found += [
                    Member(known[person], membership)
                    for membership in dwellings.get(person, ())
                    if membership.household == household
                ]
        if found:
            members[household] = sorted(found, key=lambda m: m.known.person)
    return members


async def household_views(
    gate: Gate, members: dict[HouseholdId, list[Member]], wanted: Wanted, build: BuildPeople
) -> dict[HouseholdId, HouseholdView]:
    """Views of households with the wanted pages of members; all members of all pages in one go.

    The head comes first where roles are selected; elsewhere the order must not tell roles that no entry names.
    """
    views = {household: HouseholdView(gate.show_household(household)) for household in members}
    for connection in wanted.named("members"):
        selection = node_wanted(connection)
        by_role = selection.has("role")
        cuts = {}
        for household, found in members.items():
            name = f"members|{household}|{'role' if by_role else ''}"
            cuts[household] = cut(
                sorted(found, key=_rank) if by_role else found,
                connection.arguments["first"],
                gate.names.position(name, connection.arguments.get("after")),
                _place,
                gate.names.cursors(name),
            )
        shown = [member for page in cuts.values() for _, member in page.items]
        reach = dict.fromkeys((member.known.person for member in shown), Reach.LISTED)
        persons = await build(gate, _distinct(shown), person_wanted(selection), reach)
        sourced = await _sources(gate, shown, selection)
        for household, page in cuts.items():
            nodes = [_member_view(gate, member, selection, persons, sourced) for _, member in page.items]
            views[household].pages[connection.key] = page.page(nodes)
    return views


def _rank(member: Member) -> int:
    return _RANK.get(member.membership.role, len(_RANK))


def _place(member: Member) -> bytes:
    return b"%d" % member.known.person


def _distinct(members: Sequence[Member]) -> list[Known]:
    return list({member.known.person: member.known for member in members}.values())


_STATED = frozenset({"role", "since", "until"})
_Sourced = Mapping[Member, list[ProvenanceView] | None]


async def _sources(gate: Gate, members: Sequence[Member], selection: Wanted) -> _Sourced:
    """Where memberships came from, if that is selected."""
    if not selection.has(PROVENANCE):
        return {}
    stays = [(member.known, member.membership) for member in members]
    return dict(zip(members, await gate.tie_sources.of_stays(stays, selection.names() & _STATED), strict=True))


def _member_view(
    gate: Gate, member: Member, selection: Wanted, persons: dict[PersonId, PersonView], sourced: _Sourced
) -> MemberView:
    wanted = {"household"} | (selection.names() & _STATED)
    fields = gate.disclose(member.known, "membership", wanted)
    return MemberView(
        person=persons[member.known.person],
        role=member.membership.role if "role" in fields else None,
        since=member.membership.since if "since" in fields else None,
        until=member.membership.until if "until" in fields else None,
        provenance=sourced.get(member),
    )


async def attach_households(
    gate: Gate, people: Sequence[Known], views: dict[PersonId, PersonView], wanted: Wanted, build: BuildPeople
) -> None:
    """The present households of people, where `wanted` names them; one membership look-up for all people."""
    selections = list(wanted.named("households"))
    if not selections or not gate.may(RootRead.HOUSEHOLD):
        return
    gate.reach_for_family()
    selection = Wanted("households", "households", {}, None, tuple(c for s in selections for c in s.children))
    dwellings = await gate.dwellings(people)
    homes = {person: sorted({one.household for one in stays}) for person, stays in dwellings.items()}
    members = await members_of(gate, sorted({home for found in homes.values() for home in found}), people)
    by_id = await household_views(gate, members, selection, build)
    for known in people:
        here = [by_id[home] for home in homes.get(known.person, []) if home in by_id]
        if here:
            views[known.person].households = here
        gate.disclose(known, "membership", {"household"})
