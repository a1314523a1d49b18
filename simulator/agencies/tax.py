"""Tax and employment: incomes of the last months, present and earlier jobs. Names in one string."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from simulator.agencies.draft import Body, Cards, Draft, day, day_or_none
from simulator.numbering import number
from simulator.world.model import Block, Job, Person

STREAM = "tax"
JOBS_A_PERSON = 4


def drafts(block: Block) -> Iterator[Draft]:
    """One record for the incomes of a person, one for each job."""
    for person in block.people.values():
        key = block.key(person.number)
        if person.income:
            record = number("TX-I", key)
            yield Draft(STREAM, record, (person.number,), partial(_income, record, person))
        for i, job in enumerate(person.jobs):
            record = number("TX-E", key * JOBS_A_PERSON + i)
            yield Draft(STREAM, record, (person.number,), partial(_job, record, person, job))


def _income(record: str, person: Person, cards: Cards) -> Body:
    return {
        "id": record, "version": 1, "updated_at": "", "type": "income", "taxpayer": _taxpayer(cards, person),
        "months": [{"month": m, "amount": amount, "pension": pension} for m, amount, pension in person.income],
    }  # fmt: skip


def _job(record: str, person: Person, job: Job, cards: Cards) -> Body:
    return {
        "id": record, "version": 1, "updated_at": "", "type": "employment", "taxpayer": _taxpayer(cards, person),
        "employer": {"bin": job.bin, "name": job.employer, "region": job.region}, "position": job.position,
        "from": day(job.start), "to": day_or_none(job.end),
    }  # fmt: skip


def _taxpayer(cards: Cards, person: Person) -> Body:
    card = cards.card(person.number)
    name = " ".join(part for part in (card.surname, card.given, card.patronymic) if part)
    return {"no": card.number, "iin": card.iin, "name": name, "birth_date": card.born or None}
