"""Carrying out that two people are one, and that they are two after all.

**Which id survives**: the one that was decided first (the lowest recorded sequence of any decision about a key of it,
then the smaller id): it has been out in the world the longest. The other one names it from then on.

No claim is moved or sealed anew: keys are decided anew, and everything derived is folded again, of the two and of
everyone who is linked to the one dropped, or, when they are parted, to the one kept. So are flags looked at again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from connectors.identity.parting import MERGED, part
from connectors.identity.telling import carried_out
from connectors.parts import Keeping
from connectors.pipeline.candidates import Known, around, history, merged_at, today
from connectors.pipeline.flagging import Flagging, Flags
from connectors.pipeline.folding import Folding
from connectors.pipeline.opened import Opened
from docket.dossiers import ReviewDossier
from domain.claims import Evidence
from domain.clock import instant_text
from domain.entries import Act
from domain.ids import KeyHash, PersonId
from domain.records.fold import Held
from domain.reviews import Merge
from graph.shapes import Batch, Move, PersonWrite, Redecision

UNMERGED = "unmerged"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an order: the merge it is about, keys that stayed with the one kept though nothing says so, and all
    keys of two people who were parted: rows that the merge held may be taken in now."""

    merge: Merge | None
    left: tuple[Evidence, ...] = ()
    keys: tuple[KeyHash, ...] = ()


async def merge(parts: Keeping, order: ReviewDossier, people: tuple[PersonId, ...]) -> Done | None:
    """Make two people one. None if one of them is not there any more. Raises Stale if others wrote meanwhile.

    Carried out before, it is found done: the two ids name one person already.
    """
    named = await today(parts, people)
    if len(named) != 2:
        return None
    one, other = sorted(set(named.values()))[0], sorted(set(named.values()))[-1]
    if one == other:
        dropped = next((person for person in people if person != one), one)
        return Done(Merge(one, dropped))
    decisions = await history(parts, [one, other])
    first = {person: [row.sequence for row in decisions if row.person == person] for person in (one, other)}
    kept, dropped = sorted((one, other), key=lambda person: (min(first[person], default=2**62), person))
    known = await around(parts, [kept, dropped], dropped)
    if known is None:
        return None
    before = {person: list(opened.claims) for person, opened in known.people.items()}
    keys = list(known.people[dropped].keys)
    nationals = _join(known, kept, dropped)
    redecisions = tuple(Redecision(key, dropped, kept, MERGED) for key in keys)
    folding = Folding(parts.ring, known)
    writes = await folding.anew(before, {kept: nationals, dropped: ()})
    flags = await Flagging(parts, known).raised(folding.after, (kept, dropped))
    await _write(parts, order, known, redecisions, Move(dropped, kept), writes, Act.COMBINATION, flags)
    return Done(Merge(kept, dropped))


def _join(known: Known, kept: PersonId, dropped: PersonId) -> tuple[KeyHash, ...]:
    """Put both people's claims in one hand; the national ids that were ever stated of the two."""
    a, b = known.people[kept], known.people[dropped]
    nationals = tuple(dict.fromkeys((*a.nationals, *b.nationals)))
    known.people[kept] = Opened(kept, a.version, a.wrapped, {**a.keys, **b.keys}, [*a.claims, *b.claims], nationals)
    known.people[dropped] = Opened(dropped, b.version, b.wrapped, {}, [], b.nationals)
    known.owners = {key: kept if person == dropped else person for key, person in known.owners.items()}
    return nationals


async def unmerge(parts: Keeping, order: ReviewDossier, merged: Merge) -> Done | None:
    """Part two people. None if they are not (any more) two that one merge joined. Raises Stale."""
    kept, dropped = merged.kept, merged.dropped
    named = await today(parts, [kept, dropped])
    if named.get(dropped) == dropped:
        there = await parts.writer.claims([kept, dropped])
        return Done(None, keys=tuple(sorted(key for person in there.values() for key in person.keys)))
    sequence = await merged_at(parts, dropped, kept)
    if sequence is None or named.get(kept) != kept:
        return None
    known = await around(parts, [kept, dropped], kept)
    if known is None:
        return None
    whole = known.people[kept]
    parted = part(whole, dropped, await history(parts, [kept, dropped]), sequence)
    before: dict[PersonId, list[Held]] = {person: list(one.claims) for person, one in known.people.items()}
    _split(parts, known, kept, dropped, parted.back)
    nationals = {person: _stated(parts, known.people[person]) for person in (kept, dropped)}
    redecisions = tuple(Redecision(key, kept, dropped, UNMERGED) for key in sorted(parted.back))
    folding = Folding(parts.ring, known)
    writes = await folding.anew(before, nationals)
    flags = await Flagging(parts, known).raised(folding.after, (kept, dropped))
    await _write(parts, order, known, redecisions, Move(dropped, None), writes, Act.ALTERATION, flags)
    return Done(None, parted.left, tuple(sorted(whole.keys)))


def _split(parts: Keeping, known: Known, kept: PersonId, dropped: PersonId, back: frozenset[KeyHash]) -> None:
    whole, other = known.people[kept], known.people[dropped]
    known.people[kept] = _share(whole, whole, lambda key: key not in back)
    known.people[dropped] = _share(other, whole, lambda key: key in back)
    hashed = parts.ring.hasher.source_key
    known.owners = {
        key: dropped if person == kept and hashed(key) in back else person for key, person in known.owners.items()
    }


def _share(of: Opened, whole: Opened, theirs: Callable[[KeyHash], bool]) -> Opened:
    keys = {key: wrapped for key, wrapped in whole.keys.items() if theirs(key)}
    claims = [one for one in whole.claims if theirs(one.key)]
    return Opened(of.person, of.version, of.wrapped, keys, claims, of.nationals)


def _stated(parts: Keeping, person: Opened) -> tuple[KeyHash, ...]:
    """The national ids that a person's claims ever stated."""
    said = (item.get("national_id") for one in person.claims for item in one.body.items)
    return tuple(dict.fromkeys(parts.ring.hasher.national(iin) for iin in said if isinstance(iin, str)))


async def _write(
    parts: Keeping,
    order: ReviewDossier,
    known: Known,
    redecisions: tuple[Redecision, ...],
    move: Move,
    people: list[PersonWrite],
    act: Act,
    flags: Flags,
) -> None:
    await parts.docket.intake((), (), flags.first)
    now = parts.clock.now()
    told: Mapping[str, object] = {"keys": len(redecisions)}
    entry = carried_out(parts.ring, order, act, now, known.sequence, parts.policy_hash, dict(told))
    await parts.writer.write(
        Batch(
            instant_text(now),
            people=tuple(people),
            outbox=(entry,),
            redecisions=redecisions,
            moves=(move,),
            read_at=known.sequence,
        )
    )
    await parts.docket.intake((), (), flags.then)
