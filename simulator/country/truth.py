"""The world file: what is true, a line for each person, home, union and incident."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.agencies.draft import day, day_or_none
from simulator.agencies.population import address_body
from simulator.numbering import number
from simulator.world.model import Block, Person


def lines(block: Block) -> Iterator[dict[str, Any]]:
    """The lines of a block."""
    for person in block.people.values():
        yield _person(block, person)
    for union in block.unions:
        yield {
            "kind": "union", "of": union.kind, "wife": block.true_id(union.wife),
            "husband": block.true_id(union.husband), "from": day(union.start), "to": day_or_none(union.end),
            "endBy": union.end_by,
        }  # fmt: skip
    for care in block.cares:
        yield {
            "kind": "care", "of": care.kind, "child": block.true_id(care.child), "carer": block.true_id(care.carer),
            "from": day(care.start), "to": day_or_none(care.end),
        }  # fmt: skip
    for adoption in block.adoptions:
        yield {
            "kind": "adoption", "child": block.true_id(adoption.child), "mother": block.true_id(adoption.mother),
            "father": block.true_id(adoption.father) if adoption.father else None, "on": day(adoption.day),
        }  # fmt: skip
    for incident in block.incidents:
        yield {
            "kind": "incident", "recordId": number("DV", block.number * 1000 + incident.number),
            "reporter": block.true_id(incident.reporter), "alleged": block.true_id(incident.alleged),
            "others": [block.true_id(n) for n in incident.others], "on": day(incident.day),
            "status": incident.status, "counter": incident.counter_of is not None,
        }  # fmt: skip


def _person(block: Block, person: Person) -> dict[str, Any]:
    return {
        "kind": "person", "id": block.true_id(person.number), "recordId": number("PR", block.key(person.number)),
        "iin": person.iin, "surname": person.surname, "givenName": person.given, "patronymic": person.patronymic,
        "birthSurname": person.birth_surname, "birthDate": day(person.born), "sex": person.sex,
        "deathDate": None if block.lives(person) else day(person.dies),
        "mother": block.true_id(person.mother) if person.mother else None,
        "father": block.true_id(person.father) if person.father else None,
        "fatherNamed": person.father_named, "twin": person.twin, "removedOn": day_or_none(person.removed_on),
        "stays": [
            {
                "household": number("HH", block.number * 1000 + s.home), "role": s.role,
                "address": address_body(s.address), "from": day(s.start), "to": day_or_none(s.end),
            }
            for s in person.stays
        ],
        "school": person.school, "owns": person.owns,
        "jobs": [{"bin": j.bin, "from": day(j.start), "to": day_or_none(j.end)} for j in person.jobs],
        "clinic": person.clinic, "cover": person.cover.status if person.cover else None,
        "conditions": [{"category": c.category, "text": c.text} for c in person.conditions],
        "protection": person.protection.grade if person.protection else None,
    }  # fmt: skip
