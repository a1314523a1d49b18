"""A receipt opens one subject of one entry: header leaf, subject leaf and the salt that ties them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from policy.ledger.leaves import tie
from policy.ledger.shapes import subject_of
from policy.ledger.store import salt, unpacked
from policy.ledger.tables import entries, leaves, looks
from policy.ledger.tree import leaf_hash


@dataclass(frozen=True, slots=True)
class SubjectReceipt:
    """Two leaves with their numbers in the log, and the salt. Tells no number of other subjects, and none of them."""

    header: bytes
    header_index: int
    subject: bytes
    subject_index: int
    salt: bytes

    def holds(self) -> bool:
        """Whether the subject leaf is tied to this header. That both are in the log, inclusion proofs show."""
        return subject_of(self.subject).tie == tie(self.salt, leaf_hash(self.header)).hex()


def subject_receipt(connection: Connection, position: bytes, pseudonyms: Sequence[bytes]) -> SubjectReceipt | None:
    """The receipt of one person's look in the entry at `position`, as far as their own log shows it."""
    query = (
        select(entries.c.header, entries.c.subjects, entries.c.salts, looks.c.leaf)
        .join(looks, looks.c.entry == entries.c.number)
        .where(entries.c.position == position, looks.c.pseudonym.in_(pseudonyms), looks.c.own.is_(True))
    )
    row = connection.execute(query).first()
    numbers = unpacked(row.subjects) if row is not None else []
    if row is None or row.leaf not in numbers:
        return None
    found = {
        each.number: each.leaf
        for each in connection.execute(
            select(leaves.c.number, leaves.c.leaf).where(leaves.c.number.in_([row.header, row.leaf]))
        )
    }
    if len(found) != 2:
        return None
    which = salt(row.salts, numbers.index(row.leaf))
    return SubjectReceipt(found[row.header], row.header, found[row.leaf], row.leaf, which)
