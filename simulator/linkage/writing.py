"""A linkage set on disk: the register's rows, the claims, who each claim is about, and what training reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from simulator.agencies import population
from simulator.agencies.draft import Body, day
from simulator.chance import stream
from simulator.errors.evidence import TrueCards
from simulator.linkage import rates
from simulator.linkage.claims import Claim, claim, patient
from simulator.linkage.people import Cast, cast
from simulator.numbering import number as number_of
from simulator.world.block import make
from simulator.world.model import Block, Person

_FIRST_BLOCK = 10
"""Blocks before this one hold the sample of the demo's country; linkage sets leave them alone."""
_INSTANT = "2026-11-22T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Written:
    """How much there is."""

    register: int
    claims: int


def write(out: Path, people: int, seed: int, today: date) -> Written:
    """Write `register.ndjson`, `claims.ndjson`, `truth.ndjson`, `statements.ndjson`: the same for the same arguments.

    `people`: living, at least, in whole blocks. A line of truth says of a claim whom it is about, whether the register
    holds them, which corruptions it has and how it is written.
    """
    out.mkdir(parents=True, exist_ok=True)
    register = claims = living = 0
    with (
        (out / "register.ndjson").open("wb") as rows, (out / "claims.ndjson").open("wb") as claimed,
        (out / "truth.ndjson").open("wb") as truth, (out / "statements.ndjson").open("wb") as statements,
    ):  # fmt: skip
        number = _FIRST_BLOCK
        while living < people:
            block = make(seed, number, today.toordinal(), markers=False)
            living += block.living()
            rng = stream(seed, "linkage", number)
            chosen = cast(block, rng)
            for row in _register(block, chosen):
                _line(rows, row)
                _line(statements, _known(row))
                register += 1
            for person in _claimed(block, chosen, rng):
                made = claim(person, rng)
                body = patient(block, person, made, rng)
                _line(claimed, body)
                _line(truth, _truth(block, person, made, chosen))
                _line(statements, _said(body))
                claims += 1
            number += 1
    return Written(register, claims)


def _register(block: Block, chosen: Cast) -> Iterator[Body]:
    cards = TrueCards(block, "population")
    for draft in population.drafts(block):
        if draft.people[0] not in chosen.strangers:
            row = draft.make(cards)
            row["version"], row["changedAt"], row["protection"] = 1, _INSTANT, None
            yield row


def _claimed(block: Block, chosen: Cast, rng: Any) -> Iterator[Person]:
    for person in list(block.people.values()):
        drawn = rng.random() < rates.CLAIMED
        if block.lives(person) and population.knows(person) and (drawn or person.number in chosen.always):
            yield person


def _truth(block: Block, person: Person, made: Claim, chosen: Cast) -> Body:
    held = None if person.number in chosen.strangers else number_of("PR", block.key(person.number))
    return {
        "claim": number_of("pt", block.key(person.number)), "person": block.true_id(person.number), "register": held,
        "errors": made.errors, "script": made.script, "born": day(person.born),
    }  # fmt: skip


def _known(row: Body) -> Body:
    """A row of the register as a statement for training."""
    return {
        "list": "known", "surname": row["surname"], "given_name": row["givenName"], "patronymic": row["patronymic"],
        "birth_surname": row["birthSurname"], "birth_date": row["birthDate"], "sex": row["sex"],
        "places": [
            {key: stay["address"][key] for key in ("region", "locality", "street", "house")}
            for stay in row["registrations"]
        ],
    }  # fmt: skip


def _said(body: Body) -> Body:
    """A claim as a statement for training."""
    name, address = body["name"][0], body.get("address", [None])[0]
    street, house = (address or {}).get("line", (None, None))
    place = (
        {"region": address["state"], "locality": address["city"], "street": street, "house": house} if address else None
    )
    return {
        "list": "claims", "surname": name["family"], "given_name": name["given"][0],
        "patronymic": " ".join(name["given"][1:]) or None, "birth_surname": None, "birth_date": body["birthDate"],
        "sex": "F" if body["gender"] == "female" else "M", "places": [place] if place else [],
    }  # fmt: skip


def _line(file: BinaryIO, content: Body) -> None:
    file.write(orjson.dumps(content) + b"\n")
