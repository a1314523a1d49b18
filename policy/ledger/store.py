"""The log on disk: one transaction a group of entries, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Table, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from domain.errors import Broken, Invalid, Unavailable
from policy.ledger import note
from policy.ledger.leaves import SALT_BYTES, Prepared, Randomness, instant
from policy.ledger.tables import FORMAT, HEAD, NO_LEAF, checkpoints, entries, head, leaves, looks, metadata
from policy.ledger.tree import Frontier
from vault.signing import CheckpointSigner, open_note

NUMBER_BYTES = 8
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry is durable: its header leaf's number, its instant, its position. The same for every append of a key."""

    index: int
    at: datetime
    position: bytes


class Store:
    """Writes the log. Several threads, and several processes on the same file, take turns by the write lock.

    The head (size, peaks) is read within each transaction, under the write lock, so that nothing remembered can be
    stale.
    """

    def __init__(self, engine: Engine, randomness: Randomness) -> None:
        self._engine = engine
        self._randomness = randomness
        self._insert = {table.name: _positional(engine, table) for table in (leaves, entries, looks)}

    def migrate(self) -> None:
        """Make the tables where there are none. Raises Unavailable, or Broken for a log of another format."""
        try:
            metadata.create_all(self._engine)
            with self._engine.begin() as connection:
                found = connection.execute(select(head.c.format)).scalar()
                if found is None:
                    first = {"id": HEAD, "format": FORMAT, "leaves": 0, "entries": 0, "peaks": b""}
                    connection.execute(insert(head).values(first))
                elif found != FORMAT:
                    raise Broken(cause=f"ledger of format {found}")
        except SQLAlchemyError as error:
            raise _unavailable(error) from None

    def check_signer(self, signer: CheckpointSigner) -> None:
        """Refuse keys that did not sign this log so far: one checkpoint by others, and nobody can vouch for it again.

        A new log has nothing signed and takes any. Raises Invalid(field="KINDRED_KEYS"), Unavailable.
        """
        newest = select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1)
        try:
            with self._engine.begin() as connection:
                signed: str | None = connection.execute(newest).scalar()
        except SQLAlchemyError as error:
            raise _unavailable(error) from None
        try:
            if signed is not None:
                open_note(signed, signer.verifier)
        except Broken:
            cause = "the ledger's newest checkpoint is not by these keys"
            raise Invalid(field="KINDRED_KEYS", fix="keys.of_this_ledger", cause=cause) from None

    def commit(self, group: Sequence[Prepared]) -> list[Receipt]:
        """Append a group and return when it is durable. An entry whose key is known gets its first receipt.

        Raises Unavailable; then nothing of the group is in the log, unless the store failed after it had persisted
        it: appending the same keys again tells.
        """
        try:
            try:
                with self._engine.begin() as connection:
                    return self._append(connection, group, {})
            except IntegrityError:
                return self._append_unknown(group)
        except SQLAlchemyError as error:
            raise _unavailable(error) from None

    def sign_head(self, signer: CheckpointSigner) -> str:
        """The newest checkpoint, signed now if the log grew since. Raises Unavailable."""
        try:
            with self._engine.begin() as connection:
                frontier, _ = _head(connection)
                known = connection.execute(select(checkpoints.c.note).where(checkpoints.c.size == frontier.size))
                stored: str | None = known.scalar()
                if stored is not None and note.parse(stored).root == frontier.root():
                    return stored
                if stored is not None:
                    raise Broken(cause="the log's head is not what was signed")
                signed = signer.sign(note.text(signer.name, frontier.size, frontier.root()))
                connection.execute(insert(checkpoints).values(size=frontier.size, note=signed))
                return signed
        except SQLAlchemyError as error:
            raise _unavailable(error) from None

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def _append_unknown(self, group: Sequence[Prepared]) -> list[Receipt]:
        """As `commit`, where some keys are known already or stand twice in the group."""
        with self._engine.begin() as connection:
            known = _known(connection, [one.position for one in group])
            fresh = {one.position: one for one in group if one.position not in known}
            written = self._append(connection, list(fresh.values()), known)
            receipts = known | {receipt.position: receipt for receipt in written}
            return [receipts[one.position] for one in group]

    def _append(self, connection: Connection, group: Sequence[Prepared], known: dict[bytes, Receipt]) -> list[Receipt]:
        frontier, last = _head(connection)
        placed = self._place(frontier, group)
        if placed.rows:
            connection.exec_driver_sql(self._insert["leaves"], placed.rows)
        rows: list[tuple[object, ...]] = []
        seen: list[tuple[object, ...]] = []
        receipts: list[Receipt] = []
        for number, (one, (header, *subjects)) in enumerate(zip(group, placed.numbers, strict=True), last + 1):
            rows.append(_entry_row(number, one, header, subjects))
            seen.extend(_look_rows(number, one, subjects))
            receipts.append(Receipt(header, instant(one.at), one.position))
        if rows:
            connection.exec_driver_sql(self._insert["entries"], rows)
        if seen:
            connection.exec_driver_sql(self._insert["looks"], seen)
        grown = {"leaves": frontier.size, "entries": last + len(group), "peaks": frontier.dump()}
        connection.execute(update(head).where(head.c.id == HEAD).values(grown))
        return receipts

    def _place(self, frontier: Frontier, group: Sequence[Prepared]) -> _Placed:
        """Give every leaf of a group its number, in random order, and let the tree grow by them."""
        flat = [(one.header_hash, one.header) for one in group]
        owners = list(range(len(group)))
        for owner, one in enumerate(group):
            flat.extend((subject.hash, subject.leaf) for subject in one.subjects)
            owners.extend([owner] * len(one.subjects))
        draws = self._randomness(8 * len(flat))
        order = sorted(range(len(flat)), key=lambda n: draws[8 * n : 8 * n + 8])
        places = [0] * len(flat)
        rows: list[tuple[object, ...]] = []
        for which in order:
            places[which] = frontier.size
            rows.append((frontier.size, *flat[which]))
            frontier.add(flat[which][0])
        numbers: list[list[int]] = [[] for _ in group]
        for owner, place in zip(owners, places, strict=True):
            numbers[owner].append(place)
        return _Placed(rows, numbers)


