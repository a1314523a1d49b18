"""What the running country's records say now: the rows of events, else the block made again from its number."""

from __future__ import annotations

import copy
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from simulator.agencies.draft import Body, Card, Draft
from simulator.country import plan
from simulator.country.options import Options
from simulator.errors.rows import Emission
from simulator.numbering import PEOPLE_A_BLOCK, key_of, number
from simulator.world.model import Block

_KEPT_BLOCKS = 16
_ROW_ERRORS = ("late", "duplicated")
#: prefix of a record's number → its stream, and how many records a person's key has there
STREAMS = {
    "PR": ("population", 1), "AK": ("civil", 8), "DV": ("police", 1), "TX-I": ("tax", 1), "TX-E": ("tax", 4),
    "pt": ("health-Patient", 1), "cov": ("health-Coverage", 1), "con": ("health-Condition", 4),
}  # fmt: skip


@dataclass(slots=True)
class Change:
    """A row that an event adds."""

    stream: str
    record: str
    version: int
    body: Body
    errors: list[dict[str, Any]]
    truth: dict[str, str]


@dataclass(slots=True)
class Event:
    """An event as asked: its fields, the instant at which it happens."""

    kind: str
    fields: dict[str, Any]
    at: int

    @property
    def day(self) -> date:
        """The day (UTC) of the event."""
        return datetime.fromtimestamp(self.at, UTC).date()

    def text(self, name: str) -> str:
        """A field that must be a text; ValueError otherwise."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not value or len(value) > 200:
            raise ValueError(f"{name} must be a text")
        return value

    def texts(self, name: str) -> list[str]:
        """A field that must be a list of texts, all different."""
        value = self.fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value) or len(set(value)) != len(value):
            raise ValueError(f"{name} must be a list of different texts")
        return value


@dataclass(slots=True)
class _Made:
    block: Block
    last: dict[str, Emission]
    drafts: dict[str, tuple[str, Draft]] = field(default_factory=dict)


class History:
    """The latest version of every record. Reads may take a block's making (tens of milliseconds)."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._changed: dict[str, Change] = {}
        self._blocks: OrderedDict[int, _Made] = OrderedDict()

    def latest(self, record: str) -> Change:
        """A copy of the latest version of a record; ValueError if the country has none."""
        if record in self._changed:
            return copy.deepcopy(self._changed[record])
        emission = self._made(block_of(record)).last.get(record)
        if emission is None:
            raise ValueError("no such record")
        errors = [e for e in emission.errors if e["kind"] not in _ROW_ERRORS]
        body = copy.deepcopy(emission.body)
        return Change(emission.stream, record, emission.version, body, errors, dict(emission.truth))

    def exists(self, record: str) -> bool:
        """Whether an event has made this record."""
        return record in self._changed

    def commit(self, change: Change) -> None:
        """Remember a row that was served."""
        self._changed[change.record] = change

    def block(self, record: str) -> Block:
        """The true people of the block that a record is of, before any event."""
        return self._made(block_of(record)).block

    def draft(self, record: str) -> tuple[str, Draft]:
        """The agency and the draft of a record that the country began with."""
        made = self._made(block_of(record))
        if not made.drafts:
            made.drafts = {d.record: (agency, d) for agency, d in plan.drafts(self.options, made.block)}
        if record not in made.drafts:
            raise ValueError("no such record")
        return made.drafts[record]

    def card(self, person: str, agency: str) -> Card:
        """An agency's card of a person named by the population register."""
        block = self.block(person)
        return plan.cards(self.options, block, agency).card(key_of(person) % PEOPLE_A_BLOCK)

    def members(self, household: str) -> list[str]:
        """The records of those who are registered in a household now, the head first, then by age."""
        found = [r for r, c in self._changed.items() if c.stream == "population" and _in(c.body, household)]
        if not household.startswith("HH-E"):
            made = self._made(block_of(household))
            for record, emission in made.last.items():
                known = record not in self._changed and emission.stream == "population"
                if known and _in(emission.body, household):
                    found.append(record)
        return sorted(found, key=lambda r: self._rank(r, household))

    def _rank(self, record: str, household: str) -> tuple[bool, str, str]:
        body = self.latest(record).body
        return open_in(body, household)["role"] != "head", body["birthDate"], record

    def _made(self, block: int) -> _Made:
        if block in self._blocks:
            self._blocks.move_to_end(block)
            return self._blocks[block]
        made = plan.block(self.options, block)
        last: dict[str, Emission] = {}
        for emission in plan.emissions(self.options, made):
            last[emission.record] = emission
        self._blocks[block] = _Made(made, last)
        if len(self._blocks) > _KEPT_BLOCKS:
            self._blocks.popitem(last=False)
        return self._blocks[block]


def block_of(record: str) -> int:
    """The block that a record is of, from its number alone; ValueError for what is none of the country's."""
    prefix = record.rpartition("-")[0]
    share = STREAMS[prefix][1] if prefix in STREAMS else 1
    block = key_of(record) // share // PEOPLE_A_BLOCK
    if block >= 4_950:
        raise ValueError("no such record")
    return block


def person(record: str) -> int:
    """The number in the block of a person named by the population register; ValueError for other records."""
    if not record.startswith("PR-"):
        raise ValueError("a person is named by a recordId of the population register")
    return key_of(record) % PEOPLE_A_BLOCK


def open_in(body: Body, household: str) -> Body:
    """The registration in force in a household; ValueError if there is none."""
    for registration in body["registrations"]:
        if registration["household"] == household and registration["to"] is None:
            found: Body = registration
            return found
    raise ValueError("not registered there")


def _in(body: Body, household: str) -> bool:
    alive = body.get("deathDate") is None
    return alive and any(r["household"] == household and r["to"] is None for r in body["registrations"])


def household_of(body: Body) -> str | None:
    """The (first) household in which a person is registered now."""
    for registration in body["registrations"]:
        if registration["to"] is None:
            return str(registration["household"])
    return None


def patient_of(record: str) -> str:
    """The health register's number of a person whom the population register names."""
    return number("pt", key_of(record))
