"""The ledger's tables, and what each column may hold.

`leaves` is the log; everything else can be checked against it (`auditing.verify_store`) but for `people`, which is
sealed. No column holds personal data in clear.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

FORMAT = 2
HEAD = 1
NO_LEAF = -1
"""In `looks.leaf`: the person was asked for and hidden, so no leaf tells of them."""

metadata = MetaData()

leaves = Table(
    "leaves",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
)

entries = Table(
    "entries",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("position", LargeBinary, nullable=False, unique=True),
    Column("header", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("activity", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("quiet", Boolean, nullable=False),
    Column("subjects", LargeBinary, nullable=False),
    Column("salts", LargeBinary, nullable=False),
    Column("people", LargeBinary, nullable=False),
    Index("entries_by_actor", "actor"),
    Index("entries_by_activity", "activity"),
    Index("entries_by_decision", "decision"),
)
"""`subjects`: the subject leaves' numbers, 8 bytes each; `salts`: 16 bytes each; `people` lists them in that order."""

looks = Table(
    "looks",
    metadata,
    Column("pseudonym", LargeBinary, primary_key=True),
    Column("own", Boolean, primary_key=True),
    Column("entry", BigInteger, primary_key=True, autoincrement=False),
    Column("leaf", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Who was looked at, under a lasting pseudonym that no leaf has.

`own`: the person's own log shows it. At most one row for a person, `own` and entry.
"""

head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("format", Integer, nullable=False),
    Column("leaves", BigInteger, nullable=False),
    Column("entries", BigInteger, nullable=False),
    Column("peaks", LargeBinary, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
)

CLEAR_COLUMNS: dict[str, frozenset[str]] = {
    "leaves": frozenset({"number", "hash", "leaf"}),
    "entries": frozenset({"number", "header", "at", "actor", "activity", "decision", "quiet", "subjects", "salts"}),
    "looks": frozenset({"own", "entry", "leaf"}),
    "head": frozenset({"id", "format", "leaves", "entries", "peaks"}),
    "checkpoints": frozenset({"size", "note"}),
}
"""In clear. What a leaf says of persons, cases, requests is keyed, anew in each entry, or sealed (body) inside it."""
KEYED_COLUMNS: dict[str, frozenset[str]] = {
    "entries": frozenset({"position"}),
    "looks": frozenset({"pseudonym"}),
}
SEALED_COLUMNS: dict[str, frozenset[str]] = {"entries": frozenset({"people"})}
