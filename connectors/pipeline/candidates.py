"""Second stage: what the graph knows of everyone a page names, by source key and by national id.

The only place of the way in that holds a Reader. Claims are unsealed for the length of one batch.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import msgspec

from connectors.parts import Looking, Parts
from connectors.pipeline.conflicting import may_conflict
from connectors.pipeline.opened import Opened
from connectors.pipeline.pace import Pace
from connectors.pipeline.plausible import Vital
from connectors.pipeline.suppressing import suppressed_keys, values_in, without
from connectors.pipeline.surroundings import Stay, Surroundings, together
from connectors.pipeline.validate import Checked
from connectors.pipeline.weighing import MOST_CANDIDATES, is_enough, keys_of
from connectors.protocols.ahead import ahead
from domain.claims import ClaimBody, Evidence
from domain.errors import Broken
from domain.ids import KeyHash, PersonId, SourceKey
from domain.links import LinkKind
from domain.records.fold import Held
from domain.records.payload import (
    MembershipTerms,
    PersonFacts,
    claim_label,
    cursor_label,
    decode,
    facts_label,
    membership_label,
)
from graph.port import Reader, Stale, Writer
from graph.shapes import DecisionRow, Facts, PersonClaims, PersonShape
from vault.hashing import Hasher
from vault.unsealing import OpenedKey, Unsealer

_AT_ONCE = 32
"""People whose claims are read in one call: more would hold the loop for too long."""
_AROUND_AT_ONCE = 500
"""People who are read in one call with those around them: some 5 ms on SQLite. Fewer to a call hold the loop no less,
for it is left every 10 ms, and read those around them more than once."""

_body = msgspec.msgpack.Decoder(ClaimBody)


@dataclass(slots=True)
class Known:
    """What was known before a batch, grown by each row that is accepted.

    `owners`: decided source keys, those that known links lead to included. `stated`: national id → people, in order of
    first statement. `people`: their claims. `keys` and `nationals`: the hashes, so that each is made once in a batch.
    `sequence`: the graph's own before the batch. `weighed`: whether anybody of the batch may have to be weighed, for a
    decision or a question; `crowded`: compounds of those who have too many candidates to be in hand. `rows`: the batch
    without those who were erased.
    """

    owners: dict[SourceKey, PersonId] = field(default_factory=dict)
    stated: dict[str, list[PersonId]] = field(default_factory=dict)
    people: dict[PersonId, Opened] = field(default_factory=dict)
    keys: dict[SourceKey, KeyHash] = field(default_factory=dict)
    nationals: dict[str, KeyHash] = field(default_factory=dict)
    sequence: int = 0
    weighed: bool = False
    crowded: frozenset[str] = frozenset()
    rows: list[Checked] = field(default_factory=list)


async def last_cursor(parts: Parts, source: str) -> str:
    """The cursor committed last for a source, "" before the first."""
    sealed = await parts.writer.cursor(source)
    if sealed is None:
        return ""
    return Unsealer(parts.ring).unseal_compartment("cursor", sealed, cursor_label(source)).decode()


async def candidates(parts: Looking, rows: Sequence[Checked], also: Sequence[PersonId] = ()) -> Known:
    """Decisions and claims of everyone whom the rows name, and of `also`. The same calls whatever the rows hold."""
    known = Known(sequence=await parts.reader.sequence())
    hasher, pace = parts.ring.hasher, Pace()
    for evidence in (one for row in rows if row.said is not None for one in row.said.people):
        if evidence.key not in known.keys:
            known.keys[evidence.key] = hasher.source_key(evidence.key)
        iin = evidence.national_id
        if iin is not None and iin not in known.nationals:
            known.nationals[iin] = hasher.national(iin)
        await pace.breathe()
    unread = await _unread(hasher, rows)
    hashes = dict.fromkeys((*known.keys.values(), *known.nationals.values(), *chain(*unread.values())))
    owners, found, marked = await asyncio.gather(
        parts.reader.owners(list(known.keys.values())),
        parts.reader.find(list(known.nationals.values())),
        parts.reader.suppressed(list(hashes)),
    )
    await pace.breathe()
    decided = frozenset(key for key, hashed in known.keys.items() if hashed in owners)
    gone = suppressed_keys(list(rows), marked, known.keys, known.nationals, decided)
    known.rows = rows = [
        replace(row, suppressed=True) if not marked.isdisjoint(unread.get(number, ())) else without(row, gone)
        for number, row in enumerate(rows)
    ]
    known.owners = {key: owners[hashed] for key, hashed in known.keys.items() if hashed in owners}
    known.stated = {iin: list(found[hashed]) for iin, hashed in known.nationals.items() if hashed in found}
    similar = await _similar(parts, rows, known)
    persons = {
        *also,
        *similar,
        *known.owners.values(),
        *(person for people in known.stated.values() for person in people),
    }
    known.people = await _opened(parts, known, sorted(persons))
    await _far_keys(parts.reader, hasher, known, chain(_said(rows), _bodies(known.people.values())))
    known.people |= await _opened(parts, known, _linked(known, rows))
    await _far_keys(parts.reader, hasher, known, _bodies(known.people.values()))
    known.weighed |= may_conflict(rows, known.owners, known.stated, lambda person: known.people[person].statements())
    return known


async def brought(parts: Looking, known: Known, persons: Iterable[PersonId]) -> None:
    """Take more people in hand; who is not there under their own id any more is left out."""
    asked = sorted({person for person in persons if person not in known.people})
    unsealer, pace = Unsealer(parts.ring), Pace()
    async with ahead(_claims(parts.writer, asked)) as told:
        async for some in told:
            for person, held in some.items():
                known.people[person] = _open(unsealer, held)
                await pace.breathe()
    there = (known.people[person] for person in asked if person in known.people)
    await _far_keys(parts.reader, parts.ring.hasher, known, _bodies(there))


async def vitals(parts: Looking, persons: Iterable[PersonId]) -> dict[PersonId, Vital]:
    """Birth, death and sex of people who are not in hand, from their facts; absent where nobody is."""
    asked = sorted(set(persons))
    if not asked:
        return {}
    found, pace, unsealer = {}, Pace(), Unsealer(parts.ring)
    for person, shape in (await parts.reader.facts(asked)).people.items():
        plain = unsealer.unseal_with(unsealer.key(shape.wrapped), shape.facts, facts_label(shape.person))
        facts = decode(PersonFacts, plain)
        found[person] = Vital(facts.birth_date, facts.death_date, facts.sex)
        await pace.breathe()
    return found


async def surroundings(parts: Looking, persons: Sequence[PersonId]) -> Surroundings:
    """People and those around them. So many people to a call, whoever of them is hidden; one call for nobody too."""
    unsealer, pace = Unsealer(parts.ring), Pace()

    def stays(shape: PersonShape) -> list[Stay]:
        key, found = unsealer.key(shape.wrapped), []
        for row in shape.memberships:
            plain = unsealer.unseal_with(key, row.sealed, membership_label(row.person, row.household))
            found.append((row.household, decode(MembershipTerms, plain)))
        return found

    facts: list[Facts] = []
    for start in range(0, max(len(persons), 1), _AROUND_AT_ONCE):
        facts.append(await parts.reader.facts(persons[start : start + _AROUND_AT_ONCE]))
        await pace.breathe()
    return Surroundings(together(facts), stays)


async def _unread(hasher: Hasher, rows: Sequence[Checked]) -> dict[int, list[KeyHash]]:
    """Place of a row that could not be read → the hashes of whatever in it may name somebody who was erased."""
    pace = Pace()
    unread: dict[int, list[KeyHash]] = {}
    for number, row in enumerate(rows):
        if row.said is None:
            unread[number] = values_in(hasher, row.source, row.raw)
            await pace.breathe()
    return unread


@dataclass(frozen=True, slots=True)
class ToErase:
    """Whom an order to erase names: the people, every id that names them, all their hashes, who is linked to them;
    whether there is a mark."""

    people: tuple[PersonId, ...]
    ids: tuple[PersonId, ...]
    hashes: tuple[KeyHash, ...]
    linked: tuple[PersonId, ...]
    erased: bool


async def found_by(parts: Parts, national: KeyHash | None, person: PersonId | None) -> ToErase:
    """Whom a national id or a person's id names, for erasing them."""
    asked = [national] if national is not None else []
    found = await parts.reader.find(asked)
    named = [*(person,) * (person is not None), *(one for people in found.values() for one in people)]
    shapes = (await parts.reader.facts([one for one in named if one is not None])).people
    people = tuple(sorted({shape.person for shape in shapes.values()}))
    ties = await parts.reader.ties(people, frozenset(LinkKind))
    former = await parts.reader.former(people)
    return ToErase(
        people,
        (*people, *sorted({one.person for ids in former.values() for one in ids})),
        tuple(dict.fromkeys(key for shape in shapes.values() for key in shape.keys)),
        tuple(sorted({tie.other for tie in ties} - set(people))),
        bool(await parts.reader.suppressed(asked)),
    )


