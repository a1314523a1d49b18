"""Which key may sign which document: one publication holds the keys of centres and courts, and each says its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.agencies.agency import Reason
from connectors.agencies.casework import AGENCY
from connectors.pipeline.validate import validate
from connectors.protocols.page import Page
from connectors.protocols.signed import Keys
from tests.connectors.protocols.servers import key, public, sign
from tests.vault.rings import ring

SAMPLES = Path(__file__).parent / "casework"
CASEWORK, COURT, CIVIL = key("casework-1"), key("court-1"), key("civil-1")
LATER, LOOKALIKE, UNPUBLISHED = key("casework-2"), key("caseworkers-1"), key("court-1")
PUBLISHED = Keys(public(CASEWORK, COURT, CIVIL, LATER, LOOKALIKE))
RIGHT = {"case": (CASEWORK, LATER), "closure": (CASEWORK, LATER), "warrant": (COURT,)}


async def outcome(document: str, signer: Any) -> Reason | None:
    """Why the sample document, signed by a key, is quarantined; None if it is taken."""
    row = json.loads((SAMPLES / f"{document}.json").read_text("utf-8"))["row"]
    row["jws"] = sign(signer, row["jws"])
    (checked,) = await validate(AGENCY, Page((row,), "", "1"), ring().hasher, PUBLISHED.document)
    assert (checked.said is None) == (checked.reason is not None)
    return checked.reason


@pytest.mark.parametrize("document", RIGHT)
async def test_a_document_is_taken_from_its_issuer_alone(document: str) -> None:
    for signer in (CASEWORK, COURT, CIVIL, LATER, LOOKALIKE, UNPUBLISHED):
        expected = None if signer in RIGHT[document] else Reason.BAD_SIGNATURE
        assert await outcome(document, signer) is expected, signer.kid


@pytest.mark.parametrize("document", RIGHT)
@pytest.mark.parametrize(
    ("row", "signed", "reason"),
    [
        (1, 1, None),
        (7, 7, None),
        (1, None, None),
        (2, 1, Reason.BAD_SHAPE),
        (1, 2, Reason.BAD_SHAPE),
        (2, None, Reason.BAD_SHAPE),
        (1, True, Reason.BAD_SHAPE),
        (1, "1", Reason.BAD_SHAPE),
    ],
)
async def test_the_version_that_counts_is_the_signed_one(
    document: str, row: int, signed: object, reason: Reason | None
) -> None:
    """A case that was corrected cannot be sent again, as it was signed, under a higher version."""
    sample = json.loads((SAMPLES / f"{document}.json").read_text("utf-8"))["row"]
    content = json.loads(sample["jws"])
    del content["version"]
    payload = json.dumps(content | ({"version": signed} if signed is not None else {}))
    wire = sample | {"version": row, "jws": sign(RIGHT[document][0], payload)}
    (checked,) = await validate(AGENCY, Page((wire,), "", "1"), ring().hasher, PUBLISHED.document)
    assert checked.reason is reason
    if checked.said is not None:
        assert checked.said.document is not None
        assert checked.said.document.content == json.loads(payload)
