"""Last stage: the docket first, then the graph, so that no address is readable before the grade that came with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectors.agencies.agency import Agency
from connectors.pipeline.deciding import Judged, Verdict
from connectors.pipeline.folding import Foldings
from connectors.pipeline.pace import Pace
from docket.dossiers import GuardStatus, IntakeRow, Matter, Outcome
from docket.port import Docket
from domain.claims import Evidence, ProtectiveKind, ProtectiveMatter
from domain.flags import Flagged
from domain.ids import KeyHash, SourceKey
from domain.records.payload import cursor_label
from graph.port import Writer
from graph.shapes import Batch, OutboxRow, Written
from vault.hashing import Hasher
from vault.key_ring import KeyRing

_HELD = frozenset({Outcome.QUARANTINED, Outcome.REVIEW})
_NOTHING_NEW = frozenset({Outcome.DUPLICATE, Outcome.QUARANTINED, Outcome.SUPPRESSED})


async def to_docket(
    docket: Docket, hasher: Hasher, agency: Agency, verdict: Verdict, flagged: Sequence[Flagged]
) -> None:
    """Take all rows of a page in, and what it flags, in one transaction. A position that is there changes nothing."""
    pace = Pace()
    rows = []
    for judged in verdict.rows:
        rows.append(_row(hasher, agency, judged))
        await pace.breathe()
    await docket.intake(rows, (), flagged)


async def to_graph(
    writer: Writer,
    ring: KeyRing,
    source: str,
    following: str,
    instant: str,
    foldings: Foldings,
    outbox: Sequence[OutboxRow],
    read_at: int,
) -> Written:
    """Write claims, people, the cursor and the ledger's entries in one transaction. Raises Stale, Unavailable.

    `read_at`: the graph's sequence before the page was judged. Whoever was joined or parted since is judged anew.
    """
    cursor = ring.sealer.seal_compartment("cursor", following.encode(), cursor_label(source))
    batch = Batch(
        instant,
        tuple(foldings.keys),
        tuple(foldings.claims),
        tuple(foldings.people),
        (source, cursor),
        tuple(outbox),
        tuple(foldings.stated),
        read_at=read_at,
    )
    return await writer.write(batch)


def rewound(ring: KeyRing, source: str, instant: str) -> Batch:
    """What has a source told from its beginning again at the next pull."""
    return Batch(instant, cursor=(source, ring.sealer.seal_compartment("cursor", b"", cursor_label(source))))


def _row(hasher: Hasher, agency: Agency, judged: Judged) -> IntakeRow:
    row, said = judged.row, judged.row.said
    record = hasher.record(agency.name, said.record_id, said.version) if said is not None else row.digest
    fresh = judged.outcome not in _NOTHING_NEW
    # A grade protects whatever becomes of its row; anything else is told by rows that are taken in, and told once.
    protective = said.protective if said is not None and fresh else row.grades
    return IntakeRow(
        agency.name,
        row.position,
        row.digest,
        record,
        judged.outcome,
        judged.reason,
        row.raw if judged.outcome in _HELD else None,
        (*(_matter(hasher, matter, judged.reached) for matter in protective), *_guards(hasher, judged)),
        said.document.content if said is not None and said.document is not None and fresh else None,
        agency.restricted,
        judged.proposals,
        _asked_about(judged) if judged.proposals or judged.outcome is Outcome.REVIEW else (),
    )


def _asked_about(judged: Judged) -> tuple[Evidence, ...]:
    """What the row states of those whom a human is asked about: of its people, or of the sides of its reports."""
    said = judged.row.said
    if said is None:
        return ()
    sides = (one for matter in said.protective for one in matter.people)
    return tuple(sides) if judged.outcome is Outcome.PROTECTIVE else said.people


def _guards(hasher: Hasher, judged: Judged) -> list[Matter]:
    sides = ((hasher.source_key(key),) for key in judged.guarded)
    return [Matter(ProtectiveKind.GUARD, (side,), status=GuardStatus.HELD) for side in sides]


def _matter(hasher: Hasher, matter: ProtectiveMatter, reached: Mapping[SourceKey, tuple[KeyHash, ...]]) -> Matter:
    sides = []
    for key, iin in zip(matter.keys, matter.national_ids, strict=True):
        hashes: list[KeyHash] = [hasher.source_key(key)]
        if iin is not None:
            hashes.append(hasher.national(iin))
        hashes += reached.get(key, ())
        sides.append(tuple(hashes))
    return Matter(matter.kind, tuple(sides), matter.grade, matter.status, matter.since, matter.text)