async def _similar(parts: Looking, rows: Sequence[Checked], known: Known) -> list[PersonId]:
    """Everyone who shares a compound with evidence that has to be weighed, so many claims to a search."""
    pace = Pace()
    wanted: dict[SourceKey, frozenset[str]] = {}
    for evidence in _unidentified(rows):
        if evidence.key not in known.owners and evidence.key not in wanted and is_enough(evidence):
            wanted[evidence.key] = keys_of(evidence)
            await pace.breathe()
    found: list[PersonId] = []
    crowded: set[str] = set()
    each = list(wanted.values())
    for start in range(0, max(len(each), 1), _AT_ONCE):
        shared = frozenset().union(*each[start : start + _AT_ONCE])
        limit = _AT_ONCE * MOST_CANDIDATES
        keys = [hashed for compound in sorted(shared) for hashed in parts.ring.hasher.search(compound)]
        people = await parts.reader.search(keys, limit)
        if len(people) > limit:
            crowded |= shared
        else:
            found += people
    known.weighed, known.crowded = bool(wanted), frozenset(crowded)
    return found


def _unidentified(rows: Sequence[Checked]) -> Iterator[Evidence]:
    """What the rows say of people without a national id, sides of reports included."""
    for row in rows:
        if row.said is not None:
            sides = (one for matter in row.said.protective for one in matter.people)
            yield from (one for one in (*row.said.people, *sides) if one.national_id is None)


