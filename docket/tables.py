"""The docket's tables, the same on SQLite and PostgreSQL, and which of their columns are clear, keyed or sealed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table

LAYOUT = 3
"""The newest layout. 2: lines of what waits, and a review for each row that was held before. 3: reviews are found by
everyone whom they tell of, and who was erased is known here."""

metadata = MetaData()

SEQUENCE = BigInteger().with_variant(Integer(), "sqlite")

layout = Table(
    "docket_layout",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("number", Integer, nullable=False),
)

intake = Table(
    "intake",
    metadata,
    Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    Column("position", LargeBinary(16), nullable=False, unique=True),
    Column("source", String(64), nullable=False),
    Column("digest", LargeBinary(16), nullable=False, index=True),
    Column("record", LargeBinary(16), nullable=False),
    Column("outcome", LargeBinary(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("raw", LargeBinary),
    Index("intake_outcome", "outcome", "source"),
)

protective = Table(
    "protective",
    metadata,
    Column("matter", LargeBinary(16), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

protective_key = Table(
    "protective_key",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("matter", LargeBinary(16), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

protective_text = Table(
    "protective_text",
    metadata,
    Column("matter", LargeBinary(16), primary_key=True),
    Column("part", LargeBinary(16), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

dossier = Table(
    "dossier",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("kind", LargeBinary(16), nullable=False),
    Column("state", LargeBinary(16), nullable=False),
    Column("reference", LargeBinary(16), index=True),
    Column("version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("dossier_kind_state", "kind", "state"),
)

dossier_subject = Table(
    "dossier_subject",
    metadata,
    Column("subject", LargeBinary(16), primary_key=True),
    Column("dossier", LargeBinary(16), primary_key=True),
    sqlite_with_rowid=False,
)

line = Table(
    "line",
    metadata,
    Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    Column("line", LargeBinary(16), nullable=False),
    Column("dossier", LargeBinary(16), nullable=False),
    Index("line_seq", "line", "seq"),
    Index("line_dossier", "dossier", "line", unique=True),
)
"""What waits, oldest first; a dossier may wait in several lines. `dossier` is its id."""

outbox = Table(
    "outbox",
    metadata,
    Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    Column("entry", LargeBinary(32), nullable=False, unique=True),
    Column("sealed", LargeBinary),
)
_UNSETTLED = outbox.c.sealed.is_not(None)
Index("outbox_pending", outbox.c.seq, sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED)

struck = Table("struck", metadata, Column("key", LargeBinary(16), primary_key=True), sqlite_with_rowid=False)
"""Source keys, national ids and people that were erased: whatever is written about them later is left out."""

CLEAR_COLUMNS: dict[str, frozenset[str]] = {
    "docket_layout": frozenset({"name", "number"}),
    "intake": frozenset({"seq", "source"}),
    "dossier": frozenset({"version"}),
    "line": frozenset({"seq"}),
    "outbox": frozenset({"seq"}),
    "flag": frozenset({"seq"}),
}
"""Layout, sequences, versions, source names."""

KEYED_COLUMNS: dict[str, frozenset[str]] = {
    "intake": frozenset({"position", "digest", "record", "outcome"}),
    "protective": frozenset({"matter"}),
    "protective_key": frozenset({"key", "matter"}),
    "protective_text": frozenset({"matter", "part"}),
    "dossier": frozenset({"id", "kind", "state", "reference"}),
    "dossier_subject": frozenset({"subject", "dossier"}),
    "line": frozenset({"line", "dossier"}),
    "outbox": frozenset({"entry"}),
    "flag": frozenset({"person"}),
    "flag_key": frozenset({"key", "person"}),
    "struck": frozenset({"key"}),
}
"""Keyed hashes and labels. `protective_key.key`, `dossier_subject.subject`, `flag_key.key` and `struck.key` are blinded
besides, so that they cannot be joined with the same hashes in the graph."""

SEALED_COLUMNS: dict[str, frozenset[str]] = {
    "intake": frozenset({"sealed", "raw"}),
    "protective": frozenset({"sealed"}),
    "protective_text": frozenset({"sealed"}),
    "dossier": frozenset({"sealed"}),
    "outbox": frozenset({"sealed"}),
    "flag": frozenset({"sealed"}),
}
"""Payloads of the vault. Everything of the tables `protective…`, and every review of somebody protected, is
under the protective compartment's key."""
