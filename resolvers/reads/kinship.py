"""Kin of people: pages of whom a walk through the gate reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.entries import Reach
from domain.ids import PersonId
from domain.records.category import PROVENANCE
from domain.wanted import Wanted
from policy.activity import RootRead
from resolvers.gate.gate import Gate
from resolvers.gate.known import Known
from resolvers.gate.relations import Relation
from resolvers.kin.naming import Kinship, Relatives
from resolvers.kin.ties import lasts
from resolvers.reads.building import BuildPeople, person_wanted
from resolvers.reads.kin_terms import WORKED_OUT, Telling
from resolvers.reads.walking import Kin, Walked, walk_from
from resolvers.views.pages import Cut, Page, cut, node_wanted
from resolvers.views.people import KinView, PersonView
from resolvers.views.records import ProvenanceView


async def kin_pages(
    gate: Gate, starts: Sequence[Known], connection: Wanted, build: BuildPeople
) -> dict[PersonId, Page[KinView]]:
    """One page of kin for each start, as the connection's arguments and selection ask."""
    arguments: Mapping[str, Any] = connection.arguments
    selection = node_wanted(connection)
    naming = not selection.names().isdisjoint(WORKED_OUT)
    walked = await walk_from(gate, starts, arguments["depth"], arguments.get("families"), siblings=naming)
    cuts = {}
    for start, found in walked.reached.items():
        listed = [kin for kin in found if gate.permits(kin.link.far, "kinship")]
        gate.count(listed)
        name = f"kin|{start}|{arguments['depth']}|{sorted(arguments.get('families') or [])}"
        cuts[start] = cut(
            listed,
            arguments["first"],
            gate.names.position(name, arguments.get("after")),
            _place,
            gate.names.cursors(name),
        )
    shown = {kin.link.far.person: kin.link.far for page in cuts.values() for _, kin in page.items}
    reach = dict.fromkeys(shown, Reach.LISTED)
    views = await build(gate, list(shown.values()), person_wanted(selection), reach)
    named: dict[PersonId, dict[PersonId, Kinship]] = {start: {} for start in cuts}
    for start, page in cuts.items() if naming else ():
        around = Relatives.around(start, walked.ties, walked.depth) if page.items else None
        for _, kin in page.items:
            kinship = around.of(kin.link.far.person) if around is not None else None
            if kinship is not None:
                named[start][kin.link.far.person] = kinship
    telling = Telling(gate, walked.people)
    await telling.learn((one for found in named.values() for one in found.values()), selection)
    sourced = await _sources(gate, walked, cuts, selection)
    pages = {}
    for start, page in cuts.items():
        lines = {kin.link.other: sourced.get((start, kin.link.other)) for _, kin in page.items}
        told = _Told(gate, views, selection, named[start], telling, lines)
        pages[start] = page.page([_view(kin, told) for _, kin in page.items])
    return pages


@dataclass(frozen=True, slots=True)
class _Told:
    """What the views of one page are made of."""

    gate: Gate
    views: Mapping[PersonId, PersonView]
    selection: Wanted
    named: Mapping[PersonId, Kinship]
    telling: Telling
    lines: Mapping[PersonId, list[ProvenanceView] | None]


_Sourced = Mapping[tuple[PersonId, PersonId], list[ProvenanceView]]
"""Start and whom the walk reached from it → a line for each link between."""


async def _sources(gate: Gate, walked: Walked, cuts: Mapping[PersonId, Cut[Kin]], selection: Wanted) -> _Sourced:
    """Where the links to everyone on the pages came from, if that is selected; absent where it may not be told of one
    of them."""
    if not selection.has(PROVENANCE):
        return {}
    ways = {}
    for start, page in cuts.items():
        reached = {kin.link.other: kin for kin in walked.reached[start]}
        ways.update({(start, kin.link.other): _links(start, kin, reached) for _, kin in page.items})
    met = walked.people
    lines = await gate.tie_sources.of_ways([[(met[link.person], link) for link in links] for links in ways.values()])
    asked = selection.has("relation")
    return {
        ends: [lines[link] for link in links if asked]
        for ends, links in ways.items()
        if all(link in lines for link in links)
    }


def _links(start: PersonId, kin: Kin, reached: Mapping[PersonId, Kin]) -> list[Relation]:
    """The links of a way from its start: of whoever is passed through, the walk keeps the same way."""
    links = [kin.link]
    while links[0].person != start:
        links.insert(0, reached[links[0].person].link)
    return links


def _place(kin: Kin) -> bytes:
    return b"%d" % kin.link.far.person


def _view(kin: Kin, told: _Told) -> KinView:
    known, gate, selection = kin.link.far, told.gate, told.selection
    # Being listed tells both, selected or not: depth, families and the order of a page say how near and over what.
    fields = gate.disclose(known, "kinship", {"relation", "degree"} | selection.names() & WORKED_OUT)
    if gate.moment.on is not None and not lasts(kin.path):
        # A link that is there on a day tells when it began and ended.
        gate.disclose(known, "civil_status", {"event_date"})
    view = KinView(
        person=told.views[known.person],
        degree=len(kin.path) if "degree" in fields else None,
        relation=list(kin.path) if "relation" in fields else None,
        provenance=told.lines[known.person],
    )
    kinship = told.named.get(known.person)
    if kinship is not None:
        for name, value in told.telling.fields(kinship, selection, fields).items():
            setattr(view, name, value)
    return view


async def attach_kin(
    gate: Gate, people: Sequence[Known], views: Mapping[PersonId, PersonView], wanted: Wanted, build: BuildPeople
) -> None:
    """Kin of people, where `wanted` names them: a page for each name the connection has in the answer.

    Under an activity that does not list the act the pages are empty, and nothing is walked.
    """
    for connection in wanted.named("kin"):
        if not gate.may(RootRead.KIN):
            for known in people:
                views[known.person].pages[connection.key] = Page()
            continue
        pages = await kin_pages(gate, people, connection, build)
        for person, page in pages.items():
            views[person].pages[connection.key] = page
