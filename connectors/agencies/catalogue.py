"""All agencies, in the order in which a full pull takes them: who people are first, then what is known of them."""

from __future__ import annotations

from connectors.agencies import casework, civil, gedcom, health, police, population, tax
from connectors.agencies.agency import Agency

AGENCIES: tuple[Agency, ...] = (
    population.AGENCY,
    civil.AGENCY,
    tax.AGENCY,
    health.AGENCY,
    casework.AGENCY,
    police.AGENCY,
)
IMPORTED: tuple[Agency, ...] = (gedcom.AGENCY,)
"""Sources that are files which somebody hands in, not agencies that are pulled."""
SOURCES: dict[str, Agency] = {agency.name: agency for agency in (*AGENCIES, *IMPORTED)}
"""Whoever may have sent a row."""
BY_NAME: dict[str, Agency] = {agency.name: agency for agency in AGENCIES}
