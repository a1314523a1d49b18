"""Rotating root keys over open stores: what `kindred keys` does, apart from how it is told.

Each function may be killed anywhere and called again; the hub may serve and agencies may be pulled meanwhile.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from connectors.parts import Parts
from connectors.pipeline.entries import upkeep
from connectors.pipeline.searches import renew_searches
from domain.entries import Act
from domain.errors import Refused
from kindred.wiring import Stores
from vault.provider import KEY_BYTES, FileProvider, Root
from vault.rotation import COMPARTMENTS, Rewrapper, settled, with_new, without

Moved = Callable[[int], None]
PAGE = 500


def _new(provider: FileProvider, stores: Stores, which: Sequence[Root], until: datetime | None = None) -> None:
    made = [secrets.token_bytes(KEY_BYTES) for _ in which]
    provider.change(lambda roots: with_new(roots, which, made, stores.clock.now(), until))
    stores.ring.refresh()


def _settle(provider: FileProvider, stores: Stores, root: Root) -> None:
    provider.change(lambda roots: settled(roots, root))
    stores.ring.refresh()


def newest(stores: Stores, root: Root) -> int:
    """The number of a root's newest version."""
    return stores.ring.versions(root)[-1].version


def is_settled(stores: Stores, root: Root) -> bool:
    """Whether everything that a root is for lies under its newest version."""
    return stores.ring.versions(root)[-1].settled


async def rotate_data(provider: FileProvider, stores: Stores, *, resume: bool, moved: Moved) -> int:
    """Wrap all data keys under a new version of the wrapping key; under the newest there is, to `resume` or where the
    last run did not come to its end. Returns that version. The data keys themselves stay what they are.
    """
    if is_settled(stores, Root.WRAPPING) and not resume:
        _new(provider, stores, [Root.WRAPPING])
    async for done in stores.graph.upkeep.rekey(Rewrapper(stores.ring), PAGE):
        moved(done)
    version = newest(stores, Root.WRAPPING)
    _settle(provider, stores, Root.WRAPPING)
    await _tell(stores, "data keys wrapped anew", f"data|{version}|{stores.clock.now().isoformat()}", version)
    return version


async def rotate_search(provider: FileProvider, stores: Stores, parts: Parts, moved: Moved) -> int:
    """Put everyone under a new version of the search key beside those there are; goes on with a run that was cut off.

    Returns that version. People are found by any version meanwhile.
    """
    if is_settled(stores, Root.SEARCH):
        _new(provider, stores, [Root.SEARCH])
    return await _searches(provider, stores, parts, moved)


async def _searches(provider: FileProvider, stores: Stores, parts: Parts, moved: Moved) -> int:
    kept = [key.version for key in stores.ring.versions(Root.SEARCH)]
    run = f"search {'+'.join(map(str, kept))}"
    await renew_searches(parts, run, moved=moved)
    _settle(provider, stores, Root.SEARCH)
    return kept[-1]


async def rotate_outward(provider: FileProvider, stores: Stores, days: int) -> int:
    """New outward ids at once; those there were are honoured for `days` more. Returns the new version."""
    until = stores.clock.now() + timedelta(days=days)
    _new(provider, stores, [Root.OUTWARD], until)
    _settle(provider, stores, Root.OUTWARD)
    version = newest(stores, Root.OUTWARD)
    await _tell(stores, "outward ids", f"outward|{version}", version)
    return version


async def rotate_compartments(provider: FileProvider, stores: Stores) -> int:
    """A new version of every compartment's key; what was sealed before stays under the version it was sealed with."""
    _new(provider, stores, COMPARTMENTS)
    for root in COMPARTMENTS:
        _settle(provider, stores, root)
    version = newest(stores, Root.DOCKET)
    await _tell(stores, "compartments", f"compartments|{version}", version)
    return version


async def wrapped_under(stores: Stores) -> Counter[int]:
    """How many data keys are wrapped under each version of the wrapping key."""
    census = Rewrapper(stores.ring, only_counting=True)
    async for _ in stores.graph.upkeep.rekey(census, PAGE):
        pass
    return census.seen


async def retire_data(provider: FileProvider, stores: Stores) -> int:
    """Throw away all but the newest wrapping key. Raises Refused while anything is wrapped under another version."""
    counted = await wrapped_under(stores)
    version = newest(stores, Root.WRAPPING)
    left = sum(count for under, count in counted.items() if under != version)
    if left:
        cause = f"{left:,} keys are still wrapped under an older version"
        raise Refused(field="data", fix="kindred keys rotate data --resume", cause=cause)
    _retire(provider, stores, Root.WRAPPING)
    _settle(provider, stores, Root.WRAPPING)
    await _tell(stores, "older wrapping keys retired", f"retired data|{version}", version)
    return version


async def retire_search(provider: FileProvider, stores: Stores, parts: Parts, moved: Moved) -> int:
    """Throw away all but the newest search key, then what the graph holds under the others; goes on with a run that was
    cut off between the two."""
    if len(stores.ring.versions(Root.SEARCH)) > 1 or is_settled(stores, Root.SEARCH):
        _retire(provider, stores, Root.SEARCH)
    return await _searches(provider, stores, parts, moved)


async def retire_outward(provider: FileProvider, stores: Stores) -> int:
    """Throw away all outward keys but the newest; refused while one of them is honoured."""
    _retire(provider, stores, Root.OUTWARD)
    _settle(provider, stores, Root.OUTWARD)
    version = newest(stores, Root.OUTWARD)
    await _tell(stores, "older outward keys retired", f"retired outward|{version}", version)
    return version


def _retire(provider: FileProvider, stores: Stores, root: Root) -> None:
    provider.change(lambda roots: without(roots, root, stores.clock.now()))
    stores.ring.refresh()


async def _tell(stores: Stores, what: str, name: str, version: int) -> None:
    told: dict[str, object] = {"what": what, "version": version}
    await stores.ledger.append(upkeep(stores.ring, Act.UPKEEP, name, stores.clock.now(), told))
