"""The population register: names, births, deaths, registrations, who is responsible for a child, grades."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from simulator.agencies.draft import Body, Cards, Draft, day, day_or_none
from simulator.numbering import number
from simulator.world import rates
from simulator.world.model import Address, Block, Person

STREAM = "population"
_SINCE = date(rates.REGISTER_SINCE_YEAR, 1, 1).toordinal()
_DEAD_SINCE = date(1995, 1, 1).toordinal()


def drafts(block: Block) -> Iterator[Draft]:
    """One record for each person alive since 1995."""
    relations = _relations(block)
    for person in block.people.values():
        if knows(person):
            mine = relations.get(person.number, [])
            people = (person.number, *(carer for _, carer, _, _ in mine))
            record = number("PR", block.key(person.number))
            yield Draft(STREAM, record, people, partial(_body, block, person, mine))


def knows(person: Person) -> bool:
    """Whether the register holds the person."""
    return person.dies >= _DEAD_SINCE


def _relations(block: Block) -> dict[int, list[tuple[str, int, int, int | None]]]:
    """Child → (kind, carer, from, to): legal responsibility of the parents of minors, and cares."""
    found: dict[int, list[tuple[str, int, int, int | None]]] = {}
    ended = {(c.child, c.carer): c.end for c in block.cares if c.kind == "responsibility"}
    adopted = {a.child: a for a in block.adoptions}
    for person in block.people.values():
        if not block.lives(person) or block.age(person) >= 18:
            continue
        adoption = adopted.get(person.number)
        ends = [d for d in (person.removed_on, adoption.day if adoption else None) if d is not None]
        parents = [person.mother, person.father if person.father_named else None]
        for parent in parents:
            if parent is None or not knows(block.people[parent]):
                continue
            closes = [*ends, *([c] if (c := ended.get((person.number, parent))) else [])]
            if not block.lives(block.people[parent]):
                closes.append(max(block.people[parent].dies, person.born))
            keeps = adoption is not None and parent in (adoption.mother, adoption.father) and not person.removed_on
            end = None if keeps else min(closes, default=None)
            found.setdefault(person.number, []).append(("responsibility", parent, person.born, end))
        if adoption is not None:
            for new in (adoption.mother, adoption.father):
                if new is not None and (new not in parents or person.removed_on):
                    gone = block.people[new]
                    end = None if block.lives(gone) else gone.dies
                    found.setdefault(person.number, []).append(("responsibility", new, adoption.day, end))
    for care in block.cares:
        if care.kind != "responsibility" and knows(block.people[care.carer]) and knows(block.people[care.child]):
            grown = block.people[care.child].born + 6575
            end = care.end if care.end is not None else (grown if grown <= block.today else None)
            if end is None or end > care.start:
                found.setdefault(care.child, []).append((care.kind, care.carer, care.start, end))
    return found


def address_body(address: Address) -> Body:
    """An address as the register writes it."""
    return {
        "region": address.region, "locality": address.locality, "street": address.street, "house": address.house,
        "flat": address.flat,
    }  # fmt: skip


def _body(block: Block, person: Person, relations: list[tuple[str, int, int, int | None]], cards: Cards) -> Body:
    card = cards.card(person.number)
    return {
        "recordId": card.number, "version": 1, "changedAt": "",
        "iin": card.iin, "surname": card.surname, "givenName": card.given, "patronymic": card.patronymic,
        "birthSurname": card.birth_surname, "birthDate": card.born, "sex": card.sex,
        "deathDate": None if block.lives(person) else day(person.dies),
        "registrations": [
            {
                "household": number("HH", block.number * 1000 + stay.home), "role": stay.role,
                "address": address_body(stay.address), "from": day(stay.start), "to": day_or_none(stay.end),
            }
            for stay in person.stays
            if stay.end is None or stay.end >= _SINCE
        ],
        "relations": [
            {"kind": kind, "person": _ref(cards, carer), "from": day(start), "to": day_or_none(end)}
            for kind, carer, start, end in relations
        ],
        "protection": _protection(person),
    }  # fmt: skip


def _protection(person: Person) -> Body | None:
    held = person.protection
    return None if held is None else {"grade": held.grade, "since": day(held.since), "authority": held.authority}


def _ref(cards: Cards, person: int) -> Body:
    card = cards.card(person)
    return {
        "recordId": card.number, "iin": card.iin, "surname": card.surname, "givenName": card.given,
        "patronymic": card.patronymic, "birthDate": card.born,
    }  # fmt: skip
