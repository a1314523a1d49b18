"""Classes: every combination of an activity's traits and the bits that rules look at for them, decided once by Cedar.

Cedar takes tens of microseconds a decision and holds the interpreter meanwhile, so it is asked before serving and never
during a request. Which bits matter for some traits is Cedar's own answer too: it evaluates the rules with the person
left unknown, and the bits that remain in what it could not settle are the ones to enumerate.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import cedarpy

from domain.errors import Broken
from policy.decision import bits
from policy.rule_book import RuleBook

_ACTIVITY = {"type": "Activity", "id": "asked"}


class Action(StrEnum):
    """What is asked: to know that a person is here, to read a category, to read the person's own log."""

    KNOW = "know"
    READ = "read"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Traits:
    """All that the rules may see of a question besides the person. Never the name of an activity or a category.

    `locates` is asked of READ alone: whether the fields in question help to find the person.
    """

    action: Action
    reach: str
    officer: bool
    protective: bool
    locates: bool = False

    @property
    def context(self) -> dict[str, str | bool]:
        """The request's context as the schema has it for the action."""
        if self.action is Action.READ:
            return {"reach": self.reach, "locates": self.locates}
        return {"reach": self.reach}

    @property
    def entity(self) -> dict[str, object]:
        """The activity as an entity of the schema."""
        return {"uid": _ACTIVITY, "attrs": {"officer": self.officer, "protective": self.protective}, "parents": []}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision and the names of the rules that made it: the permit, else the forbids, none if nothing permits."""

    allowed: bool
    rules: tuple[str, ...]


def judge(book: RuleBook, traits: Traits, standings: Sequence[int]) -> list[Verdict]:
    """Ask Cedar about each standing. Raises Broken on any error in evaluation: a rule in error is skipped by Cedar, and
    a skipped forbid allows.
    """
    entities = _entities(book, traits, standings)
    requests = [_request(traits, standing) for standing in standings]
    answers = cedarpy.is_authorized_batch(requests, book.policies, entities, schema=book.schema)
    verdicts = []
    for answer in answers:
        if answer.diagnostics.errors or answer.decision is cedarpy.Decision.NoDecision:
            raise Broken(cause="a rule could not be evaluated")
        verdicts.append(Verdict(answer.allowed, book.ids(answer.diagnostics.reasons)))
    if len(verdicts) != len(standings):
        raise Broken(cause="Cedar left a question unanswered")
    return verdicts


def relevant(book: RuleBook, traits: Traits) -> int:
    """The bits that can change the answer for these traits. Raises Broken on any error in evaluation."""
    request = {
        "principal": f'{_ACTIVITY["type"]}::"{_ACTIVITY["id"]}"',
        "action": f'Action::"{traits.action}"',
        "resource": None,
        "context": traits.context,
    }
    entities = _entities(book, traits, ())
    answer = cedarpy.is_authorized_partial(request, book.policies, entities, schema=book.schema)
    if answer.diagnostics.errors:
        raise Broken(cause="a rule could not be evaluated with the person left open")
    if answer.decision is not cedarpy.Decision.NoDecision:
        return 0
    return bits.standing_of(*set(_attributes(answer.residuals)))


def subsets(mask: int) -> list[int]:
    """All standings made of the bits of a mask, ascending, the empty one first."""
    found = [0]
    for place in range(bits.COUNT):
        if mask >> place & 1:
            found += [standing | 1 << place for standing in found]
    return found


def _entities(book: RuleBook, traits: Traits, standings: Sequence[int]) -> cedarpy.Entities:
    people = [
        {"uid": {"type": "Person", "id": str(standing)}, "attrs": _attrs(standing), "parents": []}
        for standing in dict.fromkeys(standings)
    ]
    try:
        return cedarpy.Entities.from_json_str(json.dumps([traits.entity, *people]), book.schema)
    except ValueError as error:
        raise Broken(cause="entities do not fit the schema of the rules") from error


def _attrs(standing: int) -> dict[str, bool]:
    return {name: bool(standing >> place & 1) for place, name in enumerate(bits.NAMES)}


def _request(traits: Traits, standing: int) -> dict[str, object]:
    return {
        "principal": _ACTIVITY,
        "action": {"type": "Action", "id": str(traits.action)},
        "resource": {"type": "Person", "id": str(standing)},
        "context": traits.context,
    }


def _attributes(node: object) -> Iterator[str]:
    """The person's attributes that stand in what Cedar left open: every access in it that names one of the bits."""
    if isinstance(node, dict):
        access = node.get(".")
        if isinstance(access, dict) and access.get("attr") in bits.NAMES:
            yield access["attr"]
        for value in node.values():
            yield from _attributes(value)
    elif isinstance(node, list):
        for value in node:
            yield from _attributes(value)
