"""The root field `kin`: who is related to a person, as far as the caller may know them and the warrant reaches."""

from __future__ import annotations

from collections.abc import Sequence

from domain.entries import Reach
from domain.errors import Code, Invalid
from domain.links import Family
from domain.wanted import Wanted
from policy.activity import RootRead
from resolvers.gate.gate import Attempts, Gate
from resolvers.reads.kinship import kin_pages
from resolvers.reads.people import person_views
from resolvers.views.pages import Page
from resolvers.views.people import KinView

MAX_DEPTH = 8


async def kin(
    gate: Gate, of: str, depth: int, families: Sequence[str] | None, first: int, after: str | None, wanted: Wanted
) -> Page[KinView]:
    """Kin of the person of an outward id; the empty page for one whom the caller may not know.

    Raises Invalid for a depth outside 1 to MAX_DEPTH and for a kind of link that does not exist.
    """
    gate.require(RootRead.KIN)
    if not 1 <= depth <= MAX_DEPTH:
        raise Invalid(Code.INVALID_ARGUMENT, field="depth", fix="depth_from_1_to_8")
    if families is not None and not set(families) <= {family.value for family in Family}:
        raise Invalid(Code.INVALID_ARGUMENT, field="families", fix="parent_partner_or_guardian")
    person = gate.names.person_of(of)
    known = await gate.know([person] if person is not None else [], attempts=Attempts.ALL)
    for start in known.values():
        gate.show(start, Reach.OPENED)
    arguments = {"depth": depth, "families": families, "first": first, "after": after}
    connection = Wanted(wanted.name, wanted.key, arguments, None, wanted.children)
    pages = await kin_pages(gate, list(known.values()), connection, person_views)
    return next(iter(pages.values()), Page())
