"""Fourth stage: the accepted rows' claims, sealed, and everything derived from them about each person they touch.

Symmetric links (partners) are claimed on both people's keys, so that either fold knows when they began and ended; the
row of the graph is written by the person with the smaller id, so that it is stored once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import msgspec

from connectors.pipeline import sealing
from connectors.pipeline.candidates import Known
from connectors.pipeline.deciding import Verdict
from connectors.pipeline.opened import Opened, statements_of
from connectors.pipeline.pace import Pace
from connectors.pipeline.superseding import RecordName, dropped
from connectors.pipeline.weighing import statements_of as described_by
from docket.dossiers import Outcome
from domain.claims import Claim, ClaimBody, ClaimKind
from domain.ids import KeyHash, PersonId, SourceKey
from domain.links import PARTNERS
from domain.records.catalogue import CATEGORIES
from domain.records.fold import SPREAD, Folded, Held, fold_newest, newest
from domain.records.payload import claim_label
from graph.shapes import ClaimRow, LinkRow, NewKey, PersonWrite
from identity.blocking import compounds as compounds_met_by
from identity.search_keys import compounds
from vault.key_ring import KeyRing
from vault.sealing import DataKey

_encoder = msgspec.msgpack.Encoder()
_CATEGORIES = frozenset(category.name for category in CATEGORIES)
_FACTS = frozenset({"identity", "residence"})
"""The categories that a person's facts are made of: folded whether they changed or not."""
_SEARCHED = frozenset({"identity"})
"""What tells that search keys are to be written."""
_LINKS = "links"
_MEMBERSHIPS = "memberships"
_LINKED = frozenset({_LINKS})
_NOTHING: frozenset[str] = frozenset()


