"""Carrying protection over into a docket that was restored from a backup: joined, never lowered, or held.

What the docket that it replaces still holds, and what the journal says, are joined into it. Where neither tells all
that was ever raised, everybody counts as under the strict grade until every source of protection was pulled anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from docket import writes
from docket.journal import Journalled
from docket.lattice import guarding, joined
from docket.opener import Opener, SealedMatter
from docket.store import DocketStore
from docket.tables import layout, protective, protective_key, protective_text
from domain.errors import Broken, KindredError

_LINEAGE = "lineage"


@dataclass(frozen=True, slots=True)
class Present:
    """All that a docket holds of protection. `bodies`: None for what cannot be read."""

    lineage: int | None
    bodies: dict[bytes, SealedMatter | None]
    keys: tuple[dict[str, bytes], ...]
    texts: tuple[dict[str, bytes], ...]


async def present_in(store: DocketStore) -> Present | None:
    """What a docket holds of protection; None if it cannot be told."""
    try:
        return await store.work(lambda connection: _present(connection, store.opener))
    except KindredError:
        return None


async def carry_over(
    into: DocketStore, present: Present | None, journal: Journalled | None, sources: Sequence[str]
) -> bool:
    """Join into a restored docket what is known of protection besides; whether that is all that was ever raised.

    If it is not, everybody is held until each of `sources` was pulled to its end (`Docket.caught_up`). Idempotent.
    """

    def work(connection: Connection) -> bool:
        certain = journal is not None and journal.whole
        if present is not None:
            certain = certain or (present.lineage is not None and present.lineage == _lineage(connection))
            _join_present(connection, into.opener, present)
        if journal is not None:
            matters = [guarding(record.matter) for record in journal.records if record.matter is not None]
            writes.raise_bodies(connection, into.opener, matters)
        if not certain:
            writes.hold(connection, into.opener, sources)
        return certain

    return await into.work(work)


def _present(connection: Connection, opener: Opener) -> Present:
    bodies: dict[bytes, SealedMatter | None] = {}
    for id, sealed in connection.execute(select(protective.c.matter, protective.c.sealed)):
        bodies[id] = _opened(opener, id, sealed)
    keys = tuple(dict(row) for row in connection.execute(select(protective_key)).mappings())
    texts = tuple(dict(row) for row in connection.execute(select(protective_text)).mappings())
    return Present(_lineage(connection), bodies, keys, texts)


def _opened(opener: Opener, id: bytes, sealed: bytes) -> SealedMatter | None:
    try:
        return opener.open_matter(id, sealed)
    except (Broken, TypeError):
        return None


def _lineage(connection: Connection) -> int | None:
    found: int | None = connection.execute(select(layout.c.number).where(layout.c.name == _LINEAGE)).scalar()
    return found


def _join_present(connection: Connection, opener: Opener, present: Present) -> None:
    for id, body in present.bodies.items():
        row = connection.execute(select(protective.c.sealed).where(protective.c.matter == id)).first()
        if body is None:
            # It counts as the highest there; so it must here, whatever an older copy of it says.
            connection.execute(protective.delete().where(protective.c.matter == id))
            continue
        mine = None if row is None else _opened(opener, id, row.sealed)
        if row is not None and mine is None:
            continue  # unreadable here: it counts as the highest as it is
        sealed = opener.seal_matter(id, guarding(body) if mine is None else joined(mine, guarding(body)))
        connection.execute(protective.delete().where(protective.c.matter == id))
        connection.execute(protective.insert().values(matter=id, sealed=sealed))
    writes.add_new(connection, protective_key, present.keys)
    writes.add_new(connection, protective_text, present.texts)
