"""The police: reports of domestic violence. It knows few birth dates and often no IIN."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from simulator.agencies.draft import Body, Cards, Draft, day
from simulator.numbering import number
from simulator.world.model import Block, Incident

STREAM = "police"


def drafts(block: Block) -> Iterator[Draft]:
    """One record for each incident."""
    for incident in block.incidents:
        people = (incident.reporter, incident.alleged, *incident.others)
        yield Draft(STREAM, record(block, incident.number), people, partial(_body, block, incident))


def record(block: Block, incident: int) -> str:
    """The number of a block's incident."""
    return number("DV", block.number * 1000 + incident)


def _body(block: Block, incident: Incident, cards: Cards) -> Body:
    counter = incident.counter_of
    return {
        "recordId": record(block, incident.number), "version": 1, "changedAt": "", "kind": "domestic_violence",
        "occurredOn": day(incident.day), "status": incident.status,
        "counterOf": record(block, counter) if counter is not None else None,
        "reporter": pref(cards, incident.reporter), "alleged": pref(cards, incident.alleged),
        "others": [pref(cards, other) for other in incident.others], "narrative": incident.narrative,
    }  # fmt: skip


def pref(cards: Cards, person: int) -> Body:
    """A person as the police name one."""
    card = cards.card(person)
    return {
        "personNo": card.number, "iin": card.iin, "surname": card.surname, "givenName": card.given,
        "patronymic": card.patronymic, "birthDate": card.born or None,
    }  # fmt: skip
