"""Reading files that tests make."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.agencies.gedcom import AGENCY
from connectors.protocols.gedcom.source import GedcomFile
from domain.clock import FixedClock

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


async def opened(folder: Path, content: str | bytes, encoding: str | None = None, page_size: int = 500) -> GedcomFile:
    """The file, written and opened."""
    path = folder / "tree.ged"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    tags = AGENCY.options["tags"]
    return await GedcomFile.open(path, tags, FixedClock(NOW), encoding=encoding, page_size=page_size)


async def rows_of(
    folder: Path, content: str | bytes, encoding: str | None = None, page_size: int = 500
) -> list[dict[str, Any]]:
    """All rows of a file."""
    file = await opened(folder, content, encoding, page_size)
    try:
        return [row async for page in file.pages("") for row in page.rows]
    finally:
        file.close()


def names(rows: list[dict[str, Any]]) -> list[str]:
    """The first name of each individual."""
    found: list[str] = []
    for row in rows:
        lines = row.get("record", {}).get("sub", ())
        found.extend(line.get("value", "") for line in lines if line["tag"] == "NAME")
    return found


def problems(rows: list[dict[str, Any]]) -> dict[str, str]:
    """What is wrong with which record."""
    return {row["xref"]: row["problem"] for row in rows if "problem" in row}
