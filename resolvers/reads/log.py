"""The access log: entries for reviewers, and a person's own log for their account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from domain.clock import instant_text
from domain.entries import Shown
from domain.ids import PersonId
from domain.wanted import Wanted
from policy.activity import RootRead
from policy.ledger.shapes import Look, Reviewed
from resolvers.gate.gate import Gate
from resolvers.views.log import EntryCategoryView, EntrySubjectView, EntryView, OwnEntryView
from resolvers.views.pages import Edge, Page, PageInfo, node_wanted

_UNKNOWN = PersonId(0)
"""Nobody: what an id that names no one is looked up as."""

P = TypeVar("P", Look, Reviewed)
V = TypeVar("V")


async def access_log(
    gate: Gate, first: int, after: str | None, wanted: Wanted, *, about: str | None = None, **filters: str | None
) -> Page[EntryView]:
    """Entries, newest first; of protective activity with its subjects sealed. `about`: only of this person."""
    gate.require(RootRead.ACCESS_LOG)
    subject = (gate.names.person_of(about) or _UNKNOWN) if about is not None else None
    connection = f"log|{about}|{sorted((k, v) for k, v in filters.items() if v is not None)}"
    found = await gate.log.entries(first + 1, gate.names.position(connection, after), subject, **filters)
    with_subjects = node_wanted(wanted).has("subjects")
    views = [entry_view(gate, entry, with_subjects) for entry in found[:first]]
    return _page(gate, connection, found, first, after, views)


async def my_access_log(
    gate: Gate, about: str | None, first: int, after: str | None, wanted: Wanted
) -> Page[OwnEntryView]:
    """Who reached for the owner, or for a minor in their care who is registered with them; newest first.

    Whoever else is named gives the empty page. Looks that merely listed the person, the family's own, and those of
    protective activity are not among them.
    """
    gate.require(RootRead.MY_ACCESS_LOG)
    person = gate.names.person_of(about) if about is not None else next(iter(gate.own()), None)
    known = await gate.know([person] if person is not None else [])
    connection = f"own-log|{person}"
    position = gate.names.position(connection, after)
    found: Sequence[Look] = ()
    for one in known.values():
        if gate.log.may_look(one):
            found = await gate.log.looks(one, first + 1, position)
    views = [_own_entry(gate, look) for look in found[:first]]
    return _page(gate, connection, found, first, after, views)


def _page(gate: Gate, connection: str, found: Sequence[P], first: int, after: str | None, views: list[V]) -> Page[V]:
    cursors = [gate.names.cursor(connection, entry.position) for entry in found[:first]]
    info = PageInfo(
        has_next_page=len(found) > first,
        has_previous_page=bool(cursors) and after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
    return Page([Edge(cursor, view) for cursor, view in zip(cursors, views, strict=True)], info, None)


def entry_view(gate: Gate, entry: Reviewed, with_subjects: bool) -> EntryView:
    """One entry as a reviewer sees it; without its subjects where they are not wanted."""
    header = entry.header
    return EntryView(
        id=gate.names.log_entry(entry.position),
        at=instant_text(header.at),
        act=header.act,
        actor=entry.actor,
        acting_for=entry.acting_for,
        client=header.client,
        agency=header.agency,
        unit=header.unit,
        role=header.role,
        activity=header.activity,
        purpose=header.purpose,
        basis=header.basis,
        case=entry.case,
        warrant=entry.warrant,
        decision=header.decision,
        reason=header.reason,
        request_id=entry.request_id,
        subjects=[_subject(gate, shown) for shown in (entry.subjects or ()) if with_subjects],
    )


def _subject(gate: Gate, shown: Shown) -> EntrySubjectView:
    categories = [
        EntryCategoryView(name, detail, sorted(fields)) for name, (detail, fields) in sorted(shown.categories.items())
    ]
    return EntrySubjectView(gate.log.subject(shown.subject), shown.reach.value, categories)


def _own_entry(gate: Gate, look: Look) -> OwnEntryView:
    header = look.header
    return OwnEntryView(
        id=gate.names.log_entry(look.position),
        at=instant_text(header.at),
        actor=header.actor,
        agency=header.agency,
        unit=header.unit,
        role=header.role,
        activity=header.activity,
        purpose=header.purpose,
        basis=header.basis,
    )
