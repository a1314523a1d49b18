"""Cases, warrants and closures as their signed documents state them, and what they say together about one case.

Documents may arrive in any order and more than once: `case_at` looks at all of one case number together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec

from domain.errors import Invalid
from domain.ids import KeyHash, SourceKey
from domain.principals import Case, Warrant

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Number = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class SubjectRef(msgspec.Struct, frozen=True, rename={"record_id": "recordId"}):
    """A person named in a document by an agency's own number."""

    agency: str
    record_id: str

    def key(self) -> SourceKey:
        return SourceKey(self.agency, self.record_id)


class CaseDocument(msgspec.Struct, frozen=True, tag_field="type", tag="case"):
    """Opens a case. `version` tells a corrected document from the one before (1 where the source has none)."""

    case: Number
    activity: str
    agency: str
    officers: Annotated[tuple[str, ...], msgspec.Meta(max_length=1000)]
    subjects: Annotated[tuple[SubjectRef, ...], msgspec.Meta(max_length=1000)]
    opened: Instant
    expires: Instant
    unit: str | None = None
    region: str | None = None
    event: str | None = None
    version: int = 1


class WarrantDocument(msgspec.Struct, frozen=True, tag_field="type", tag="warrant"):
    """A court's leave, bound to a case by its number."""

    warrant: Number
    case: Number
    depth: Annotated[int, msgspec.Meta(ge=1, le=8)]
    kinds: Annotated[tuple[str, ...], msgspec.Meta(max_length=16)]
    subjects: Annotated[tuple[SubjectRef, ...], msgspec.Meta(max_length=1000)]
    issued: Instant
    expires: Instant
    court: str | None = None
    version: int = 1


class ClosureDocument(msgspec.Struct, frozen=True, tag_field="type", tag="closure"):
    """Ends a case for good."""

    case: Number
    closed: Instant


Document = CaseDocument | WarrantDocument | ClosureDocument


@dataclass(frozen=True, slots=True)
class Stated:
    """A document as it was kept: the dossier's id, the typed document, its subjects hashed."""

    id: bytes
    document: Document
    subjects: tuple[KeyHash, ...]


def subjects_of(document: Document) -> tuple[SubjectRef, ...]:
    """Whom a document names; a closure names nobody."""
    return () if isinstance(document, ClosureDocument) else document.subjects


def read_document(content: dict[str, Any]) -> Document:
    """The typed form of a verified document's JSON. Raises Invalid (field `document`) if it is none of the three."""
    try:
        return msgspec.convert(content, type=Document)  # type: ignore[no-any-return]
    except msgspec.ValidationError:
        raise Invalid(field="document", fix="document.shape", cause="document of unknown shape") from None


def case_at(stated: Iterable[Stated], number: str, at: datetime) -> Case | None:
    """What all documents of a case number together say at an instant.

    The case document of the highest version counts (then the one opened last). Documents of two agencies for one
    number contradict each other: no case. A closure ends the case for good. A warrant is in force from `issued` until
    before `expires`; of two versions of one warrant the higher counts.
    """
    found = [each for each in stated if each.document.case == number]
    cases = [(each.document, each) for each in found if isinstance(each.document, CaseDocument)]
    if not cases or len({document.agency for document, _ in cases}) > 1:
        return None
    if any(isinstance(each.document, ClosureDocument) and each.document.closed <= at for each in found):
        return None
    document, chosen = max(cases, key=lambda pair: (pair[0].version, pair[0].opened, pair[1].id))
    if not document.opened <= at < document.expires:
        return None
    return Case(
        number=number,
        activity=document.activity,
        agency=document.agency,
        unit=document.unit,
        region=document.region,
        officers=frozenset(document.officers),
        subjects=frozenset(chosen.subjects),
        opened=document.opened,
        expires=document.expires,
        warrants=_warrants_at(found, at),
    )


def _warrants_at(found: Iterable[Stated], at: datetime) -> tuple[Warrant, ...]:
    newest: dict[str, tuple[WarrantDocument, Stated]] = {}
    for each in found:
        document = each.document
        if not isinstance(document, WarrantDocument):
            continue
        known = newest.get(document.warrant)
        if known is None or _rank(document, each) > _rank(*known):
            newest[document.warrant] = (document, each)
    return tuple(
        Warrant(
            number=document.warrant,
            depth=document.depth,
            families=frozenset(document.kinds),
            subjects=frozenset(each.subjects),
            issued=document.issued,
            expires=document.expires,
        )
        for _, (document, each) in sorted(newest.items())
        if document.issued <= at < document.expires
    )


def _rank(document: WarrantDocument, each: Stated) -> tuple[int, datetime, bytes]:
    return document.version, document.issued, each.id
