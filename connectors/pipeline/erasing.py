"""Erasing somebody: their keys destroyed, marks left in their place, nothing that leads to them anywhere.

In this order, each step once however often it is begun again: the ledger is told that it was ordered; the docket
loses the rows it holds of them; the graph forgets them; the docket loses what came in meanwhile; whoever was linked
to them is derived anew; the ledger is told that it was done. Cut off after the graph forgot them, the same order
finds the marks and goes on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from connectors.parts import Parts
from connectors.pipeline.candidates import Known, found_by, of_people
from connectors.pipeline.entries import sealed_row, upkeep
from connectors.pipeline.flagging import Flagging
from connectors.pipeline.folding import Folding
from connectors.pipeline.suppressing import values_in
from connectors.settling import settle
from docket.striking import Gone, Names
from domain.clock import instant_text
from domain.entries import Act
from domain.errors import Invalid
from domain.ids import KeyHash, PersonId
from graph.port import Stale, Upkeep
from graph.shapes import Batch

MAX_STALE = 8
Strike = Callable[[Gone, Names], Awaitable[int]]
"""Has the docket strike what it holds of people who are gone; `names` tells whether a row names them."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who orders an erasure and on which legal ground, as the ledger will tell reviewers; `instant` makes it one."""

    by: str
    ground: str
    instant: str


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did. `people`: 0 if they were erased before; `rows`: struck from the docket; `linked`: derived
    anew."""

    people: int
    rows: int
    linked: int


async def erase(
    parts: Parts, upkeep_of: Upkeep, strike: Strike, order: Order, *, national: KeyHash | None, person: PersonId | None
) -> Erased:
    """Erase the one person whom a national id (hashed) or an id names.

    Raises Invalid if it names nobody who is here or was erased, or several people; Unavailable.
    """
    found = await found_by(parts, national, person)
    marks = (*found.hashes, *((national,) if national is not None else ()))
    if not found.people and not found.erased:
        raise Invalid(field="person", fix="erase.nobody", cause="nobody is known by this")
    if len(found.people) > 1:
        cause = f"{len(found.people)} people are known by this national id: name one by the outward id"
        raise Invalid(field="person", fix="erase.by_outward_id", cause=cause)
    await _tell(parts, order, "ordered", found.people, {})
    marked = frozenset(marks)

    def names(source: str, raw: bytes) -> bool:
        return not marked.isdisjoint(values_in(parts.ring.hasher, source, raw))

    gone = Gone.of(parts.ring.hasher, marks, found.ids)
    rows = await strike(gone, names)
    people = await upkeep_of.forget(found.people, marks)
    # A pull that had not seen the marks may have had a row of theirs held in between; from here on all see them.
    rows += await strike(gone, names)
    linked = await _derive(parts, found.linked, order)
    done = Erased(people, rows, linked)
    await _tell(parts, order, "done", found.people, {"people": people, "rows": rows, "linked": linked})
    return done


async def _derive(parts: Parts, persons: Sequence[PersonId], order: Order) -> int:
    """What follows from the claims of those who were linked to somebody who is gone, and what is still doubtful in the
    claims of those whose flags rested on theirs."""
    for attempt in range(MAX_STALE):
        known, now = await of_people(parts, persons), parts.clock.now()
        there = {person: () for person in persons if person in known.people}
        folding = Folding(parts.ring, known)
        people = await folding.anew(there, {})
        flags = await Flagging(parts.keeping, known).raised(folding.after)
        await parts.docket.intake((), (), flags.first)
        told: dict[str, object] = {"step": "linked", "people": len(there)}
        name = f"{order.instant}|linked"
        entry = upkeep(parts.ring, Act.ERASURE, name, now, told, known.sequence, parts.policy_hash)
        batch = Batch(
            instant_text(now), people=tuple(people), outbox=(sealed_row(parts.ring, entry),), read_at=known.sequence
        )
        try:
            await parts.writer.write(batch)
            await parts.docket.intake((), (), flags.then)
            break
        except Stale:
            if attempt == MAX_STALE - 1:
                raise
    await Flagging(parts.keeping, Known()).struck_off()
    await settle(parts.writer, parts.open_entry, parts.append)
    return len(there)


async def _tell(parts: Parts, order: Order, step: str, people: Sequence[PersonId], more: dict[str, object]) -> None:
    told: dict[str, object] = {"step": step, "by": order.by, "ground": order.ground, **more}
    entry = upkeep(parts.ring, Act.ERASURE, f"{order.instant}|{step}", parts.clock.now(), told)
    await parts.append(replace(entry, attempted=tuple(people)))
