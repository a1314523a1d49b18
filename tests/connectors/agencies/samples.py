"""The sample rows: `<agency>/<name>.json` holds a row and what it must turn into."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from connectors.agencies.agency import Agency, Signed
from connectors.agencies.catalogue import AGENCIES, IMPORTED
from connectors.pipeline.validate import canonical
from domain.claims import Evidence, RowClaims

FOLDER = Path(__file__).parent


def samples() -> list[tuple[str, Agency, dict[str, Any]]]:
    """(name, agency, content) of every sample, in a fixed order."""
    return [
        (f"{agency.name}-{file.stem}", agency, json.loads(file.read_text("utf-8")))
        for agency in (*AGENCIES, *IMPORTED)
        for file in sorted((FOLDER / agency.name).glob("*.json"))
    ]


def read(agency: Agency, row: Any) -> RowClaims:
    """A row through its mapping. Documents of casework stand in the samples unsigned: the JSON where the JWS would."""

    def unsigned(text: str) -> Signed:
        content = json.loads(text)
        assert isinstance(content, dict)
        return Signed("court-1" if content.get("type") == "warrant" else "casework-1", content)

    return agency.read(canonical(row)[0], unsigned)


def told(said: RowClaims) -> dict[str, Any]:
    """What a row turned into, as plain JSON, without what is empty."""
    claims = []
    for claim in said.claims:
        body = {name: getattr(claim.body, name) for name in claim.body.__struct_fields__}
        for shared in ("source", "record_id", "version", "event"):
            del body[shared]
        claims.append({"kind": str(claim.kind), "key": claim.key.source_id} | _filled(body))
    people = [_person(one) for one in said.people]
    matters = [
        {name: getattr(one, name) for name in one.__slots__}
        | {"keys": [key.source_id for key in one.keys], "people": [_filled(_person(each)) for each in one.people]}
        for one in said.protective
    ]
    whole = {
        "record_id": said.record_id,
        "version": said.version,
        "events": sorted({claim.body.event for claim in said.claims}),
        "people": [_filled(one) for one in people],
        "claims": claims,
        "protective": [_filled(one) for one in matters],
        "document": said.document.content if said.document is not None else None,
    }
    plain: dict[str, Any] = json.loads(json.dumps(_filled(whole)))
    return plain


def _person(one: Evidence) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in one.__slots__} | {"key": one.key.source_id}
    return told | {"address": _filled(asdict(one.address)) if one.address is not None else None}


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, (), [], {})}
