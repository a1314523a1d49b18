"""Third stage: row by row, who its people are and what becomes of it, by the rule of docs/reference/identity.md.

No I/O: it only lets the event loop have its turn.

A row sees everything before it, rows of the same page included. What a position was given before (the pull was cut
off after the docket had it) is given again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from connectors.agencies.agency import Agency
from connectors.pipeline.candidates import Known
from connectors.pipeline.pace import Pace
from connectors.pipeline.validate import Checked
from connectors.pipeline.weighing import ID_CONFLICT, NO_ID, Weighing, is_enough
from docket.dossiers import Outcome
from domain.claims import Evidence, RowClaims
from domain.ids import KeyHash, PersonId, SourceKey
from domain.matching import PROTECTED, Proposal
from identity.agreement import Stated, agrees, of_evidence

NEW = "new"
MATCHED = "matched"
REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its one outcome. `people`: who its source keys are, where it is accepted.

    `proposals`: what a human is asked about its keys. `reached`: side of a report (its source key) → the hashes of the
    person whom the side was found to be, or of everyone whom it may be. `guarded`: keys whose people may be somebody
    under protection, and are hidden as they are from the beginning.
    """

    row: Checked
    outcome: Outcome
    reason: str | None = None
    people: Mapping[SourceKey, PersonId] = field(default_factory=dict)
    proposals: tuple[Proposal, ...] = ()
    reached: Mapping[SourceKey, tuple[KeyHash, ...]] = field(default_factory=dict)
    guarded: tuple[SourceKey, ...] = ()


@dataclass(slots=True)
class Verdict:
    """The judged rows of a page, and the decisions made: source key → (person, new or matched), in order.

    `stated`: (national id, person) that no accepted row stated before, in order. `weighed`: keys without a national id
    that were compared with others, whatever came of it: to tell a match from a new person among them by a count would
    tell who is under protection.
    """

    rows: list[Judged] = field(default_factory=list)
    decisions: dict[SourceKey, tuple[PersonId, str]] = field(default_factory=dict)
    stated: list[tuple[str, PersonId]] = field(default_factory=list)
    weighed: set[SourceKey] = field(default_factory=set)


