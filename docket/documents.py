"""Cases, warrants and closures as their signed documents state them, and what they say together about one case.

Documents may arrive in any order and more than once: `case_at` looks at all of one case number together.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from domain.errors import Invalid
from domain.ids import SourceKey

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


def read_document(content: dict[str, Any]) -> Document:
    """The typed form of a verified document's JSON. Raises Invalid (field `document`) if it is none of the three."""
    try:
        return msgspec.convert(content, type=Document)  # type: ignore[no-any-return]
    except msgspec.ValidationError:
        raise Invalid(field="document", fix="document.shape", cause="document of unknown shape") from None
