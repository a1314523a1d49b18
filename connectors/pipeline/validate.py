"""First stage: each row of a page read by its agency's mapping, or given the reason why it cannot be."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import msgspec

from connectors.agencies.agency import Agency, Reason, Verify
from connectors.pipeline.pace import Pace
from connectors.protocols.page import Page
from domain.claims import ProtectiveMatter, RowClaims
from domain.errors import Skip
from vault.hashing import Hasher


@dataclass(frozen=True, slots=True)
class Checked:
    """A row: `raw` its canonical JSON, `digest` and `position` its keyed digests; `said` or a `reason`.

    `suppressed`: it names people who were erased and nobody else; `part`: it names such people too, and what it says of
    them is left out. `grades`: the protection grades that could be read, whether or not the row as a whole could.
    """

    raw: bytes
    digest: bytes
    position: bytes
    said: RowClaims | None
    reason: Reason | None
    grades: tuple[ProtectiveMatter, ...] = ()
    suppressed: bool = False
    part: bool = False
    source: str = ""


async def validate(agency: Agency, page: Page, hasher: Hasher, verify: Verify) -> list[Checked]:
    """Every row of the page, in its order; none is left out, none raises."""
    pace = Pace()
    rows = []
    for index, row in enumerate(page.rows):
        raw, sound = canonical(row)
        digest, position = hasher.row(agency.name, raw), hasher.position(agency.name, page.asked, index)
        said, reason = _read(agency, raw, verify) if sound else (None, Reason.BAD_SHAPE)
        rows.append(Checked(raw, digest, position, said, reason, agency.grades(row), source=agency.name))
        await pace.breathe()
    return rows


def canonical(row: Any) -> tuple[bytes, bool]:
    """A row as JSON with sorted keys and no blanks, and whether it is sound text (no lone surrogates, no NaN)."""
    try:
        return msgspec.json.encode(row, order="sorted"), True
    except (msgspec.MsgspecError, UnicodeError, ValueError, TypeError, OverflowError, RecursionError):
        return json.dumps(row, sort_keys=True, separators=(",", ":")).encode(), False


def _read(agency: Agency, raw: bytes, verify: Verify) -> tuple[RowClaims | None, Reason | None]:
    try:
        return agency.read(raw, verify), None
    except Skip as skip:
        return None, Reason(skip.cause or Reason.BAD_SHAPE)
