"""What a batch writes: partners stored once, what is superseded taken back."""

from __future__ import annotations

from typing import Any

from connectors.agencies.agency import Agency
from connectors.agencies.catalogue import BY_NAME
from connectors.parts import shipped_model
from connectors.pipeline.candidates import Known
from connectors.pipeline.deciding import Deciding
from connectors.pipeline.folding import Folding, Foldings
from connectors.pipeline.opened import Opened
from connectors.pipeline.validate import validate
from connectors.pipeline.weighing import Weighing
from connectors.protocols.page import Page
from connectors.protocols.signed import Keys
from domain.claims import ClaimBody
from domain.links import LinkKind
from domain.records.fold import Held
from tests.connectors.rows import iin, person, relation
from tests.vault.rings import ring

RING = ring()


def marriage(n: int, event: str, first: int, second: int, on: str) -> dict[str, Any]:
    def spouse(who: int) -> dict[str, Any]:
        row = person(who)
        return {
            "person_no": f"CR-{who}", "surname": row["surname"], "given_name": row["givenName"],
            "birth_date": row["birthDate"], "sex": "female",
            "identifier": [{"identifier_type": "IIN", "identifier_value": iin(who)}],
        }  # fmt: skip

    return {
        "change_seq": n, "act_no": f"AK-{n}", "version": 1, "changed_at": "2026-01-01T00:00:00Z", "event_type": event,
        "event_date": on, "place": {"region": "KZ-75", "locality": "x"},
        "persons": {"spouse1": spouse(first), "spouse2": spouse(second)},
    }  # fmt: skip


async def folded(agency: Agency, rows: list[dict[str, Any]], known: Known | None = None) -> tuple[Foldings, Known]:
    known = known or Known()
    checked = await validate(agency, Page(tuple(rows), "", "1"), RING.hasher, Keys(None).document)
    for row in checked:
        for evidence in row.said.people if row.said is not None else ():
            known.keys[evidence.key] = RING.hasher.source_key(evidence.key)
            if evidence.national_id is not None:
                known.nationals[evidence.national_id] = RING.hasher.national(evidence.national_id)
    verdict = await Deciding(known, RING.hasher.founding, Weighing(shipped_model())).judge(agency, checked, {}, {})
    return await Folding(RING, known).fold(verdict), known


async def test_a_marriage_hangs_on_both_and_is_stored_once() -> None:
    out, _ = await folded(BY_NAME["civil"], [marriage(1, "marriage", 1, 2, "2010-01-01")])
    claims = [row for row in out.claims if row.kind == "link"]
    assert len({row.key for row in claims}) == 2
    links = [link for write in out.people for link in write.links or ()]
    assert [(link.kind, link.year) for link in links] == [(LinkKind.PARTNER_MARRIAGE, 2010)]
    assert links[0].person == min(write.person for write in out.people)


async def test_the_order_of_spouses_does_not_matter_to_a_divorce() -> None:
    rows = [marriage(1, "marriage", 1, 2, "2010-01-01"), marriage(2, "divorce", 2, 1, "2015-01-01")]
    out, _ = await folded(BY_NAME["civil"], rows)
    assert len([link for write in out.people for link in write.links or ()]) == 1


async def test_a_version_without_links_takes_the_old_ones_back() -> None:
    population = BY_NAME["population"]
    first = person(3, relations=[relation("responsibility", 4)])
    out, known = await folded(population, [first])
    by_key = {write.person: write for write in out.people}
    who = known.owners[next(key for key in known.keys if key.source_id == "PR-000003")]
    assert len(by_key[who].links or ()) == 1
    held = []
    checked = await validate(population, Page((first,), "", "1"), RING.hasher, Keys(None).document)
    assert checked[0].said is not None
    for claim, row in zip(checked[0].said.claims, out.claims, strict=True):
        body: ClaimBody = claim.body
        if known.owners[claim.key] == who:
            held.append(Held(row.claim, row.key, claim.kind, body))
    wrapped = {key.key: key.wrapped for key in out.keys}
    known.people[who] = Opened(who, 1, by_key[who].wrapped or b"", wrapped, held, by_key[who].nationals or ())
    out, _ = await folded(population, [person(3, version=2, relations=[])], known)
    (write,) = out.people
    assert (write.base, write.links) == (1, ())
    assert write.memberships is not None
