"""Reports, counter-reports, grades and their withdrawal by the register."""

from __future__ import annotations

from simulator.agencies.draft import Body, Cards
from simulator.agencies.police import pref
from simulator.chance import tag
from simulator.country import plan
from simulator.events.history import Change, Event, History, person
from simulator.events.moves import authority
from simulator.numbering import PEOPLE_A_BLOCK, key_of, number, person_id
from simulator.texts import markers

GRADES = ("confidential", "strict")
_NARRATIVE = "Түскен хабарлама, тексеру басталды"


def report(history: History, event: Event) -> tuple[list[Change], dict[str, str]]:
    """`reporter` reports `alleged`; their common minor children are named too."""
    return _incident(history, event, event.text("reporter"), event.text("alleged"), None)


def counter_report(history: History, event: Event) -> tuple[list[Change], dict[str, str]]:
    """Who was alleged in `report` (DV-…) reports the reporter."""
    first = history.latest(event.text("report"))
    if first.stream != "police":
        raise ValueError("report must be a record of the police")
    reporter, alleged = (_population(first.body[role]["personNo"]) for role in ("alleged", "reporter"))
    return _incident(history, event, reporter, alleged, first.record)


def _population(police_number: str) -> str:
    return number("PR", key_of(police_number))


def _incident(
    history: History, event: Event, reporter: str, alleged: str, counter_of: str | None
) -> tuple[list[Change], dict[str, str]]:
    if reporter == alleged:
        raise ValueError("reporter and alleged are one")
    others = event.texts("others") if "others" in event.fields else _common_minors(history, reporter, alleged)
    record = f"DV-E{tag(history.options.seed, 'report', event.at, reporter, alleged, counter_of or '')}"
    if history.exists(record):
        raise ValueError("this report is there already")
    prefs, truth, errors = [], {}, []
    for named in (reporter, alleged, *others):
        history.latest(named)
        block = history.block(named)
        cards: Cards = plan.cards(history.options, block, "police")
        card = cards.card(person(named))
        prefs.append(pref(cards, person(named)))
        truth[card.number] = person_id(key_of(named))
        errors += card.errors
    text = _NARRATIVE
    if history.options.markers:
        text = markers.narrative(key_of(reporter), 200 + int(record[-8:], 16) % 200)
    body: Body = {
        "recordId": record, "version": 1, "changedAt": "", "kind": "domestic_violence",
        "occurredOn": event.day.isoformat(), "status": event.fields.get("status", "reported"),
        "counterOf": counter_of, "reporter": prefs[0], "alleged": prefs[1], "others": prefs[2:], "narrative": text,
    }  # fmt: skip
    if body["status"] not in ("reported", "confirmed", "withdrawn"):
        raise ValueError("no such status")
    return [Change("police", record, 1, body, errors, truth)], {"report": record}


def _common_minors(history: History, reporter: str, alleged: str) -> list[str]:
    block = history.block(reporter)
    if block.number != history.block(alleged).number:
        return []
    one, two = block.people[person(reporter)], block.people[person(alleged)]
    both = sorted(set(one.children) & set(two.children))
    minors = [n for n in both if block.lives(block.people[n]) and block.age(block.people[n]) < 18]
    return [number("PR", block.number * PEOPLE_A_BLOCK + n) for n in minors]


def grade(history: History, event: Event) -> tuple[list[Change], dict[str, str]]:
    """The register puts `recordId` under `grade`."""
    wanted = event.text("grade")
    if wanted not in GRADES:
        raise ValueError("no such grade")
    row = history.latest(event.text("recordId"))
    person(row.record)
    row.body["protection"] = {
        "grade": wanted, "since": event.day.isoformat(), "authority": authority(history, row.record),
    }  # fmt: skip
    row.version += 1
    return [row], {}


def withdraw(history: History, event: Event) -> tuple[list[Change], dict[str, str]]:
    """The register no longer states a grade for `recordId`."""
    row = history.latest(event.text("recordId"))
    person(row.record)
    row.body["protection"] = None
    row.version += 1
    return [row], {}