async def of_people(parts: Parts, persons: Sequence[PersonId]) -> Known:
    """What is known of people, to derive what follows from it anew; who was erased or joined since is left out."""
    known = Known(sequence=await parts.reader.sequence())
    named = await today(parts, persons)
    await brought(parts, known, (person for person in persons if named.get(person) == person))
    return known


def everyone(parts: Parts, after: PersonId | None, size: int) -> AsyncIterator[tuple[PersonId, ...]]:
    """All people in ascending id after one, in pages."""
    return parts.reader.scan(after, size)


def _linked(known: Known, rows: Sequence[Checked]) -> list[PersonId]:
    """People whom an earlier version of a row links to those it names, and who are not in hand: it may drop them."""
    records = {(row.said.source, row.said.record_id) for row in rows if row.said is not None}
    found: set[PersonId] = set()
    for opened in known.people.values():
        for held in opened.claims:
            body = held.body
            if body.other is not None and (body.source, body.record_id) in records:
                owner = known.owners.get(SourceKey(*body.other))
                if owner is not None and owner not in known.people:
                    found.add(owner)
    return sorted(found)


async def _opened(parts: Looking, known: Known, persons: Sequence[PersonId]) -> dict[PersonId, Opened]:
    """People whom the graph just named. Raises Stale if it forgot one of them since: the batch is then judged anew."""
    unsealer, pace = Unsealer(parts.ring), Pace()
    people = {}
    async with ahead(_claims(parts.writer, persons)) as told:
        async for held in told:
            for person, claims in held.items():
                people[person] = _open(unsealer, claims)
                await pace.breathe()
    gone = frozenset(persons).difference(people)
    if gone and await parts.reader.sequence() != known.sequence:
        raise Stale(gone)
    if gone:
        raise Broken(cause="a decided key names nobody")
    return people


