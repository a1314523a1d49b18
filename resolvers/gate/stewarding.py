"""Identity reviews at the gate: opened for a steward, altered with an entry, carried out.

A review exists for a steward only if everyone whom it is about may be known by them (its candidates, whom its row's key
is by now, and to whom its national id was ever stated), and no grade hangs on that key or national id: else the queue,
or a decision, would tell of somebody who is hidden. Cleared stewards see both queues. For others the calls are the same
whatever is in the one that they do not see: it is not asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from docket.dossiers import Line, OutboxRow, Outcome, ReviewDossier
from docket.port import Stale
from docket.reviewing import PROTECTED_REVIEW
from domain.claims import ProtectiveKind
from domain.entries import Act, Entry, Reach
from domain.errors import Code, Invalid, Unavailable
from domain.ids import KeyHash, PersonId
from domain.matching import Candidate
from domain.packing import packed
from domain.records.category import Detail
from domain.records.payload import outbox_label
from domain.reviews import WAITING, Review
from policy.activity import RootRead
from policy.decision import bits
from policy.grants.reviews import Today
from resolvers.gate.asked import alteration
from resolvers.gate.blast_radius import Reached, blast_radius
from resolvers.gate.known import Known
from resolvers.gate.parts import GateParts

if TYPE_CHECKING:
    from resolvers.gate.gate import Gate

WINDOW = 200
"""Reviews that are looked at for one page. Were it more whenever some are hidden, the calls would tell that."""

_REVIEWS = {False: (Line.REVIEW,), True: (Line.REVIEW, Line.PROTECTED_REVIEW)}
_MERGES = {False: (Line.MERGE,), True: (Line.MERGE, Line.PROTECTED_MERGE)}
_NO_ID = b""


@dataclass(frozen=True, slots=True)
class Opened:
    """A review that exists for the caller, about people as they are today, with those people."""

    dossier: ReviewDossier
    people: Mapping[PersonId, Known]

    @property
    def review(self) -> Review:
        """What is asked."""
        return self.dossier.review


@dataclass(frozen=True, slots=True)
class _Hashes:
    """By what a review's row names its person: its source key, and a national id if it states one."""

    key: KeyHash
    national: KeyHash | None

    def all(self) -> tuple[KeyHash, ...]:
        """Both."""
        return (self.key,) if self.national is None else (self.key, self.national)