class Deciding:
    """Applies the rule to a page. `known` grows with each accepted row; `found` gives the id of a new person;
    `weighing` knows whom evidence without a national id may be about; `given` is what a human decided of keys that the
    rule leaves open, `alone` those of them that one steward alone said are somebody new."""

    def __init__(
        self,
        known: Known,
        found: Callable[[SourceKey], PersonId],
        weighing: Weighing,
        given: Mapping[SourceKey, PersonId] = MappingProxyType({}),
        alone: Collection[SourceKey] = (),
    ) -> None:
        self._known = known
        self._found = found
        self._weighing = weighing
        self._given, self._alone = given, alone
        self._asked: list[Proposal] = []
        self._collected: set[PersonId] = set()
        for person, opened in known.people.items() if known.weighed else ():
            weighing.know(person, opened.claims, (*opened.keys, *opened.nationals))
        self._new: dict[PersonId, list[Stated]] = {}
        self.verdict = Verdict()

    async def judge(
        self,
        agency: Agency,
        rows: Sequence[Checked],
        seen: Mapping[bytes, bytes],
        standing: Mapping[bytes, Outcome],
    ) -> Verdict:
        """Judge all rows in order. `seen`: digest → position first taken in at; `standing`: position → outcome."""
        first, pace = dict(seen), Pace()
        self._collect(agency, rows)
        for row in rows:
            before = standing.get(row.position)
            at = first.setdefault(row.digest, row.position)
            self.verdict.rows.append(self._judged(agency, row, at, before))
            await pace.breathe()
        return self.verdict

    def replay(self, agency: Agency, row: Checked) -> bool:
        """Judge one row that was held anew, with what was given; whether it is accepted. If not, it stays as it is."""
        self._asked = []
        self._collect(agency, [row])
        people = NO_ID if row.said is None or row.part else self._people(agency, row.said, forced=False)
        if row.said is None or isinstance(people, str):
            return False
        self._accept(row.said, people)
        accepted = {key: person for key, (person, _) in people.items()}
        self.verdict.rows.append(self._taken(agency, row, accepted))
        return True

    def _judged(self, agency: Agency, row: Checked, first: bytes, before: Outcome | None) -> Judged:
        if row.suppressed:
            return Judged(row, Outcome.SUPPRESSED)
        if before is Outcome.DUPLICATE or (before is None and first != row.position):
            return Judged(row, Outcome.DUPLICATE)
        if row.said is None or before is Outcome.QUARANTINED:
            return Judged(row, Outcome.QUARANTINED, row.reason)
        if row.said.document is not None:
            return Judged(row, Outcome.ACCEPTED)
        self._asked = []
        if agency.protective:
            reached = self._sides(row.said)
            return Judged(row, Outcome.PROTECTIVE, proposals=tuple(self._asked), reached=reached)
        people = self._people(agency, row.said, forced=before is Outcome.ACCEPTED)
        if isinstance(people, str) or before is Outcome.REVIEW:
            if row.part:
                # Held, its content would be kept, with what it says of those who were erased.
                return Judged(row, Outcome.SUPPRESSED)
            # Where a row places people, those who may be somebody under protection are asked about as it is taken in.
            held = tuple(asked for asked in self._asked if not (agency.places and asked.reason == PROTECTED))
            reason = people if isinstance(people, str) else None
            return Judged(row, Outcome.REVIEW, reason, proposals=_placing(agency, held))
        self._accept(row.said, people)
        if agency.founding:
            self._collected.update(person for person, _ in people.values())
        accepted = {key: person for key, (person, _) in people.items()}
        return self._taken(agency, row, accepted)

    def _taken(self, agency: Agency, row: Checked, people: Mapping[SourceKey, PersonId]) -> Judged:
        asked = _placing(agency, self._asked)
        guarded = tuple(one.key for one in asked if agency.places and one.reason == PROTECTED)
        for key in guarded:
            self._weighing.guard(self._known.keys[key])
        return Judged(row, Outcome.ACCEPTED, people=people, proposals=asked, guarded=guarded)

    def _sides(self, said: RowClaims) -> dict[SourceKey, tuple[KeyHash, ...]]:
        """Whom the sides of reports are, or may be, that are named without a national id."""
        reached: dict[SourceKey, tuple[KeyHash, ...]] = {}
        for evidence in (one for matter in said.protective for one in matter.people):
            if evidence.national_id is None and evidence.key not in reached:
                side = self._weighing.about(evidence)
                reached[evidence.key] = tuple(key for one in side.people for key in self._weighing.keys(one))
                if is_enough(evidence):
                    self.verdict.weighed.add(evidence.key)
                if side.asked is not None:
                    self._ask(side.asked)
        return reached

    def _people(self, agency: Agency, said: RowClaims, *, forced: bool) -> dict[SourceKey, tuple[PersonId, str]] | str:
        """Who the row's people are, or the first reason for a review.

        `forced`: the row was accepted before, and others have come in since; where the rule would now ask a human, the
        person is taken for a new one, as they were then.
        """
        people: dict[SourceKey, tuple[PersonId, str]] = {}
        taken: set[PersonId] = set()
        for evidence in said.people:
            decided = self._person(agency, evidence)
            if not isinstance(decided, str) and decided[0] in taken and not (forced and not decided[1]):
                self._ask(self._weighing.conflict(evidence, (decided[0],)))
                decided = ID_CONFLICT
            if isinstance(decided, str):
                if not forced or (evidence.national_id is None and not agency.founding and not is_enough(evidence)):
                    return decided
                self._asked = [asked for asked in self._asked if asked.key != evidence.key]
                decided = (self._found(evidence.key), NEW)
            people[evidence.key] = decided
            taken.add(decided[0])
        return people

    def _person(self, agency: Agency, evidence: Evidence) -> tuple[PersonId, str] | str:
        known = self._known.owners.get(evidence.key)
        if known is not None:
            return known, ""
        if evidence.key in self._given:
            self._doubt(agency, evidence)
            return self._given[evidence.key], REVIEWED
        if evidence.national_id is None:
            return self._weighed(agency, evidence)
        candidates = self._known.stated.get(evidence.national_id)
        if not candidates:
            return self._found(evidence.key), NEW
        claimed = of_evidence(evidence)
        for person in candidates:
            if agrees(claimed, self._statements(person)):
                return person, MATCHED
        self._ask(self._weighing.conflict(evidence, candidates))
        return ID_CONFLICT

    def _doubt(self, agency: Agency, evidence: Evidence) -> None:
        """Whoever one steward alone said is new is guarded, if a grade came since they may be somebody under."""
        if agency.places and evidence.key in self._alone and evidence.national_id is None and is_enough(evidence):
            found = self._weighing.find(evidence, self._collected, places=True)
            self._asked += (asked for asked in found.asked if asked.reason == PROTECTED)

    def _collect(self, agency: Agency, rows: Sequence[Checked]) -> None:
        """Who is of the file that a page is of: another of its people is somebody else, by the file's own word."""
        for collection in {
            agency.apart(row.said.record_id) for row in rows if row.said is not None and agency.founding
        }:
            for person, opened in self._known.people.items():
                said = (held.body for held in opened.claims if held.body.source == agency.name)
                if any(agency.apart(body.record_id) == collection for body in said):
                    self._collected.add(person)

    def _weighed(self, agency: Agency, evidence: Evidence) -> tuple[PersonId, str] | str:
        if not is_enough(evidence):
            return (self._found(evidence.key), NEW) if agency.founding else NO_ID
        found = self._weighing.find(evidence, self._collected, places=agency.places)
        self.verdict.weighed.add(evidence.key)
        self._asked += found.asked
        if found.held:
            return NO_ID
        return (found.person, MATCHED) if found.person is not None else (self._found(evidence.key), NEW)

    def _ask(self, proposal: Proposal) -> None:
        self._asked.append(proposal)

    def _statements(self, person: PersonId) -> list[Stated]:
        opened = self._known.people.get(person)
        return opened.statements() if opened is not None else self._new.setdefault(person, [])

    def _accept(self, said: RowClaims, people: Mapping[SourceKey, tuple[PersonId, str]]) -> None:
        for evidence in said.people:
            person, reason = people[evidence.key]
            if reason:
                self._known.owners[evidence.key] = person
                self.verdict.decisions[evidence.key] = (person, reason)
            self._statements(person).append(of_evidence(evidence))
            self._weighing.learn(person, evidence, said.claims, self._hashes(evidence))
            if evidence.national_id is not None:
                stated = self._known.stated.setdefault(evidence.national_id, [])
                if person not in stated:
                    stated.append(person)
                    self.verdict.stated.append((evidence.national_id, person))

    def _hashes(self, evidence: Evidence) -> list[KeyHash]:
        known = self._known
        hashes = [known.keys[evidence.key]] if evidence.key in known.keys else []
        if evidence.national_id in known.nationals:
            hashes.append(known.nationals[evidence.national_id])
        return hashes


def _placing(agency: Agency, asked: Iterable[Proposal]) -> tuple[Proposal, ...]:
    return tuple(replace(one, places=agency.places) for one in asked)
