"""Flags in the docket: sealed, found by the person they are about, or by any source key that they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, LargeBinary, Table, bindparam, delete, select

from docket.opener import Opener
from docket.statements import WIDTHS, Query, among, compiled
from docket.tables import SEQUENCE, metadata
from domain.errors import Broken
from domain.flags import Doubt, Flag, Flagged
from domain.ids import KeyHash, PersonId

flag = Table(
    "flag",
    metadata,
    Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    Column("person", LargeBinary(16), nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),
)

flag_key = Table(
    "flag_key",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("person", LargeBinary(16), primary_key=True, index=True),
    sqlite_with_rowid=False,
)


class _Body(msgspec.Struct, array_like=True, frozen=True):
    person: int
    flags: tuple[tuple[str, str, str], ...]
    keys: tuple[bytes, ...]


_ENCODER = msgspec.msgpack.Encoder()
_BODY = msgspec.msgpack.Decoder(_Body)


class Reads:
    """The reads, compiled for a dialect. A list of people or keys takes as many statements as its length asks for."""

    def __init__(self, dialect: Any) -> None:
        columns = (flag.c.person, flag.c.sealed, flag.c.seq)
        led = select(*columns).select_from(flag_key.join(flag, flag.c.person == flag_key.c.person))
        self.of: Mapping[int, Query] = {
            width: compiled(dialect, select(*columns).where(among(flag.c.person, width))) for width in WIDTHS
        }
        self.about: Mapping[int, Query] = {
            width: compiled(dialect, led.where(among(flag_key.c.key, width))) for width in WIDTHS
        }
        after = select(*columns).where(flag.c.seq > bindparam("after"))
        self.all = compiled(dialect, after.order_by(flag.c.seq).limit(bindparam("most")))


def opened(opener: Opener, label: bytes, sealed: bytes, seq: int) -> Flagged:
    """A person's flags. Raises Broken for what was altered or is of another form."""
    try:
        body = _BODY.decode(opener.open_flags(label, sealed))
        flags = tuple(Flag(Doubt(doubt), source, record) for doubt, source, record in body.flags)
    except (msgspec.MsgspecError, ValueError):
        raise Broken(cause="flags of unknown form") from None
    return Flagged(PersonId(body.person), flags, tuple(KeyHash(key) for key in body.keys), seq)


def write(connection: Connection, opener: Opener, flagged: Sequence[Flagged]) -> None:
    """Put each person's flags in the place of those that stood there; a person without any is struck off, unless they
    wait to be looked at again."""
    for one in flagged:
        _delete(connection, opener.flags_label(one.person))
        if one.flags or opener.look_again() in one.keys:
            _insert(connection, opener, one)


def waiting(opener: Opener, person: PersonId) -> Flagged:
    """Somebody without flags who waits to be looked at again."""
    return Flagged(person, (), (opener.look_again(),))


def strike(connection: Connection, opener: Opener, keys: Sequence[KeyHash], people: frozenset[KeyHash]) -> None:
    """Take away all flags that rest on what any of these source keys states: of people (their labels) who were erased.

    Others on whom such flags stood wait from then on to be looked at again: what else there is of theirs comes back.
    """
    blinded = opener.subject_keys(keys)
    for start in range(0, len(blinded), WIDTHS[-1]):
        led = select(flag.c.person, flag.c.sealed, flag.c.seq).join(flag_key, flag_key.c.person == flag.c.person)
        found = led.where(flag_key.c.key.in_(blinded[start : start + WIDTHS[-1]])).distinct()
        for label, sealed, seq in connection.execute(found).all():
            _delete(connection, label)
            try:
                person = opened(opener, label, sealed, seq).person
            except Broken:
                continue
            if opener.told_of_label(person) not in people:
                _insert(connection, opener, waiting(opener, person))


def _delete(connection: Connection, label: bytes) -> None:
    connection.execute(delete(flag).where(flag.c.person == label))
    connection.execute(delete(flag_key).where(flag_key.c.person == label))


def _insert(connection: Connection, opener: Opener, one: Flagged) -> None:
    label = opener.flags_label(one.person)
    body = _Body(one.person, tuple((f.doubt, f.source, f.record_id) for f in one.flags), tuple(one.keys))
    sealed = opener.seal_flags(label, _ENCODER.encode(body))
    connection.execute(flag.insert(), {"person": label, "sealed": sealed})
    keys = [{"key": key, "person": label} for key in dict.fromkeys(opener.subject_keys(one.keys))]
    if keys:
        connection.execute(flag_key.insert(), keys)
