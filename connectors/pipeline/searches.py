"""Search keys after a rotation: derived anew from people's claims, without a row that says anything new.

A bulk reader: claims are opened for the length of a batch, and each batch has its entry in the ledger, written with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from connectors.parts import Parts
from connectors.pipeline.candidates import everyone, of_people
from connectors.pipeline.entries import sealed_row, upkeep
from connectors.pipeline.folding import Folding
from connectors.settling import settle
from docket.dossiers import Dossier
from domain.clock import instant_text
from domain.entries import Act
from domain.ids import PersonId
from graph.port import Stale
from graph.shapes import Batch

MAX_STALE = 8
"""How often a batch is derived again because others wrote about the same people; then it gives up for now."""
_KIND, _UNDER_WAY, _DONE = "job", "under way", "done"


class _Place(msgspec.Struct):
    """How far a job is: the last person done, and how many were."""

    after: int | None = None
    people: int = 0


async def _renew(parts: Parts, persons: Sequence[PersonId], name: str) -> None:
    """The search keys of some people, in one batch, with its entry. Raises Stale if others go on writing about them."""
    for attempt in range(MAX_STALE):
        known, now = await of_people(parts, persons), parts.clock.now()
        people = await Folding(parts.ring, known).searched(list(known.people))
        told: dict[str, object] = {"what": "search keys", "people": len(people)}
        entry = upkeep(parts.ring, Act.UPKEEP, name, now, told, known.sequence, parts.policy_hash)
        outbox = (sealed_row(parts.ring, entry),)
        batch = Batch(instant_text(now), people=tuple(people), outbox=outbox, read_at=known.sequence)
        try:
            await parts.writer.write(batch)
            break
        except Stale:
            if attempt == MAX_STALE - 1:
                raise
    await settle(parts.writer, parts.open_entry, parts.append)


async def renew_searches(parts: Parts, run: str, size: int = 200, moved: Callable[[int], None] | None = None) -> int:
    """Put everyone under the search keys of the versions there are now; how many people. `run` names the rotation.

    Paged and resumable: how far it is stands in the docket, and a second call goes on there, or does nothing.
    """
    place_id = parts.ring.hasher.label("job", run)
    kept = await parts.docket.load(place_id)
    place = _Place() if kept is None else msgspec.convert(kept.body, _Place)
    if kept is not None and kept.state == _DONE:
        return place.people
    version = 0 if kept is None else kept.version
    after = None if place.after is None else PersonId(place.after)
    async for page in everyone(parts, after, size):
        await _renew(parts, page, f"{run}|{page[-1]}")
        place = _Place(page[-1], place.people + len(page))
        version = await _keep(parts, place_id, _UNDER_WAY, version, place)
        if moved is not None:
            moved(place.people)
    await _keep(parts, place_id, _DONE, version, place)
    return place.people


async def _keep(parts: Parts, id: bytes, state: str, version: int, place: _Place) -> int:
    body = msgspec.to_builtins(place)
    return (await parts.docket.save(Dossier(id, _KIND, (), state, version, None, body))).version
