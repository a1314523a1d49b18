"""The client for an agency's protocol."""

from __future__ import annotations

import aiohttp

from connectors.agencies.agency import Agency, Wire
from connectors.protocols.access import AgencyAccess
from connectors.protocols.dci import Dci
from connectors.protocols.fhir import Fhir
from connectors.protocols.naming import Named, naming
from connectors.protocols.page import Source
from connectors.protocols.paged_json import PagedJson
from connectors.protocols.xroad import XRoad
from domain.clock import Clock

_UNTIMED: dict[Wire, type[XRoad] | type[PagedJson] | type[Fhir]] = {
    Wire.XROAD: XRoad,
    Wire.PAGED_JSON: PagedJson,
    Wire.FHIR: Fhir,
}


def source_of(agency: Agency, access: AgencyAccess, session: aiohttp.ClientSession, clock: Clock) -> Source:
    """The agency as a sequence of rows; its errors name the agency. Raises Invalid if the access lacks what the
    protocol needs.
    """
    with naming(agency.name):
        given = (session, access, agency.paths, agency.options)
        client = Dci(*given, clock) if agency.wire is Wire.DCI else _UNTIMED[agency.wire](*given)
        return Named(agency.name, client)