@dataclass(slots=True)
class Foldings:
    """What a batch writes: decisions, sealed claims, one PersonWrite for each person whose claims grew, and national
    ids in the order in which they were first stated."""

    keys: list[NewKey] = field(default_factory=list)
    claims: list[ClaimRow] = field(default_factory=list)
    people: list[PersonWrite] = field(default_factory=list)
    stated: list[tuple[KeyHash, PersonId]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class After:
    """A person after a batch: the fold, the claims in force that it was made from, and those that the batch added."""

    folded: Folded
    in_force: Sequence[Held]
    added: Sequence[Held] = ()


class Folding:
    """Seals and folds one batch. Nothing of it is kept afterwards."""

    def __init__(self, ring: KeyRing, known: Known) -> None:
        self._ring = ring
        self._known = known
        self._keys: dict[KeyHash, DataKey] = {}
        self._out = Foldings()
        self._addresses = sealing.AddressKeys(ring.hasher)
        self._added: dict[PersonId, list[Held]] = {}
        self._records: set[RecordName] = set()
        self.after: dict[PersonId, After] = {}
        self._there: set[bytes] = {held.claim for opened in known.people.values() for held in opened.claims}

    async def fold(self, verdict: Verdict, healed: Collection[PersonId] = ()) -> Foldings:
        """All accepted rows of a page, in order. Yields to the loop now and then.

        `healed`: known people whose links lead to keys that the page decides; these links are written now.
        """
        pace = Pace()
        for key, (person, reason) in verdict.decisions.items():
            self._decide(key, person, reason)
        for judged in verdict.rows:
            if judged.outcome is Outcome.ACCEPTED and judged.row.said is not None:
                for claim in judged.row.said.claims:
                    self._claim(claim, judged.people[claim.key])
            await pace.breathe()
        self._take_back()
        for person in healed:
            self._added.setdefault(person, [])
        self._out.stated = [(self._known.nationals[iin], person) for iin, person in verdict.stated]
        others = {(key.agency, key.source_id): person for key, person in self._known.owners.items()}
        for person, added in self._added.items():
            self._out.people.append(self._person(person, added, others, person in healed))
            await pace.breathe()
        return self._out

    async def anew(
        self, told: Mapping[PersonId, Sequence[Held]], nationals: Mapping[PersonId, tuple[KeyHash, ...]]
    ) -> list[PersonWrite]:
        """Everything derived about people who are in hand, from their claims as they are now.

        `told`: for each of them the claims that what is stored was derived from, if others are theirs now. `nationals`:
        whose set of national ids changes, and to what.
        """
        pace, written = Pace(), []
        others = {(key.agency, key.source_id): person for key, person in self._known.owners.items()}
        for person, before in told.items():
            opened = self._known.people[person]
            changed = frozenset(kind for one in (*before, *opened.claims) for kind in _told(one.kind, one.body))
            stated = nationals.get(person)
            always = changed | {_LINKS, _MEMBERSHIPS, "identity"}
            written.append(self._written(person, opened.claims, changed, always, others, stated))
            await pace.breathe()
        return written

    async def searched(self, persons: Sequence[PersonId]) -> list[PersonWrite]:
        """The search keys of people who are in hand, under the versions of the key that there are now."""
        pace, written = Pace(), []
        others = {(key.agency, key.source_id): person for key, person in self._known.owners.items()}
        for person in persons:
            claims = self._known.people[person].claims
            written.append(self._written(person, claims, frozenset(), _SEARCHED, others, None))
            await pace.breathe()
        return written

    def _decide(self, key: SourceKey, person: PersonId, reason: str) -> None:
        data_key = self._ring.sealer.new_key()
        hashed = self._known.keys[key]
        self._keys[hashed] = data_key
        self._out.keys.append(NewKey(hashed, key.agency, data_key.wrapped, person, reason))

    def _claim(self, claim: Claim, person: PersonId) -> None:
        body, hashed = claim.body, self._known.keys[claim.key]
        self._records.add((body.source, body.record_id))
        self._add(claim.kind, body, hashed, person)

    def _take_back(self) -> None:
        """What earlier versions said of people whom the newest no longer names."""
        opened = ((person, held) for person, one in self._known.people.items() for held in one.claims)
        added = ((person, held) for person, claims in self._added.items() for held in claims)
        for one in dropped(chain(opened, added), self._records):
            self._add(ClaimKind.RETRACTION, one.body, one.key, one.person)

    def _add(self, kind: ClaimKind, body: ClaimBody, hashed: KeyHash, person: PersonId) -> None:
        number = self._ring.hasher.claim(body.source, body.record_id, body.version, body.part)
        # The same part of the same version again says nothing: the first that was recorded stands.
        if number in self._there:
            return
        self._there.add(number)
        sealed = self._ring.sealer.seal(self._data_key(hashed, person), _encoder.encode(body), claim_label(number))
        self._out.claims.append(ClaimRow(number, hashed, kind, body.source, sealed))
        self._added.setdefault(person, []).append(Held(number, hashed, kind, body))

    def _data_key(self, hashed: KeyHash, person: PersonId) -> DataKey:
        key = self._keys.get(hashed)
        if key is None:
            key = self._keys[hashed] = self._ring.sealer.reopen(self._known.people[person].keys[hashed])
        return key

    def _person(
        self,
        person: PersonId,
        added: Sequence[Held],
        others: Mapping[tuple[str, str], PersonId],
        healed: bool,
    ) -> PersonWrite:
        opened = self._known.people.get(person)
        held = [*(opened.claims if opened is not None else ()), *added]
        changed = _changed(held, added) | (_LINKED if healed else _NOTHING)
        return self._written(person, held, changed, changed, others, self._nationals(opened, added), added)

    def _written(
        self,
        person: PersonId,
        held: Sequence[Held],
        categories: frozenset[str],
        changed: frozenset[str],
        others: Mapping[tuple[str, str], PersonId],
        nationals: tuple[KeyHash, ...] | None,
        added: Sequence[Held] = (),
    ) -> PersonWrite:
        """What is derived from claims. `categories`: whose records are written; `changed`: of links, memberships and
        search keys (by `identity`) those that are."""
        opened = self._known.people.get(person)
        in_force = newest(held)
        folded = fold_newest(in_force, others, person, categories | _FACTS)
        self.after[person] = After(folded, in_force, added)
        key = self._ring.sealer.reopen(opened.wrapped) if opened is not None else self._ring.sealer.new_key()
        ring = self._ring
        return PersonWrite(
            person,
            opened.version if opened is not None else 0,
            None if opened is not None else key.wrapped,
            sealing.facts(ring, key, person, folded, self._addresses),
            dict(sealing.record(ring, key, person, name, folded) for name in sorted(categories & _CATEGORIES)),
            self._links(person, folded) if _LINKS in changed else None,
            sealing.memberships(ring, key, person, folded) if _MEMBERSHIPS in changed else None,
            self._searches(held, in_force, folded) if "identity" in changed else None,
            nationals,
        )

    def _links(self, person: PersonId, folded: Folded) -> tuple[LinkRow, ...]:
        stored = [one for one in folded.links if one.kind not in PARTNERS or person < one.other]
        return tuple(sealing.link(self._ring, self._data_key(one.key, person), one.key, person, one) for one in stored)

    def _searches(self, held: Sequence[Held], in_force: Sequence[Held], folded: Folded) -> tuple[KeyHash, ...]:
        """What the person is searched by, from what is in force, and what claims meet them by, from all ever stated."""
        born = folded.value("identity", "birth_date")
        statements = [one for each in in_force for one in statements_of(each)]
        found = compounds(statements, str(born) if born is not None else None)
        met = compounds_met_by(described_by(held))
        search = self._ring.hasher.search
        return tuple(hashed for compound in (*found, *sorted(met)) for hashed in search(compound))

    def _nationals(self, opened: Opened | None, added: Sequence[Held]) -> tuple[KeyHash, ...] | None:
        there = dict.fromkeys(opened.nationals if opened is not None else ())
        before = len(there)
        for held in added:
            for item in held.body.items:
                iin = item.get("national_id")
                if isinstance(iin, str):
                    there[self._known.nationals[iin]] = None
        return tuple(there) if len(there) > before or opened is None else None


def _changed(held: Sequence[Held], added: Sequence[Held]) -> frozenset[str]:
    """What the added claims may change: their own categories, and those of the claims that they supersede."""
    records = {(one.body.source, one.body.record_id) for one in added}
    changed: set[str] = set()
    for one in held:
        if (one.body.source, one.body.record_id) in records:
            changed.update(_told(one.kind, one.body))
    return frozenset(changed)


def _told(kind: ClaimKind, body: ClaimBody) -> tuple[str, ...]:
    if kind is ClaimKind.RECORD:
        category = body.category or ""
        return SPREAD.get(category, (category,))
    if kind is ClaimKind.LINK:
        return (_LINKS,)
    return (_MEMBERSHIPS,) if kind is ClaimKind.MEMBERSHIP else ()
