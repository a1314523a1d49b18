"""12: an alleged abuser learns no location in any office, be it a caseworker's, an investigator's, the DV unit's."""

from __future__ import annotations

import pytest

from domain.links import LinkKind
from domain.principals import Principal
from tests.negatives.cast import Caller
from tests.negatives.recording import recorded
from tests.negatives.test_01_02_14_absence import PERSON_QUESTIONS, look
from tests.worlds.copies import Made, grant_warrant, homes_of, open_case
from tests.worlds.hub import Hub
from tests.worlds.served import Heard, served

CASE = "CASE-990000021"
OFFICES = ("caseworker", "dv_unit", "investigator", "benefits_officer")


async def _office(here: Hub, made: Made, role: str, husband: str, wife: str) -> Principal:
    """The husband in an office, with a case (and warrant) about his wife that names him."""
    officer = made.sample["officers"][role]
    who = here.principal(role, {**officer, "iin": made.rows[husband]["iin"], "recordId": husband})
    await open_case(here, who, CASE, [wife])
    if role == "investigator":
        await grant_warrant(here, CASE, [wife])
    return who


async def _absent(here: Hub, who: Principal, record: str) -> bool:
    """Whether everything about a person is what it is about nobody, bytes and calls."""
    watched, calls = recorded(here)
    asks = Caller(who, CASE, record, (record,))
    outward = here.parts.ring.outward(who.sector)
    nobody = outward.encode("P", 2**57 + 99)
    same = []
    for name in ("person", "node", "kin"):
        query = PERSON_QUESTIONS[name]
        first = await look(watched, calls, asks, query, {"i": nobody})
        second = await look(watched, calls, asks, query, {"i": await here.person_id(who, record)})
        same.append(first == second)
    for home in await homes_of(here, record):
        query = PERSON_QUESTIONS["household"]
        first = await look(watched, calls, asks, query, {"i": outward.encode("H", 2**57 + 98)})
        second = await look(watched, calls, asks, query, {"i": outward.encode("H", home)})
        same.append(first == second)
    return all(same)


@pytest.mark.parametrize("role", OFFICES)
async def test_the_husband_in_office(here: Hub, made: Made, role: str) -> None:
    """Wife, children and himself do not exist for him, though the case is open, in his name and about them."""
    family = made.sample["family"]
    husband, wife = family["head"]["recordId"], family["spouse"]["recordId"]
    who = await _office(here, made, role, husband, wife)
    for record in (husband, wife, *(child["recordId"] for child in family["children"])):
        assert await _absent(here, who, record), record
    colleague = here.officer(made.country, role)
    await open_case(here, colleague, "CASE-990000022", [wife])
    if role == "investigator":
        await grant_warrant(here, "CASE-990000022", [wife], warrant="WARRANT-990000003")
    query = "query($i:ID!){person(id:$i){id}}"
    id = await here.person_id(colleague, wife)
    assert (await here.data(colleague, query, {"i": id}, case="CASE-990000022"))["person"], "a colleague handles it"


async def _former(here: Hub, made: Made) -> dict[str, tuple[str, str]]:
    """Pairs of the living who are near only by the past: once married, once in one household, with a common child."""
    records = {await here.internal(record): record for record, row in made.rows.items() if not row["deathDate"]}
    found: dict[str, tuple[str, str]] = {}
    for one, record in records.items():
        if len(found) == 3:
            break
        shape = (await here.parts.reader.facts([one])).people[one]
        opened = here.parts.opener.person(shape)
        now = opened.homes(here.clock.today())
        ties = await here.parts.reader.ties([one], frozenset(LinkKind))
        partners = {tie.other for tie in ties if tie.kind.value.startswith("partner")}
        children = sorted({t.other for t in ties if not t.outgoing and t.kind is LinkKind.PARENT_BIRTH})
        theirs = await here.parts.reader.ties(children, frozenset({LinkKind.PARENT_BIRTH}))
        co_parents = {tie.other for tie in theirs if tie.outgoing} - {one}
        housemates = {
            row.person for row in await here.parts.reader.households(sorted(m.household for m in opened.memberships))
        } - {one}
        for other in sorted((partners | co_parents | housemates) & records.keys()):
            if now & set(await homes_of(here, records[other])):
                continue
            what = (
                "once married" if other in partners else "common child" if other in co_parents else "once one household"
            )
            found.setdefault(what, (record, records[other]))
    return found


async def test_nearness_does_not_end(here: Hub, made: Made) -> None:
    """The former husband, the other parent of a child, whoever once lived there: barred in every office."""
    pairs = await _former(here, made)
    assert {"once married", "once one household"} <= pairs.keys(), pairs
    for number, (what, (one, other)) in enumerate(sorted(pairs.items())):
        officer = made.sample["officers"]["dv_unit"]
        who = here.principal("dv_unit", {**officer, "iin": made.rows[one]["iin"], "actor": f"officer-{number}"})
        case = f"CASE-99000003{number}"
        await open_case(here, who, case, [other])
        query = "query($i:ID!){person(id:$i){id residence{street}}}"
        id = await here.person_id(who, other)
        assert (await here.data(who, query, {"i": id}, case=case))["person"] is None, what
        stranger = here.principal("dv_unit", {**officer, "actor": f"officer-{number}"})
        assert (await here.data(stranger, query, {"i": id}, case=case))["person"], "another in the same seat may"


async def test_an_office_whose_holder_is_not_named(here: Hub, made: Made) -> None:
    """Without the officer's own national id the bar cannot be worked out: such a token opens nothing."""
    husband, wife = (made.sample["family"][who]["recordId"] for who in ("head", "spouse"))
    await _office(here, made, "dv_unit", husband, wife)
    who = here.officer(made.country, "dv_unit")
    query, asked = "query($i:ID!){person(id:$i){id residence{street}}}", {"i": await here.person_id(who, wife)}
    async with served(here, require_person=True) as running:

        async def heard(person: str | None) -> Heard:
            token = running.token(who, person=person)
            headers = running.headers(who, CASE, Authorization=f"Bearer {token}")
            return await running.post({"query": query, "variables": asked}, headers)

        nameless = await heard(None)
        assert (nameless.status, nameless.codes) == (401, ["UNAUTHENTICATED"])
        assert b"residence" not in nameless.body
        assert b'"street"' in (await heard(made.sample["officers"]["dv_unit"]["iin"])).body, "named, of another family"
        assert (await heard(made.rows[husband]["iin"])).body == b'{"data":{"person":null}}'