@dataclass(frozen=True, slots=True)
class _Placed:
    """Rows of leaves in tree order, and for each entry its leaves' numbers, the header first."""

    rows: list[tuple[object, ...]]
    numbers: list[list[int]]


def packed(numbers: Sequence[int]) -> bytes:
    """Leaf numbers as `entries.subjects` holds them."""
    return b"".join([number.to_bytes(NUMBER_BYTES, "big") for number in numbers])


def unpacked(raw: bytes) -> list[int]:
    """The other way."""
    return [int.from_bytes(raw[at : at + NUMBER_BYTES], "big") for at in range(0, len(raw), NUMBER_BYTES)]


def salt(salts: bytes, which: int) -> bytes:
    """The salt of an entry's subject leaf."""
    return salts[SALT_BYTES * which : SALT_BYTES * (which + 1)]


def _entry_row(number: int, one: Prepared, header: int, subjects: Sequence[int]) -> tuple[object, ...]:
    return (
        number,
        one.position,
        header,
        one.at,
        one.actor,
        one.activity,
        one.decision,
        one.quiet,
        packed(subjects),
        one.salts,
        one.people,
    )


def _look_rows(number: int, one: Prepared, subjects: Sequence[int]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = [
        (subject.pseudonym, subject.own, number, leaf) for subject, leaf in zip(one.subjects, subjects, strict=True)
    ]
    taken = {(row[0], row[1]) for row in rows}
    rows.extend((who, one.own, number, NO_LEAF) for who in one.attempts if (who, one.own) not in taken)
    return rows


def _positional(engine: Engine, table: Table) -> str:
    """The table's INSERT in the driver's own words: half the cost of a row is saved by not building it anew."""
    return str(insert(table).compile(dialect=engine.dialect))


def _head(connection: Connection) -> tuple[Frontier, int]:
    """The tree's right edge, and the last entry's number."""
    row = connection.execute(select(head.c.leaves, head.c.peaks, head.c.entries)).one_or_none()
    if row is None:
        raise Broken(cause="ledger without a head")
    try:
        return Frontier.load(row.leaves, row.peaks), row.entries
    except ValueError:
        raise Broken(cause="the ledger's head does not fit itself") from None


def _known(connection: Connection, positions: Sequence[bytes]) -> dict[bytes, Receipt]:
    found: dict[bytes, Receipt] = {}
    for start in range(0, len(positions), _CHUNK):
        chunk = entries.c.position.in_(positions[start : start + _CHUNK])
        for row in connection.execute(select(entries.c.position, entries.c.header, entries.c.at).where(chunk)):
            found[row.position] = Receipt(row.header, instant(row.at), row.position)
    return found


def _unavailable(error: SQLAlchemyError) -> Unavailable:
    """Without the statement and its values: they would go to a log."""
    cause = getattr(error, "orig", None)
    return Unavailable(cause=f"ledger store: {type(cause or error).__name__}")
