"""From an entry to its leaves: one header, one for each subject shown, and what is kept beside them.

A header leaf names no subject. A subject leaf names its person by a pseudonym that no other entry has (`naming`), and
its header by a salted commitment alone: `tie = SHA-256(salt · header leaf hash)`. The salt stays beside, so that
whoever is given header, subject leaf and salt can check that one tie and learns nothing of the header's other subjects,
not even their number.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from domain.clock import instant_text
from domain.entries import Entry, Reach, Shown
from domain.ids import PersonId
from policy.ledger.canonical import encode
from policy.ledger.naming import EPOCH, Names
from policy.ledger.tree import leaf_hash
from vault.key_ring import KeyRing

SUBJECT_ACCESS = "subject-access"
"""The activity of people reading about themselves: not shown to them as a look."""
BODY_BYTES = 1024
"""Clear size of every sealed body: what was asked for and refused leaves no trace in a leaf's length."""
SALT_BYTES = 16
_SEALED_STEP = 256

Randomness = Callable[[int], bytes]
"""Gives that many random bytes: `os.urandom`, or a seeded source in tests."""


@dataclass(frozen=True, slots=True)
class SubjectLeaf:
    """A subject's leaf, ready to be placed; `own` if the person's own log shows it.

    `pseudonym` is the index's, which the leaf does not hold.
    """

    leaf: bytes
    hash: bytes
    pseudonym: bytes
    own: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry as bytes, all but its place in the tree. `people` is sealed; `actor` and `attempts` are the index's."""

    position: bytes
    header: bytes
    header_hash: bytes
    at: int
    actor: str
    activity: str
    decision: str
    quiet: bool
    subjects: tuple[SubjectLeaf, ...]
    salts: bytes
    people: bytes
    attempts: tuple[bytes, ...]
    own: bool


