"""The civil registry: acts of birth, death, marriage, divorce and adoption since 1945."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from simulator.agencies.draft import Body, Cards, Draft, day
from simulator.numbering import number
from simulator.world import rates
from simulator.world.model import Block, Person

STREAM = "civil"
_SINCE = date(rates.CIVIL_SINCE_YEAR, 1, 1).toordinal()
_BIRTH, _DEATH, _MARRIAGE, _DIVORCE, _ADOPTION = range(5)


def drafts(block: Block) -> Iterator[Draft]:
    """One record for each act; lives together without marriage are unknown here, and fathers not named."""
    for person in block.people.values():
        if person.mother is not None and person.born >= _SINCE:
            parents = [person.mother]
            if person.father is not None and person.father_named:
                parents.append(person.father)
            named = ("child", "parent1_identifier", "parent2_identifier")
            roles = dict(zip(named, (person.number, *parents), strict=False))
            yield _act(block, _BIRTH, person.number, "live_birth", person.born, person.number, roles)
        if _SINCE <= person.dies <= block.today:
            roles = {"deceased": person.number}
            yield _act(block, _DEATH, person.number, "death", person.dies, person.number, roles)
    for union in block.unions:
        if union.kind != "marriage" or union.start < _SINCE:
            continue
        roles = {"spouse1": union.husband, "spouse2": union.wife}
        yield _act(block, _MARRIAGE, union.number, "marriage", union.start, union.wife, roles)
        if union.end is not None and union.end_by == "divorce":
            yield _act(block, _DIVORCE, union.number, "divorce", union.end, union.wife, roles)
    for adoption in block.adoptions:
        roles = {"child": adoption.child, "parent1_identifier": adoption.mother}
        if adoption.father is not None:
            roles["parent2_identifier"] = adoption.father
        yield _act(block, _ADOPTION, adoption.child, "adoption", adoption.day, adoption.child, roles)


def _act(
    block: Block, kind: int, of: int, event: str, on: int, where: int, roles: dict[str, int]
) -> Draft:  # fmt: skip
    act = number("AK", (block.number * 1000 + of) * 8 + kind)
    place = _place(block, block.people[where], on)
    return Draft(STREAM, act, tuple(roles.values()), partial(_body, block, act, event, on, place, roles))


def _place(block: Block, person: Person, on: int) -> tuple[str, str]:
    """Region and locality of the home on that day; of a birth in a marker country, the child's own marker."""
    for stay in person.stays:
        if stay.start <= on and (stay.end is None or stay.end >= on):
            locality = stay.address.locality
            if person.born == on and person.birthplace is not None:
                locality = person.birthplace
            return stay.address.region, locality
    return block.home_region, person.birthplace or (person.stays[0].address.locality if person.stays else "")


def _body(
    block: Block, act: str, event: str, on: int, place: tuple[str, str], roles: dict[str, int], cards: Cards
) -> Body:
    return {
        "act_no": act, "change_seq": 0, "changed_at": "", "event_date": day(on), "event_type": event,
        "persons": {role: _cref(block, cards, person, on, event) for role, person in roles.items()},
        "place": {"locality": place[1], "region": place[0]}, "version": 1,
    }  # fmt: skip


def _cref(block: Block, cards: Cards, person: int, on: int, event: str) -> Body:
    """A person as named in an act: with the surname borne just before it (a marriage is entered under the old)."""
    card, true = cards.card(person), block.people[person]
    then = true.surname_on(on - 1 if event == "marriage" else on)
    surname = card.surname if card.surname != true.surname else then
    return {
        "birth_date": card.born,
        "birth_surname": card.birth_surname,
        "given_name": card.given,
        "identifier": [] if card.iin is None else [{"identifier_type": "IIN", "identifier_value": card.iin}],
        "patronymic": card.patronymic,
        "person_no": card.number,
        "sex": "female" if card.sex == "F" else "male",
        "surname": surname,
    }