class Stewarding:
    """One gate's reviews."""

    def __init__(self, gate: Gate, parts: GateParts) -> None:
        self._gate = gate
        self._parts = parts

    async def waiting(self, merged: bool, after: int) -> list[Opened]:
        """Reviews that wait, or merges in force, after a place, oldest first: of at most WINDOW those that exist for
        the caller."""
        self._gate.require(RootRead.IDENTITY_REVIEWS)
        lines = (_MERGES if merged else _REVIEWS)[self._gate.activity.cleared]
        found = [each for line in lines for each in await self._parts.docket.line(line, WINDOW, after)]
        return await self._opened(sorted(found, key=lambda each: each.place)[:WINDOW])

    async def review(self, id: bytes | None) -> Opened | None:
        """The review of an id, if it exists for the caller."""
        read = await self._parts.docket.review(_NO_ID if id is None else id)
        theirs = read is not None and (self._gate.activity.cleared or not read.review.cleared)
        found = await self._opened([read] if read is not None and theirs else [])
        return found[0] if found else None

    async def today(self, opened: Opened) -> Today:
        """How things stand with a review's key, its row and its candidates by now."""
        hasher, key = self._parts.ring.hasher, opened.review.proposal.key
        hashed = hasher.source_key(key)
        owners = await self._parts.reader.owners([hashed])
        row = await self._parts.docket.held(opened.review.position or _NO_ID)
        return Today(
            key_is=owners.get(hashed),
            founded=hasher.founding(key),
            waits=row is not None and row.outcome is Outcome.REVIEW,
            hidden=any(known.standing & bits.PROTECTED for known in opened.people.values()),
        )

    async def alter(
        self, changed: Sequence[ReviewDossier], people: Sequence[PersonId], what: dict[str, object]
    ) -> None:
        """Save reviews together with the entry that says what was altered; returns once the ledger has it. It stands in
        the own log of the people whom the choice is about.

        What an earlier alteration that was cut off left for the ledger goes there before. The last look comes first:
        what was decided by what no longer holds is not saved. Raises Unavailable, and Invalid (STALE) if somebody was
        first.
        """
        gate = self._gate
        await self._parts.settle()
        if gate.asked is None or not await gate.unchanged():
            raise Unavailable(cause="changed while a choice was made")
        entry = alteration(self._parts, gate.mandate, gate.asked, await gate.sequence(), tuple(people), what)
        gate.notes.did(Act.ALTERATION)
        gate.altered = entry
        await self._save(changed, entry)

    async def _save(self, changed: Sequence[ReviewDossier], entry: Entry) -> None:
        key = self._parts.ring.hasher.label("entry|alteration", entry.key)
        sealed = self._parts.ring.sealer.seal_compartment("outbox", packed(entry), outbox_label(key))
        try:
            await self._parts.docket.save_reviews(changed, [OutboxRow(key, sealed)])
        except Stale:
            raise Invalid(Code.STALE, field="version", fix="read_it_again") from None
        await self._parts.ledger.append(entry)
        await self._parts.docket.settle([key])

    async def carry(self, review: bytes) -> None:
        """Carry out what is ordered in a review, and look at everything anew from here on.

        What cannot be carried out now waits; the review says so.
        """
        with suppress(Unavailable):
            await self._parts.carry(review)
        self._gate.look_anew()

    def pair_id(self, read: ReviewDossier, people: Sequence[PersonId]) -> bytes:
        """The id of the review of two people that a choice on a version of another review begins."""
        named = "|".join(str(person) for person in sorted(people))
        return self._parts.ring.hasher.label(PROTECTED_REVIEW, f"{read.id.hex()}|{read.version}|{named}")

    async def radius(self, dropped: PersonId | None, first: int, after: bytes | None) -> Reached:
        """Entries that held data of somebody while another one's id named them too. Reading them is itself an entry."""
        gate = self._gate
        gate.require(RootRead.IDENTITY_BLAST_RADIUS)
        gate.notes.did(Act.LOG_READ)
        found = await blast_radius(self._parts, dropped, first, after)
        if found.entries and dropped is not None:
            gate.notes.shown(dropped, Reach.LISTED)
            gate.notes.disclosed(dropped, "access_log", {"entries"}, Detail.FULL)
        return found

    def show(self, read: ReviewDossier) -> str:
        """Note that the caller learns of a review, and of what its row states; its outward id."""
        self._gate.notes.reviewed(read.id)
        return self._gate.names.review(read.id)

    async def _opened(self, read: Sequence[ReviewDossier]) -> list[Opened]:
        gate = self._gate
        hashes = {each.id: self._hashes(each.review) for each in read}
        whose = await self._whose(hashes)
        people = {person for each in read for person in (*each.review.people, *whose[each.id])}
        gate.reviewed |= people
        known = await gate.know(people)
        gone = gate.gone(people)
        graded = await self._graded(hashes)
        found = [
            _today(each, known, gone, whose[each.id]) for each in read if gate.activity.cleared or each.id not in graded
        ]
        return [one for one in found if one is not None]

    def _hashes(self, review: Review) -> _Hashes:
        hasher, said = self._parts.ring.hasher, review.said
        stated = said.national_id if said is not None else None
        return _Hashes(hasher.source_key(review.proposal.key), hasher.national(stated) if stated is not None else None)

    async def _whose(self, hashes: Mapping[bytes, _Hashes]) -> dict[bytes, frozenset[PersonId]]:
        """For each review whom its row's key is decided to be by now, and to whom its national id was ever stated."""
        reader = self._parts.reader
        owners = await reader.owners(sorted({one.key for one in hashes.values()}))
        stated = await reader.find(sorted({one.national for one in hashes.values() if one.national is not None}))
        whose = {}
        for id, one in hashes.items():
            people = set(stated.get(one.national, ())) if one.national is not None else set()
            whose[id] = frozenset(people | ({owners[one.key]} if one.key in owners else set()))
        return whose

    async def _graded(self, hashes: Mapping[bytes, _Hashes]) -> frozenset[bytes]:
        """Ids of those of the reviews whose row is about somebody under a grade, by its key or national id."""
        found = await self._gate.watch.protections({key for one in hashes.values() for key in one.all()})
        under = {key for matter in found if matter.kind is ProtectiveKind.GRADE for key in matter.keys}
        return frozenset(id for id, one in hashes.items() if not under.isdisjoint(one.all()))


def _today(
    dossier: ReviewDossier, known: Mapping[PersonId, Known], gone: frozenset[PersonId], whose: frozenset[PersonId]
) -> Opened | None:
    """The review as the caller has it; None if somebody whom it is about is hidden from them.

    `gone`: ids that name nobody (any more). `whose`: whom its row names, candidates or not. Who was merged meanwhile
    stands there once, as who they are today.
    """
    review = dossier.review
    if any(person not in known and person not in gone for person in (*review.people, *whose)):
        return None
    candidates: dict[PersonId, Candidate] = {}
    for one in review.proposal.candidates:
        if one.person in known:
            today = known[one.person].person
            candidates.setdefault(today, replace(one, person=today))
    review = msgspec.structs.replace(review, proposal=replace(review.proposal, candidates=tuple(candidates.values())))
    if review.choice is not None and dossier.state in WAITING:
        now = tuple(known[person].person for person in review.choice.people if person in known)
        review = msgspec.structs.replace(review, choice=msgspec.structs.replace(review.choice, people=now))
    people = {known[person].person: known[person] for person in dossier.review.people if person in known}
    return Opened(replace(dossier, review=review), people)
