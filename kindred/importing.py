"""Taking in a genealogist's file: which edition of which tree it is, then the way in that agencies' rows take too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from connectors.agencies.gedcom import AGENCY
from connectors.parts import Parts
from connectors.progress import Progress, Summary
from connectors.protocols.gedcom.edition import Edition
from connectors.pull import take_in
from connectors.trees import edition_of
from domain.errors import Invalid


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `left_out`: dates that are no civil day for certain, by what they are, and how many."""

    edition: Edition
    summary: Summary
    left_out: Mapping[str, int] = field(default_factory=dict)


async def import_gedcom(
    path: Path,
    parts: Parts,
    progress: Progress | None = None,
    *,
    corrects: str | None = None,
    encoding: str | None = None,
) -> Imported:
    """Take a GEDCOM file in. The same file again goes on where it was cut off, else changes nothing.

    Raises Invalid for what is no GEDCOM file, Unavailable as `connectors.pull.pull`; Invalid without the extra
    `gedcom`. Nothing is read of an edition that a later one corrected.
    """
    try:
        from connectors.protocols.gedcom.source import GedcomFile
    except ModuleNotFoundError:
        raise Invalid(field="gedcom", fix="install requirements/gedcom.txt", cause="ged4py is not installed") from None
    file = await GedcomFile.open(path, AGENCY.options["tags"], parts.clock, encoding=encoding)
    try:
        edition = await edition_of(parts.docket, parts.ring.hasher, file.index.digest, corrects)
        if edition.corrected:
            return Imported(edition, Summary(AGENCY.name))
        file.edition = edition
        summary = await take_in(AGENCY, parts, file, f"{AGENCY.name}:{edition.tree}", progress)
        return Imported(edition, summary, dict(file.left_out))
    finally:
        file.close()
