"""Health, as FHIR R4: patients, insurance cover, chronic conditions and disability."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from simulator.agencies.draft import Body, Cards, Draft, day
from simulator.numbering import number
from simulator.world.model import Block, Condition, Cover, Person

PATIENT, COVERAGE, CONDITION = "health-Patient", "health-Coverage", "health-Condition"
CONDITIONS_A_PERSON = 4


def drafts(block: Block) -> Iterator[Draft]:
    """A patient for whoever has a clinic, with cover and conditions."""
    for person in block.people.values():
        if person.clinic is None:
            continue
        key, who = block.key(person.number), (person.number,)
        patient = number("pt", key)
        yield Draft(PATIENT, patient, who, partial(_patient, block, person))
        if person.cover is not None:
            record = number("cov", key)
            yield Draft(COVERAGE, record, who, partial(_coverage, record, patient, person.cover), False)
        for i, condition in enumerate(person.conditions):
            record = number("con", key * CONDITIONS_A_PERSON + i)
            yield Draft(CONDITION, record, who, partial(_condition, record, patient, condition), False)


def _resource(kind: str, record: str) -> Body:
    return {"resourceType": kind, "id": record, "meta": {"versionId": "1", "lastUpdated": ""}}


def _patient(block: Block, person: Person, cards: Cards) -> Body:
    card = cards.card(person.number)
    body = _resource("Patient", card.number)
    body["identifier"] = [] if card.iin is None else [{"system": "urn:kz:iin", "value": card.iin}]
    body["name"] = [{"family": card.surname, "given": [n for n in (card.given, card.patronymic) if n]}]
    body["gender"] = "female" if card.sex == "F" else "male"
    body["birthDate"] = card.born
    body["managingOrganization"] = {"display": person.clinic}
    if not block.lives(person):
        body["deceasedDateTime"] = day(person.dies)
    return body


def _coverage(record: str, patient: str, cover: Cover, _: Cards) -> Body:
    period = {"start": day(cover.start)}
    if cover.end is not None:
        period["end"] = day(cover.end)
    return _resource("Coverage", record) | {
        "status": cover.status, "beneficiary": {"reference": f"Patient/{patient}"},
        "payor": [{"display": cover.payor}], "period": period,
    }  # fmt: skip


def _condition(record: str, patient: str, condition: Condition, _: Cards) -> Body:
    coding = {"system": "urn:kz:condition-category", "code": condition.category}
    body = _resource("Condition", record) | {
        "subject": {"reference": f"Patient/{patient}"}, "category": [{"coding": [coding]}],
        "code": {"text": condition.text}, "onsetDateTime": day(condition.onset),
    }  # fmt: skip
    if condition.severity is not None:
        body["severity"] = {"text": condition.severity}
    if condition.abated is not None:
        body["abatementDateTime"] = day(condition.abated)
    return body