async def _claims(writer: Writer, persons: Sequence[PersonId]) -> AsyncIterator[Mapping[PersonId, PersonClaims]]:
    """The claims of people, so many at a call; a call too where there is nobody."""
    for start in range(0, max(len(persons), 1), _AT_ONCE):
        yield await writer.claims(persons[start : start + _AT_ONCE])


def _open(unsealer: Unsealer, person: PersonClaims) -> Opened:
    keys: Mapping[KeyHash, OpenedKey] = {key: unsealer.key(wrapped) for key, wrapped in person.keys.items()}
    claims = []
    for row in person.claims:
        plain = unsealer.unseal_with(keys[row.key], row.sealed, claim_label(row.claim))
        claims.append(Held(row.claim, row.key, row.kind, _body.decode(plain)))
    return Opened(person.person, person.version, person.wrapped, dict(person.keys), claims, person.nationals)


async def _far_keys(reader: Reader, hasher: Hasher, known: Known, bodies: Iterable[ClaimBody]) -> None:
    """Who the keys are that links lead to: a fold of those people needs them, though no row may name them itself."""
    far: dict[SourceKey, KeyHash] = {}
    pace = Pace()
    for body in bodies:
        if body.other is not None:
            key = SourceKey(*body.other)
            if key not in known.owners and key not in far:
                far[key] = hasher.source_key(key)
        await pace.breathe()
    owners = await reader.owners(list(far.values()))
    known.owners.update((key, owners[hashed]) for key, hashed in far.items() if hashed in owners)


async def today(parts: Looking, people: Sequence[PersonId]) -> dict[PersonId, PersonId]:
    """Whom ids name today: an id that was merged names another. Ids that name nobody are absent."""
    facts = await parts.reader.facts(people)
    return {asked: shape.person for asked, shape in facts.people.items()}


async def owner_of(parts: Looking, key: SourceKey) -> PersonId | None:
    """Whom a source key is decided to be."""
    hashed = parts.ring.hasher.source_key(key)
    return (await parts.reader.owners([hashed])).get(hashed)


async def around(parts: Looking, people: Sequence[PersonId], reaching: PersonId) -> Known | None:
    """Claims of people, and of everyone with a link from or to `reaching`: those whose fold changes if it is made one
    with another or parted. None if one of the people is not there (any more)."""
    known = Known(sequence=await parts.reader.sequence())
    ties = await parts.reader.ties([reaching], frozenset(LinkKind))
    there = await parts.writer.claims(people)
    if not there.keys() >= set(people):
        return None
    everyone = sorted({*people, *(tie.person for tie in ties), *(tie.other for tie in ties)})
    known.people = await _opened(parts, known, everyone)
    await _far_keys(parts.reader, parts.ring.hasher, known, _bodies(known.people.values()))
    return known


async def history(parts: Looking, people: Sequence[PersonId]) -> tuple[DecisionRow, ...]:
    """Every decision about keys that are or ever were these people's, in recorded order."""
    return await parts.reader.decisions(people)


async def merged_at(parts: Looking, dropped: PersonId, kept: PersonId) -> int | None:
    """The sequence at which one id was merged into another that it still names directly; None if it does not."""
    former = (await parts.reader.former([kept])).get(kept, ())
    return next((one.sequence for one in former if one.person == dropped), None)


def _said(rows: Iterable[Checked]) -> Iterator[ClaimBody]:
    return (claim.body for row in rows if row.said is not None for claim in row.said.claims)


def _bodies(people: Iterable[Opened]) -> Iterator[ClaimBody]:
    return (held.body for opened in people for held in opened.claims)
