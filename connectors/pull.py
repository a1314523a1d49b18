"""The way in, top to bottom: one agency, from its cursor to the ledger.

rows since a cursor → validate → candidates → deciding → folding → flagging → docket first → graph second → ledger

Killed anywhere and run again it ends in the same stores: the docket counts a row once for each position, the graph
takes claims, decisions, cursor and outbox in one transaction, the ledger takes an entry once for each key.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from functools import partial

from connectors.agencies.agency import Agency
from connectors.identity.handing import hand_over
from connectors.parts import Parts
from connectors.pipeline import commit, entries
from connectors.pipeline.candidates import Known, candidates, last_cursor
from connectors.pipeline.deciding import MATCHED, NEW, Deciding, Verdict
from connectors.pipeline.flagging import Flagging, Flags
from connectors.pipeline.folding import Folding
from connectors.pipeline.guarded import guarded
from connectors.pipeline.validate import Checked, validate
from connectors.pipeline.weighing import Weighing
from connectors.progress import Progress, Summary, Unwatched
from connectors.protocols.ahead import ahead
from connectors.protocols.opening import source_of
from connectors.protocols.page import Page, Source
from connectors.protocols.signed import Keys
from connectors.settling import settle, settling
from domain.clock import instant_text
from domain.errors import Invalid
from graph.port import Stale
from graph.shapes import Written

MAX_STALE = 8
"""How often a page is folded again because others wrote about the same people; then the pull gives up for now."""
_NO_KEYS = Keys(None)


async def pull(agency: Agency, parts: Parts, progress: Progress | None = None) -> Summary:
    """Take in everything that the agency has since the last pull.

    Idempotent: a second call takes in what is new, mostly nothing. Raises Unavailable if source, docket, graph or
    ledger cannot be reached or not be trusted (pages committed before stay committed), Invalid if the agency refuses
    our access or none is configured. Cancelling leaves whole pages. One pull of an agency at a time; several agencies
    at once lose nothing, but who is new and who is matched then depends on who came first.
    """
    access = parts.access.get(agency.name)
    if access is None:
        raise Invalid(field=agency.name, fix="agency.access", cause="no access configured")
    source = source_of(agency, access, parts.session, parts.clock)
    return await take_in(agency, parts, source, agency.name, progress, Keys(access.keys))


async def take_in(
    agency: Agency,
    parts: Parts,
    source: Source,
    cursor_of: str,
    progress: Progress | None = None,
    keys: Keys = _NO_KEYS,
) -> Summary:
    """Take in everything that a source has after the cursor that was committed last under the name `cursor_of`.

    As `pull`, for whatever yields rows: an agency, or a file that somebody handed in (`kindred/importing.py`).
    """
    watch = progress if progress is not None else Unwatched()
    summary, started = Summary(agency.name), time.perf_counter()
    await _settled(parts)
    await Flagging(parts.keeping, Known()).struck_off()
    cursor = await last_cursor(parts, cursor_of)
    async with (
        settling(partial(_settled, parts)) as settle_on,
        ahead(_checked(agency, parts, source.pages(cursor), keys)) as pages,
    ):
        async for page, rows in pages:
            await _take_in(agency, parts, cursor_of, page, rows, summary)
            summary.seconds = time.perf_counter() - started
            watch.moved(summary)
            await settle_on()
    await parts.docket.caught_up(agency.name)
    await hand_over(parts.keeping)
    summary.seconds = time.perf_counter() - started
    watch.ended(summary)
    return summary


async def _settled(parts: Parts) -> None:
    """What waits for the ledger: of this pull, and what a request that was cut off left in the docket."""
    for outbox in (parts.writer, parts.docket):
        await settle(outbox, parts.open_entry, parts.append)


async def _checked(
    agency: Agency, parts: Parts, pages: AsyncIterator[Page], keys: Keys
) -> AsyncIterator[tuple[Page, list[Checked]]]:
    async for page in pages:
        yield page, await validate(agency, page, parts.ring.hasher, keys.document)


async def _take_in(
    agency: Agency, parts: Parts, cursor_of: str, page: Page, rows: list[Checked], summary: Summary
) -> None:
    """One page, folded again from the start if others wrote about the same people meanwhile."""
    for _ in range(MAX_STALE):
        try:
            verdict, written, flags = await _attempt(agency, parts, cursor_of, page, rows)
        except Stale as stale:
            summary.refolded += 1
            last = stale
            continue
        summary.pages += 1
        summary.add(entries.outcomes(verdict))
        summary.new += entries.decisions(verdict, NEW)
        summary.matched += entries.decisions(verdict, MATCHED)
        summary.weighed += len(verdict.weighed)
        summary.unmatched += entries.unmatched(verdict)
        summary.flagged += flags.raised
        summary.cleared += flags.cleared
        summary.claims += written.claims_new
        summary.repeated += written.claims_repeated
        return
    raise last


async def _attempt(
    agency: Agency, parts: Parts, cursor_of: str, page: Page, rows: list[Checked]
) -> tuple[Verdict, Written, Flags]:
    parts.ring.refresh()
    hasher, now = parts.ring.hasher, parts.clock.now()
    seen = await parts.docket.seen([row.digest for row in rows])
    standing = await parts.docket.standing([row.position for row in rows])
    known = await candidates(parts, rows)
    weighing = Weighing(parts.model, await guarded(parts, known.rows, known), known.crowded, known.weighed)
    verdict = await Deciding(known, hasher.founding, weighing).judge(agency, known.rows, seen, standing)
    flagging = Flagging(parts.keeping, known)
    healed = await flagging.healed(verdict)
    folding = Folding(parts.ring, known)
    foldings = await folding.fold(verdict, healed)
    flags = await flagging.raised(folding.after)
    await commit.to_docket(parts.docket, hasher, agency, verdict, flags.first)
    outbox = entries.outbox(parts.ring, agency, page.asked, verdict, now, known.sequence, parts.policy_hash)
    written = await commit.to_graph(
        parts.writer, parts.ring, cursor_of, page.next, instant_text(now), foldings, outbox, known.sequence
    )
    if flags.then:
        await parts.docket.intake((), (), flags.then)
    return verdict, written, flags
