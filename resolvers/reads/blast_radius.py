"""The root field `identityBlastRadius`: what a wrong merge told to whom."""

from __future__ import annotations

from dataclasses import replace

from domain.entries import Shown
from domain.wanted import Wanted
from policy.activity import RootRead
from policy.ledger.shapes import Reviewed
from resolvers.gate.gate import Gate
from resolvers.reads.log import entry_view
from resolvers.views.log import EntryCategoryView, EntrySubjectView, EntryView
from resolvers.views.pages import Edge, Page, PageInfo


async def identity_blast_radius(
    gate: Gate, review: str | None, person: str | None, first: int, after: str | None, wanted: Wanted
) -> Page[EntryView]:
    """Entries that held data of the person whom a merge dropped, newest first, each with the categories concerned.

    A steward names the review of the merge, if it exists for them; a reviewer of the log the person. Whoever may not
    read the log otherwise is told who looked and when, not on which case. A page may be shorter than asked for, and
    even empty, with more to come.
    """
    gate.require(RootRead.IDENTITY_BLAST_RADIUS)
    reviewer = gate.may(RootRead.ACCESS_LOG)
    opened = None if reviewer else await gate.stewarding.review(gate.names.review_of(review or ""))
    dropped = gate.names.person_of(person or "") if reviewer else None
    if opened is not None and opened.review.merge is not None:
        dropped = opened.review.merge.dropped
    connection = f"radius|{dropped}"
    found = await gate.stewarding.radius(dropped, first, gate.names.position(connection, after))
    views = [_view(gate, entry, shown, reviewer) for entry, shown in found.entries]
    cursors = [gate.names.cursor(connection, entry.position) for entry, _ in found.entries]
    end = gate.names.cursor(connection, found.end) if found.end is not None else None
    info = PageInfo(end is not None, after is not None, cursors[0] if cursors else None, end)
    return Page([Edge(cursor, view) for cursor, view in zip(cursors, views, strict=True)], info, None)


def _view(gate: Gate, entry: Reviewed, shown: Shown, reviewer: bool) -> EntryView:
    view = entry_view(gate, entry, with_subjects=False)
    if not reviewer:
        view = replace(view, case=None, warrant=None)
    categories = [EntryCategoryView(name, d, sorted(fields)) for name, (d, fields) in sorted(shown.categories.items())]
    return replace(view, subjects=[EntrySubjectView(None, shown.reach.value, categories)])
