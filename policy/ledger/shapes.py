"""The log as it is read back: leaves, a person's looks, a reviewer's entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec

from domain.entries import Reach, Shown
from domain.errors import Broken
from domain.ids import PersonId


class HeaderLeaf(msgspec.Struct, frozen=True, tag_field="type", tag="header"):
    """A header leaf as the log has it.

    `case`, `warrant`, `request_id`, `variables_hash`, `token_id` are keyed hashes (hex) that no other entry has for the
    same value; so is a member of the public as `actor` or `acting_for`. `body` is sealed (base64).
    """

    id: str
    act: str
    at: datetime
    actor: str
    acting_for: str | None
    client: str
    agency: str
    unit: str | None
    role: str
    activity: str
    purpose: str
    basis: str
    case: str | None
    warrant: str | None
    decision: str
    reason: str | None
    request_id: str
    document_hash: str
    variables_hash: str
    token_id: str
    graph_sequence: int
    policy_hash: str
    quiet: bool
    body: str


class LeafCategory(msgspec.Struct, frozen=True):
    """What a subject leaf says of one category."""

    detail: str
    fields: tuple[str, ...]


class SubjectLeaf(msgspec.Struct, frozen=True, tag_field="type", tag="subject"):
    """A subject leaf as the log has it: `pseudonym` (this entry's alone) and `tie` in hex."""

    epoch: str
    pseudonym: str
    reach: Reach
    categories: dict[str, LeafCategory]
    tie: str


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a person, for that person: `shown` is what was disclosed of them, None for a reach unanswered.

    Tells nothing of anyone else in the same entry. `position` is what `after` takes.
    """

    position: bytes
    index: int
    header: HeaderLeaf
    shown: Shown | None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One entry for a reviewer. The opened parts are None for quiet entries, and where no opener was given.

    `actor`, `acting_for` and `request_id` are the header's then.
    `subjects` are those shown, `attempted` those asked for and hidden; `asked` is what was sealed of the request.
    """

    position: bytes
    index: int
    header: HeaderLeaf
    actor: str
    acting_for: str | None
    case: str | None
    warrant: str | None
    request_id: str
    subjects: tuple[Shown, ...] | None
    attempted: tuple[PersonId, ...] | None
    asked: dict[str, object] | None


class People(msgspec.Struct, frozen=True):
    """What is sealed beside an entry: what its pseudonyms and keyed hashes stand for. `subjects` in leaves' order."""

    subjects: tuple[int, ...]
    attempted: tuple[int, ...]
    actor: str
    acting_for: str | None
    case: str | None
    warrant: str | None
    request_id: str
    variables_hash: str
    token_id: str


_T = TypeVar("_T")
_HEADERS = msgspec.json.Decoder(HeaderLeaf)
_SUBJECTS = msgspec.json.Decoder(SubjectLeaf)
_PEOPLE = msgspec.json.Decoder(People)


def header_of(leaf: bytes) -> HeaderLeaf:
    """Raises Broken if these bytes are no header leaf."""
    return _decoded(_HEADERS, leaf)


def subject_of(leaf: bytes) -> SubjectLeaf:
    """Raises Broken if these bytes are no subject leaf."""
    return _decoded(_SUBJECTS, leaf)


def people_of(clear: bytes) -> People:
    """Of the unsealed `people` column, its padding included. Raises Broken."""
    return _decoded(_PEOPLE, clear)


def shown_of(person: PersonId, leaf: bytes) -> Shown:
    """What a subject leaf says was shown of the person it is about. Raises Broken."""
    subject = subject_of(leaf)
    categories = {name: (one.detail, frozenset(one.fields)) for name, one in subject.categories.items()}
    return Shown(person, subject.reach, categories)


def _decoded(decoder: msgspec.json.Decoder[_T], raw: bytes) -> _T:
    try:
        return decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Broken(cause="a leaf is not what it should be") from None
