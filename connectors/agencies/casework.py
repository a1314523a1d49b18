"""Casework: cases, warrants and closures, each a document signed by the agency that issued it.

The key says whether casework or a court signed, not which centre: all of them share `casework-…`. So the `agency` that
a document names is believed on the word of the one publication; a centre with a key of its own would be bound here.
"""

from __future__ import annotations

import msgspec

from connectors.agencies import checks
from connectors.agencies.agency import Agency, Reason, Signed, Verify, Wire, bad, decoded, issued_by
from docket.documents import CaseDocument, WarrantDocument, read_document
from domain.claims import RowClaims, SignedDocument
from domain.errors import Invalid
from domain.links import Family

NAME = "casework"


class Row(msgspec.Struct, frozen=True):
    """One document on its way: a compact JWS."""

    id: checks.Name
    version: checks.Version
    updated_at: str
    jws: str


ISSUERS = {"case": "casework", "closure": "casework", "warrant": "court"}
"""Whose keys may sign each type of document: a support centre cannot give itself a warrant."""
_decoder = msgspec.json.Decoder(Row)


def read(raw: bytes, verify: Verify) -> RowClaims:
    """A signed document whose signature holds. Raises Skip."""
    row = decoded(_decoder, raw)
    checks.instant(row.updated_at)
    return claims(row, verify(row.jws))


def claims(row: Row, signed: Signed) -> RowClaims:
    """The document as it was signed. Its shape is the docket's (`docket/documents.py`).

    The version that counts stands in the document (1 where it has none). The row's own is not signed: one that differs
    spoils the row, or else an old document could be sent again as the newest.
    """
    content = signed.content
    if not isinstance(content.get("type"), str):
        raise bad(Reason.BAD_SHAPE)
    checks.one_of(content["type"], ISSUERS)
    if not issued_by(signed.kid, ISSUERS[content["type"]]):
        raise bad(Reason.BAD_SIGNATURE)
    version = content.get("version", 1)
    if type(version) is not int or version != row.version:
        raise bad(Reason.BAD_SHAPE)
    try:
        document = read_document(dict(content))
    except Invalid:
        raise bad(Reason.BAD_SHAPE) from None
    if isinstance(document, CaseDocument) and document.expires < document.opened:
        raise bad(Reason.BAD_DATE)
    if isinstance(document, WarrantDocument):
        if document.expires < document.issued:
            raise bad(Reason.BAD_DATE)
        for family in document.kinds:
            checks.one_of(family, frozenset(Family))
    return RowClaims(NAME, row.id, row.version, document=SignedDocument(dict(content)))


AGENCY = Agency(NAME, "Casework", Wire.PAGED_JSON, ("casework/v1/documents",), read)
