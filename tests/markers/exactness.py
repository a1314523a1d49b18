"""The one question of the marker test: is the entry exactly what the answer told?"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from domain.ids import PersonId
from domain.records.category import PROVENANCE
from resolvers.gate.cursors import CallerNames
from tests.markers.answers import Said, said
from tests.markers.capacities import Capacity
from tests.markers.documents import Question
from tests.markers.entries import Written
from tests.markers.places import Place, Places
from tests.markers.town import Town


@dataclass
class Tally:
    """What a run of questions came across, so that a test can tell that it was no empty exercise."""

    questions: int = 0
    markers: int = 0
    places: set[tuple[str, str]] = field(default_factory=set)
    empty: int = 0
    refused: int = 0


def check(question: Question, town: Town, world: Places, who: Capacity, tally: Tally) -> Said:
    """Ask, and hold the answer against the entry it made. Raises AssertionError."""
    before = town.entry().number
    answer = town.ask(who, question.text, question.variables)
    body = json.loads(answer.body)
    if answer.status == 400 and body["errors"][0]["extensions"]["code"] == "TOO_COMPLEX":
        tally.refused += 1
        return Said()
    assert answer.status == 200, (answer.body, question)
    assert "errors" not in body, (body["errors"], question)
    entry = town.entry()
    assert entry.number == before + 1, "one request, one entry"
    ring = town.hub.parts.ring.outward(who.principal.sector)

    def decode(text: str) -> PersonId | None:
        number = ring.decode("P", text)
        return None if number is None else PersonId(number)

    found = said(body["data"], decode)
    _by_markers(_but_stated(body["data"]), entry, world, question.moments)
    _by_names(found, entry, world, question.moments)
    _subjects(found, entry, {decode(text) for text in question.of}, who)
    _reviews(found, town, who)
    tally.questions += 1
    tally.markers += len(world.found(answer.body))
    tally.places |= {(category, name) for _, category, name in found.told}
    tally.empty += len(entry.places - found.told - found.listed)
    return found


def _but_stated(data: object) -> bytes:
    """The answer without what rows under review state: their own words, for which the entry names the review."""

    def left(value: object) -> object:
        if isinstance(value, dict):
            return {key: left(inner) for key, inner in value.items() if key.split("_")[0] not in ("stated", "left")}
        return [left(inner) for inner in value] if isinstance(value, list) else value

    return json.dumps(left(data), ensure_ascii=False).encode()


def _by_markers(answer: bytes, entry: Written, world: Places, moments: bool) -> None:
    """Bytes against entry: every marker belongs to a place that is named, every named place shows all its markers.

    Not all where `moments` were asked about; and of provenance what was overruled of the fields that were selected.
    """
    found = world.found(answer)
    unnamed = {marker: world.owners[marker] for marker in found if not world.owners[marker] & entry.places}
    assert not unnamed, f"in the answer, not in the entry: {_places(unnamed.values())}"
    whole = [place for place in entry.places if place[2] != PROVENANCE and not moments]
    missing = [place for place in whole if not world.unique(place) <= found]
    assert not missing, f"in the entry, not in the answer: {sorted((c, f) for _, c, f in missing)}"


def _by_names(found: Said, entry: Written, world: Places, moments: bool) -> None:
    """Fields against entry, values that are not unique and coarse forms too; what is named and not told is empty.

    Where `moments` were asked about it may also be of another one, or a date that decided; provenance is empty where
    no field stands beside it.
    """
    disclosed = found.told | found.listed
    if found.log_read:
        disclosed |= {place for place in entry.places if place[1] == "access_log"}
    assert disclosed <= entry.places, sorted((c, f) for _, c, f in disclosed - entry.places)
    left = [place for place in entry.places - disclosed if place[2] != PROVENANCE and not moments]
    untrue = [place for place in left if world.values.get(place) and not (found.termed and place[1:] in TERMED)]
    assert not untrue, f"in the entry, not empty, not in the answer: {sorted((c, f) for _, c, f in untrue)}"


def _subjects(found: Said, entry: Written, starts: set[PersonId | None], who: Capacity) -> None:
    """Subjects against ids, both ways. The starts of walks were named by the caller and need not come back; an account
    that reads its log is the subject of that."""
    assert found.people | found.chosen <= entry.people
    besides = starts | (_on_the_way(entry) if found.termed else set())
    besides |= {one.subject for one in entry.shown if found.log_read and "access_log" in one.categories}
    assert entry.people - besides <= found.people | found.chosen, who.role


def _reviews(found: Said, town: Town, who: Capacity) -> None:
    """The reviews in the answer are those that the entry names."""
    (entry,) = town.run(town.hub.parts.ledger.entries(1))
    named = entry.asked.get("reviews", []) if entry.asked is not None else []
    assert isinstance(named, list)
    names = CallerNames(town.hub.parts.ring.outward(who.principal.sector), who.principal)
    assert {names.review_of(id) for id in found.reviews} == {bytes.fromhex(id) for id in named}


TERMED = frozenset({("identity", "sex"), ("identity", "birth_order"), ("kinship", PROVENANCE)})
"""What a term of kin, or where a link came from, may tell of somebody, the one on the way too who stands nowhere in the
answer."""


def _on_the_way(entry: Written) -> set[PersonId | None]:
    """Subjects of whom nothing was disclosed but what terms tell."""
    fields = {s.subject: {(c, name) for c, (_, names) in s.categories.items() for name in names} for s in entry.shown}
    return {subject for subject, places in fields.items() if places and places <= TERMED}


def _places(found: object) -> list[tuple[str, str]]:
    owners: list[frozenset[Place]] = list(found)  # type: ignore[call-overload]
    return sorted({(category, name) for places in owners for _, category, name in places})
