"""The root field `kin`: who is related to a person, as far as the caller may know them and the warrant reaches."""

from __future__ import annotations

from collections.abc import Sequence

from domain.entries import Reach
from domain.wanted import Wanted
from policy.activity import RootRead
from resolvers.gate.gate import Attempts, Gate
from resolvers.reads.building import at_moment
from resolvers.reads.kinship import kin_pages
from resolvers.reads.people import person_views
from resolvers.reads.walking import bound
from resolvers.views.pages import Page
from resolvers.views.people import KinView


async def kin(
    gate: Gate, of: str, depth: int, families: Sequence[str] | None, first: int, after: str | None, wanted: Wanted
) -> Page[KinView]:
    """Kin of the person of an outward id; the empty page for one whom the caller may not know.

    Raises Invalid as `bound` does.
    """
    gate.require(RootRead.KIN)
    bound(depth, families)
    gate = await at_moment(gate, wanted)
    person = gate.names.person_of(of)
    known = await gate.know([person] if person is not None else [], attempts=Attempts.ALL)
    for start in known.values():
        gate.show(start, Reach.OPENED)
    arguments = {"depth": depth, "families": families, "first": first, "after": after}
    connection = Wanted(wanted.name, wanted.key, arguments, None, wanted.children)
    pages = await kin_pages(gate, list(known.values()), connection, person_views)
    return next(iter(pages.values()), Page())
