"""The one place in the docket that seals and unseals: the form of every sealed column and of every keyed label.

Labels bind a payload to its row: what is moved to another row does not verify.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from docket.documents import Document, Stated, read_document, subjects_of
from docket.dossiers import Dossier, Held, IntakeRow, Line, Matter, Outcome, ReviewDossier
from docket.reviewing import PROTECTED_REVIEW, dossier_of, dossiers_of, ended, of_held, review_id, told_of_label
from domain.claims import ProtectiveKind
from domain.errors import Broken
from domain.flags import LOOK_AGAIN
from domain.ids import KeyHash, PersonId
from domain.reviews import Review
from vault.ciphers import Compartment
from vault.key_ring import KeyRing
from vault.unsealing import Unsealer

T = TypeVar("T")

DOCUMENT_KIND = "document"
DOCUMENT_STATE = "verified"


class _Taken(msgspec.Struct, array_like=True, frozen=True):
    outcome: str
    reason: str | None
    restricted: bool


class _Body(msgspec.Struct, array_like=True, frozen=True):
    kind: str
    state: str
    deadline: datetime | None
    subjects: tuple[bytes, ...]
    body: dict[str, Any]


class _DocumentBody(msgspec.Struct, array_like=True, frozen=True):
    kind: str
    state: str
    deadline: datetime | None
    subjects: tuple[bytes, ...]
    body: dict[str, Document]


class SealedMatter(msgspec.Struct, array_like=True, frozen=True):
    """What the protective compartment holds of a matter, without its texts."""

    kind: ProtectiveKind
    sides: tuple[tuple[bytes, ...], ...]
    grade: str | None
    status: str | None
    since: str | None


_ENCODER = msgspec.msgpack.Encoder()
_TAKEN = msgspec.msgpack.Decoder(_Taken)
_BODY = msgspec.msgpack.Decoder(_Body)
_DOCUMENT_BODY = msgspec.msgpack.Decoder(_DocumentBody)
_MATTER = msgspec.msgpack.Decoder(SealedMatter)


class Opener:
    """Seals what the docket keeps and opens it again. Every opening raises Broken for what was altered or moved."""

    def __init__(self, ring: KeyRing, unsealer: Unsealer) -> None:
        self._sealer = ring.sealer
        self._unsealer = unsealer
        self._hasher = ring.hasher
        self._docket_blinder = ring.blinder("docket")
        self._protective_blinder = ring.blinder("protective")
        self._outcomes = {outcome: self._hasher.label("intake outcome", outcome) for outcome in Outcome}
        self._protected_kind = self.kind_label(PROTECTED_REVIEW)
        self._outcome_names = {label: outcome for outcome, label in self._outcomes.items()}

    # ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def outcome_label(self, outcome: Outcome) -> bytes:
        """The keyed label of an outcome."""
        return self._outcomes[outcome]

    def outcome(self, label: bytes) -> Outcome:
        """The outcome of a keyed label. Raises Broken for a label that none has."""
        found = self._outcome_names.get(label)
        if found is None:
            raise Broken(cause="intake row of unknown outcome")
        return found

    def seal_row(self, row: IntakeRow) -> tuple[bytes, bytes | None]:
        """The sealed reason and, if the row is kept, its sealed content."""
        restricted = row.restricted or bool(row.protective) or row.outcome is Outcome.PROTECTIVE
        taken = _Taken(row.outcome, row.reason, restricted)
        sealed = self._sealer.seal_compartment("docket", _ENCODER.encode(taken), b"row" + row.position)
        if row.raw is None:
            return sealed, None
        return sealed, self._sealer.seal_compartment(_raw_in(restricted), row.raw, b"raw" + row.position)

    def held(self, position: bytes, source: str, sealed: bytes, raw: bytes | None) -> Held:
        """A row in quarantine or under review, without its content."""
        taken = _decoded(_TAKEN, self._unsealer.unseal_compartment("docket", sealed, b"row" + position))
        return Held(position, source, Outcome(taken.outcome), taken.reason, raw, taken.restricted)

    def seal_outcome(self, held: Held, outcome: Outcome) -> bytes:
        """The sealed outcome of a row that was held and is no more: accepted now, or suppressed."""
        taken = _Taken(outcome, None, held.restricted)
        return self._sealer.seal_compartment("docket", _ENCODER.encode(taken), b"row" + held.position)

    def raw(self, held: Held) -> bytes | None:
        """The content of a held row, as its source sent it."""
        if held.sealed is None:
            return None
        return self._unsealer.unseal_compartment(_raw_in(held.restricted), held.sealed, b"raw" + held.position)

    # ── protective matters ───────────────────────────────────────────────────────────────────────────────────────────

    def matter_id(self, matter: Matter | SealedMatter) -> bytes:
        """What makes two statements one matter: the kind and the hashes of its sides."""
        stated = "|".join(",".join(key.hex() for key in side) for side in matter.sides)
        return self._protective_blinder.blind([self._hasher.label(f"matter {matter.kind}", stated)])[0]

    def protective_keys(self, keys: Sequence[KeyHash]) -> list[bytes]:
        """Key hashes as the protective compartment's index has them."""
        return self._protective_blinder.blind(keys)

    def seal_matter(self, matter: bytes, body: SealedMatter) -> bytes:
        """A matter under the protective compartment's key."""
        return self._sealer.seal_compartment("protective", _ENCODER.encode(body), b"matter" + matter)

    def open_matter(self, matter: bytes, sealed: bytes) -> SealedMatter:
        """A matter."""
        return _decoded(_MATTER, self._unsealer.unseal_compartment("protective", sealed, b"matter" + matter))

    def hold_key(self) -> bytes:
        """The key of the index under which it stands that everybody is held."""
        return self._protective_blinder.blind([self._hasher.label("hold", "everybody")])[0]

    def hold_matter(self, source: str) -> bytes:
        """What everybody is held for: a source of protection that has not been pulled to its end since."""
        return self._protective_blinder.blind([self._hasher.label("hold source", source)])[0]

    def seal_journal(self, number: int, record: msgspec.Struct) -> bytes:
        """A line of the protection journal, bound to its number."""
        label = b"journal" + number.to_bytes(8, "big")
        return self._sealer.seal_compartment("protective", _ENCODER.encode(record), label)

    def open_journal(self, number: int, sealed: bytes, form: type[T]) -> T:
        """A line of the protection journal."""
        plain = self._unsealer.unseal_compartment("protective", sealed, b"journal" + number.to_bytes(8, "big"))
        return _decoded(msgspec.msgpack.Decoder(form), plain)

    def seal_text(self, matter: bytes, part: bytes, text: str) -> bytes:
        """A matter's text."""
        return self._sealer.seal_compartment("protective", text.encode(), b"text" + matter + part)

    def open_text(self, matter: bytes, part: bytes, sealed: bytes) -> str:
        """A matter's text."""
        return self._unsealer.unseal_compartment("protective", sealed, b"text" + matter + part).decode()

    # ── flags ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def flags_label(self, person: PersonId) -> bytes:
        """The keyed label of the person that flags are about."""
        return self._hasher.label("flagged", str(person))

    def seal_flags(self, label: bytes, body: bytes) -> bytes:
        """A person's flags."""
        return self._sealer.seal_compartment("docket", body, b"flags" + label)

    def open_flags(self, label: bytes, sealed: bytes) -> bytes:
        """A person's flags."""
        return self._unsealer.unseal_compartment("docket", sealed, b"flags" + label)

    # ── dossiers ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def kind_label(self, kind: str) -> bytes:
        """The keyed label of a dossier's kind."""
        return self._hasher.label("dossier kind", kind)

    def state_label(self, kind: str, state: str) -> bytes:
        """The keyed label of a dossier's state, apart for each kind."""
        return self._hasher.label(f"dossier state {kind}", state)

    def case_label(self, number: str) -> bytes:
        """The keyed label that all documents of a case share."""
        return self._hasher.label("case", number)

    def position_label(self, position: bytes) -> bytes:
        """The keyed label that all reviews of a row share."""
        return self._hasher.label("reviewed row", position.hex())

    def line_label(self, line: Line) -> bytes:
        """The keyed label of a line."""
        return self._hasher.label("docket line", line)

    def reviews(self, row: IntakeRow) -> list[tuple[Dossier, Review]]:
        """The reviews that a row asks for, as dossiers."""
        return dossiers_of(self._hasher, row)

    def beside(self, new: Dossier, review: Review) -> Dossier:
        """The same review under the id that it has beside one of another reason, of the same row and key."""
        return replace(new, id=review_id(self._hasher, review.position or b"", review.proposal.key, beside=True))

    def review_of(self, held: Held) -> tuple[Dossier, Review]:
        """The review of a row that was held before there were any."""
        return of_held(self._hasher, held)

    def review_dossier(self, read: ReviewDossier) -> Dossier:
        """A review as it is stored."""
        return dossier_of(self._hasher, read)

    def told_of_label(self, person: PersonId) -> KeyHash:
        """The keyed label by which the reviews are found that tell of a person."""
        return told_of_label(self._hasher, person)

    def look_again(self) -> KeyHash:
        """The label under which people wait whose flags have to be looked at again."""
        return KeyHash(self._hasher.label(*LOOK_AGAIN))

    def ended(self, read: ReviewDossier) -> Matter | None:
        """The guard that is over with a review as it is now."""
        return ended(self._hasher, read)

    def subject_keys(self, subjects: Sequence[KeyHash]) -> list[bytes]:
        """Key hashes as the index of dossiers has them."""
        return self._docket_blinder.blind(subjects)

    def seal_dossier(self, dossier: Dossier) -> bytes:
        """A dossier's content, bound to its id and version."""
        body = _Body(dossier.kind, dossier.state, dossier.deadline, tuple(dossier.subjects), dossier.body)
        label = _dossier(dossier.id, dossier.version)
        return self._sealer.seal_compartment(_compartment(dossier.kind), _ENCODER.encode(body), label)

    def open_dossier(self, id: bytes, version: int, sealed: bytes, kind: bytes = b"") -> Dossier:
        """A dossier; `kind` is its kind's label, which tells the compartment it lies in."""
        where: Compartment = "protective" if kind == self._protected_kind else "docket"
        body = _decoded(_BODY, self._unsealer.unseal_compartment(where, sealed, _dossier(id, version)))
        subjects = tuple(KeyHash(subject) for subject in body.subjects)
        return Dossier(id, body.kind, subjects, body.state, version, body.deadline, body.body)

    def document(self, content: dict[str, Any]) -> tuple[Dossier, str]:
        """The dossier of a verified document, and the case it belongs to. Raises Invalid if it cannot be read.

        Its id is a keyed digest of its content: the same document is one dossier however often it comes.
        """
        document = read_document(content)
        canonical = msgspec.json.encode(content, order="deterministic").decode()
        subjects = tuple(self._hasher.source_key(subject.key()) for subject in subjects_of(document))
        id = self._hasher.label("document", canonical)
        dossier = Dossier(id, DOCUMENT_KIND, subjects, DOCUMENT_STATE, 1, None, {DOCUMENT_KIND: content})
        return dossier, document.case

    def open_document(self, id: bytes, version: int, sealed: bytes) -> Stated:
        """A document of a case, typed."""
        plain = self._unsealer.unseal_compartment("docket", sealed, _dossier(id, version))
        body = _decoded(_DOCUMENT_BODY, plain)
        return Stated(id, body.body[DOCUMENT_KIND], tuple(KeyHash(subject) for subject in body.subjects))


def _compartment(kind: str) -> Compartment:
    return "protective" if kind == PROTECTED_REVIEW else "docket"


def _raw_in(restricted: bool) -> Compartment:
    return "protective" if restricted else "docket"


def _dossier(id: bytes, version: int) -> bytes:
    return b"dossier" + id + version.to_bytes(8, "big")


def _decoded(decoder: msgspec.msgpack.Decoder[T], plain: bytes) -> T:
    try:
        return decoder.decode(plain)
    except msgspec.MsgspecError:
        raise Broken(cause="sealed content of unknown form") from None


__all__ = ["DOCUMENT_KIND", "Opener", "SealedMatter", "Unsealer"]
