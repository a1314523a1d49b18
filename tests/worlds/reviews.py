"""Reviews as a pull leaves them, and stewards who resolve them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from docket.dossiers import IntakeRow, Outcome
from docket.reviewing import review_id
from domain.claims import Evidence
from domain.ids import PersonId, SourceKey
from domain.matching import Candidate, Comparison, Proposal
from domain.principals import Principal
from tests.connectors.rows import job
from tests.worlds.copies import Made
from tests.worlds.hub import Hub

CLEARED = "protected-identity-stewardship"
REVIEWS = """query($f:Int,$a:String,$m:Boolean!){identityReviews(merged:$m,first:$f,after:$a){
 totalCount pageInfo{hasNextPage endCursor} edges{cursor node{id version state reason source model carried
  stated{surname givenName birthDate nationalId fullName}
  candidates{weight probability comparisons{name level weight} person{id name{surname givenName} identity{birthDate}}}
  choice{decision people reason by} approval{by} left{surname}}}}}"""
RESOLVE = """mutation($r:ID!,$v:Int!,$d:IdentityDecision!,$p:ID,$o:ID,$w:String!){
 resolveIdentity(review:$r,version:$v,decision:$d,person:$p,other:$o,reason:$w){
  id version state carried choice{decision by} approval{by} left{surname givenName}
  candidates{person{id name{surname}}}}}"""


def steward(here: Hub, number: int = 1, *, cleared: bool = False, **more: Any) -> Principal:
    """A steward; the cleared ones are others."""
    name = f"steward-{'cleared-' if cleared else ''}{number}"
    given = {"activities": frozenset({CLEARED})} if cleared else {}
    return here.principal("identity_steward", {"actor": name, "agency": "identity-office"}, **given, **more)


def tax_row(number: int, **changed: Any) -> dict[str, Any]:
    """A row of the tax authority about a taxpayer without a national id."""
    row = job(number)
    taxpayer = row["taxpayer"] | {"iin": None} | changed
    return row | {"id": f"TX-R-{number}", "taxpayer": taxpayer}


async def under_review(
    here: Hub, number: int, candidates: Sequence[PersonId], *, cleared: bool = False, place: str = "", **changed: Any
) -> bytes:
    """Take in a row of the tax authority that is held, with a proposal about its taxpayer; the review's id."""
    row = tax_row(number, **changed)
    raw = msgspec.json.encode(row, order="sorted")
    hasher = here.parts.ring.hasher
    key = SourceKey("tax", row["taxpayer"]["no"])
    position = hasher.position("tax", f"reviewed {place}", number)
    weighed = tuple(
        Candidate(person, 9.5 - place, 0.9, (Comparison("surname", "exact", 9.0), Comparison("address", "street", 0.5)))
        for place, person in enumerate(candidates)
    )
    said = Evidence(key, changed.get("iin"), None, None, birth_date="1990-05-06", full_name=row["taxpayer"]["name"])
    intake = IntakeRow(
        source="tax",
        position=position,
        digest=hasher.row("tax", raw),
        record=hasher.record("tax", row["id"], 1),
        outcome=Outcome.REVIEW,
        reason="NO_ID",
        raw=raw,
        proposals=(Proposal(key, "PROTECTED" if cleared else "NO_ID", weighed, "model-1", cleared, places=False),),
        said=(said,),
    )
    await here.parts.docket.intake([intake])
    return review_id(hasher, position, key)


async def listed(here: Hub, who: Principal, *, merged: bool = False, **variables: Any) -> list[dict[str, Any]]:
    """The reviews that a steward's first page shows."""
    activity = next(iter(who.activities))
    found = await here.data(who, REVIEWS, {"f": 20, "m": merged, **variables}, activity=activity)
    return [edge["node"] for edge in found["identityReviews"]["edges"]]


async def resolve(here: Hub, who: Principal, review: dict[str, Any], decision: str, **more: Any) -> Any:
    """A steward's choice; the answer whole."""
    given = {"r": review["id"], "v": review["version"], "d": decision, "w": "names and dates agree"} | more
    return await here.ask(who, RESOLVE, given, activity=next(iter(who.activities)))


async def family(here: Hub, made: Made, count: int) -> list[PersonId]:
    """Internal ids of some people of the register."""
    return [await here.internal(record) for record in sorted(made.rows)[:count]]