class Preparer:
    """Turns entries into leaves under one key ring. Does no I/O; safe to share between threads."""

    def __init__(self, ring: KeyRing, randomness: Randomness) -> None:
        self.names = Names(ring)
        self._seal = ring.sealer.seal_compartment
        self._randomness = randomness

    def prepare(self, entry: Entry) -> Prepared:
        """All of an entry but its place. Raises Invalid for texts that are no texts."""
        position = self.names.position(entry.key)
        shown = merged(entry.shown)
        header = encode(self._header(entry, position))
        hashed = leaf_hash(header)
        salts = self._randomness(SALT_BYTES * len(shown))
        own = not entry.quiet and entry.activity != SUBJECT_ACCESS
        opened = {one.subject for one in shown if one.reach is Reach.OPENED}
        attempted = [person for person in dict.fromkeys(entry.attempted) if person not in opened]
        return Prepared(
            position=position,
            header=header,
            header_hash=hashed,
            at=milliseconds(entry.at),
            actor=self.names.actor(entry.actor, entry.role),
            activity=entry.activity,
            decision=entry.decision,
            quiet=entry.quiet,
            subjects=tuple(
                self._subject(one, position, tie(salts[SALT_BYTES * n : SALT_BYTES * (n + 1)], hashed), own)
                for n, one in enumerate(shown)
            ),
            salts=salts,
            people=self._people(entry, position, shown, attempted),
            attempts=tuple(self.names.person(person) for person in attempted),
            own=own,
        )

    def _header(self, entry: Entry, position: bytes) -> dict[str, object]:
        leaf: dict[str, object] = {
            "type": "header",
            "id": position.hex(),
            "act": entry.act,
            "at": instant_text(entry.at),
            "actor": self._actor(entry.actor, entry.role, position),
            "acting_for": None if entry.acting_for is None else self._actor(entry.acting_for, entry.role, position),
            "client": entry.client,
            "agency": entry.agency,
            "unit": entry.unit,
            "role": entry.role,
            "activity": entry.activity,
            "purpose": entry.purpose,
            "basis": entry.basis,
            "decision": entry.decision,
            "reason": entry.reason,
            "document_hash": entry.document_hash,
            "graph_sequence": entry.graph_sequence,
            "policy_hash": entry.policy_hash,
            "quiet": entry.quiet,
            "body": base64.b64encode(self._seal("ledger", body(entry.sealed), b"body" + position)).decode(),
        }
        leaf.update(self.names.in_header(entry, position))
        return leaf

    def _actor(self, actor: str, role: str, position: bytes) -> str:
        return self.names.actor_in(position, self.names.actor(actor, role), role)

    def _subject(self, shown: Shown, position: bytes, tied: bytes, own: bool) -> SubjectLeaf:
        pseudonym = self.names.person(shown.subject)
        leaf = encode(
            {
                "type": "subject",
                "epoch": EPOCH,
                "pseudonym": self.names.person_in(position, pseudonym),
                "reach": shown.reach,
                "categories": {
                    name: {"detail": detail, "fields": sorted(fields)}
                    for name, (detail, fields) in shown.categories.items()
                },
                "tie": tied.hex(),
            }
        )
        return SubjectLeaf(leaf, leaf_hash(leaf), pseudonym, own and shown.reach is Reach.OPENED)

    def _people(self, entry: Entry, position: bytes, shown: tuple[Shown, ...], attempted: list[PersonId]) -> bytes:
        """Who, which case, which request: for the reviewers, in steps of size so that an attempt does not show."""
        clear = orjson.dumps(
            {
                "subjects": [one.subject for one in shown],
                "attempted": attempted,
                "actor": entry.actor,
                "acting_for": entry.acting_for,
                "case": entry.case,
                "warrant": entry.warrant,
                "request_id": entry.request_id,
                "variables_hash": entry.variables_hash,
                "token_id": entry.token_id,
            }
        )
        padded = clear.ljust(-(-len(clear) // _SEALED_STEP) * _SEALED_STEP)
        return self._seal("ledger", padded, b"people" + position)


def tie(salt: bytes, header_hash: bytes) -> bytes:
    """The commitment of a subject leaf to its header."""
    return hashlib.sha256(salt + header_hash).digest()


def merged(shown: tuple[Shown, ...]) -> tuple[Shown, ...]:
    """One for each subject: the farther reach, all fields of all mentions, the fuller detail."""
    found: dict[PersonId, Shown] = {}
    for one in shown:
        known = found.get(one.subject)
        found[one.subject] = one if known is None else _joined(known, one)
    return tuple(found.values())


def _joined(first: Shown, second: Shown) -> Shown:
    categories = dict(first.categories)
    for name, (detail, fields) in second.categories.items():
        known_detail, known_fields = categories.get(name, (detail, frozenset()))
        fuller = "full" if "full" in (detail, known_detail) else known_detail
        categories[name] = (fuller, known_fields | fields)
    reach = next(reach for reach in (Reach.OPENED, Reach.AGAIN, Reach.LISTED) if reach in (first.reach, second.reach))
    return Shown(first.subject, reach, categories)


def body(sealed: dict[str, object]) -> bytes:
    """What was asked for, as `BODY_BYTES` bytes: length (2), JSON, zeros. What is too long is cut, and digested."""
    text = _asked(sealed)
    if len(text) > BODY_BYTES - 2:
        # Escaping doubles quotes and backslashes at most: 400 bytes stay below the size whatever they are.
        cut = {"begins": text[:400].decode(errors="ignore"), "digest": hashlib.sha256(text).hexdigest()}
        text = orjson.dumps(cut | {"length": len(text)})
    return (len(text).to_bytes(2, "big") + text).ljust(BODY_BYTES, b"\x00")


def body_content(clear: bytes) -> dict[str, object]:
    """What `body` was given, or its cut form."""
    content: dict[str, object] = json.loads(clear[2 : 2 + int.from_bytes(clear[:2], "big")])
    return content


def _asked(sealed: dict[str, object]) -> bytes:
    """As JSON, whatever it is: a request must not escape its entry by asking for something that has no JSON."""
    try:
        return orjson.dumps(sealed, default=str, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # a lone surrogate, a number beyond 64 bits, odd names, depth
        pass
    try:
        return json.dumps(sealed, default=str, skipkeys=True).encode()
    except (ValueError, RecursionError):
        return b'{"unsayable":true}'


def milliseconds(instant: datetime) -> int:
    """Since 1970, as a leaf's `at` tells it."""
    return int(instant.timestamp()) * 1000 + instant.microsecond // 1000


def instant(milliseconds_since: int) -> datetime:
    """The other way."""
    return datetime.fromtimestamp(milliseconds_since // 1000, UTC).replace(microsecond=milliseconds_since % 1000 * 1000)
