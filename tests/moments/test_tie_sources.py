"""Provenance of memberships and links that were pulled: every line names a row that an agency served."""

from __future__ import annotations

from typing import Any

from tests.acquaintance.questions import MEMBERS
from tests.markers.entries import newest
from tests.moments.past import Past
from tests.moments.test_sources import CASE, rows_of
from tests.worlds.copies import open_case
from tests.worlds.hub import Hub

_LINES = "provenance{field source sourceId retrievedAt claim overruled{value agrees source sourceId retrievedAt claim}}"
HOMES = f"households{{id members(first:20){{edges{{node{{role since until {_LINES} person{{id}}}}}}}}}}"
KIN = f"kin(depth:2,first:50){{edges{{node{{relation {_LINES} person{{id}}}}}}}}"
CARD = f"query($i:ID!){{person(id:$i){{id {HOMES} {KIN}}}}}"
OWN = f"{{me{{person{{id {HOMES} {KIN}}}}}}}"


def _nodes(card: Any) -> tuple[list[Any], list[Any]]:
    homes = [edge["node"] for home in card["households"] or () for edge in home["members"]["edges"]]
    return homes, [edge["node"] for edge in card["kin"]["edges"]]


def _every(nodes: list[Any]) -> list[Any]:
    lines = [line for node in nodes for line in node["provenance"] or ()]
    return [*lines, *(other for line in lines for other in line["overruled"])]


async def test_every_line_names_a_row_that_was_served(here: Hub, before: Past) -> None:
    """Of kin with whom a case is opened too: a link has two ends, and both must be on it."""
    record = before.sample["investigated"]["recordId"]
    who = here.officer(before.country, "caseworker")
    await open_case(here, who, CASE, [record])
    card = (await here.data(who, CARD, {"i": await here.person_id(who, record)}, case=CASE))["person"]
    homes, kin = _nodes(card)
    assert homes
    rows = rows_of(before)
    for node in homes:
        assert {line["field"] for line in node["provenance"]} == {n for n in ("role", "since", "until") if node[n]}
        assert {line["source"] for line in node["provenance"]} == {"population"}
    for node in kin:
        assert [line["field"] for line in node["provenance"]] == ["relation"] * len(node["relation"])
    every = _every([*homes, *kin])
    assert {(one["source"], one["sourceId"]) for one in every} <= rows.keys()
    assert None not in {one["retrievedAt"] for one in every}
    entry = newest(here.folder / "ledger.db", here.parts.ring)
    noted = {category for _, category, field in entry.places if field == "provenance"}
    assert noted == ({"membership", "kinship"} if kin else {"membership"})


async def test_kin_of_an_investigation_say_where_their_links_came_from(here: Hub, before: Past) -> None:
    who, case = here.officer(before.country, "investigator"), before.sample["cases"]["investigator"]
    id = await here.person_id(who, before.sample["investigated"]["recordId"])
    _, kin = _nodes((await here.data(who, CARD, {"i": id}, case=case))["person"])
    every = _every(kin)
    assert len(every) >= len(kin) > 1
    assert {one["source"] for one in every} <= {"civil", "population"}
    assert {(one["source"], one["sourceId"]) for one in every} <= rows_of(before).keys()


async def test_a_report_withholds_it_with_the_location(here: Hub, before: Past) -> None:
    """Of the sample's family, where one reported the other: of both, and of links to either."""
    family = before.sample["family"]
    who, case = here.officer(before.country, "caseworker"), before.sample["cases"]["caseworker"]
    id = await here.person_id(who, family["head"]["recordId"])
    homes, kin = _nodes((await here.data(who, CARD, {"i": id}, case=case))["person"])
    own = [node for node in homes if node["person"]["id"] == id]
    assert own and {str(node["provenance"]) for node in (*own, *kin)} == {"None"}


async def test_an_account_is_told_the_agency_alone_and_of_its_own(here: Hub, before: Past) -> None:
    card = (await here.data(here.family(before.sample["family_member"]["iin"]), OWN))["me"]["person"]
    homes, kin = _nodes(card)
    own = [node for node in homes if node["person"]["id"] == card["id"]]
    assert own and all(node["provenance"] for node in own)
    told = _every([*homes, *kin])
    assert {one["source"] for one in told} <= {"population", "civil"}
    assert {one[name] for one in told for name in ("sourceId", "retrievedAt", "claim")} == {None}
    partners = [node for node in kin if node["relation"] == ["partner_marriage"]]
    assert all(node["provenance"] is None for node in partners), "of grown others an account is told names"


async def test_coarse_detail_has_none(here: Hub, before: Past) -> None:
    who = here.officer(before.country, "benefits_officer")
    record = before.sample["investigated"]["recordId"]
    await open_case(here, who, CASE, [record])
    id = await here.person_id(who, record)
    found = await here.data(who, f"query($i:ID!){{person(id:$i){{households{{{MEMBERS}}}}}}}", {"i": id}, case=CASE)
    nodes = [edge["node"] for home in found["person"]["households"] for edge in home["members"]["edges"]]
    assert nodes and {str(node["provenance"]) for node in nodes} == {"None"}
