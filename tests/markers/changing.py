"""One value changed in a running world: a row served again, altered on its way in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import orjson

from connectors.agencies.agency import Verify
from connectors.agencies.catalogue import BY_NAME
from connectors.pull import pull
from domain.claims import RowClaims
from tests.worlds.country import Country
from tests.worlds.hub import Hub

Row = dict[str, Any]
Change = Callable[[Row], None]


@dataclass(frozen=True)
class Alteration:
    """`fits`: which rows of the agency can be altered so; `change`: does it, in place. `touches`: what must differ."""

    name: str
    agency: str
    fits: Callable[[Row], bool]
    change: Change
    touches: frozenset[tuple[str, str]]


def _last(row: Row) -> Row:
    found: Row = row["registrations"][-1]
    return found


def _address(name: str, value: str) -> Change:
    return lambda row: _last(row)["address"].update({name: value})


def _lives(row: Row) -> bool:
    """An adult, living, registered."""
    return bool(row["registrations"]) and row["deathDate"] is None and "1950" < row["birthDate"] < "2004"


def _born(row: Row) -> bool:
    """The birth of somebody who is an adult now: the civil registry has the last word on who they are."""
    return row["event_type"] == "live_birth" and "1950" < row["event_date"] < "2004"


def _child(row: Row) -> Row:
    found: Row = row["persons"]["child"]
    return found


def _year_before(day: str) -> str:
    return f"{int(day[:4]) - 1}{day[4:]}"


def _pay(row: Row) -> None:
    row["months"][-1]["amount"] = 250_000


ALTERATIONS = (
    Alteration(
        "sex",
        "civil",
        _born,
        lambda row: _child(row).update(sex="male" if _child(row)["sex"] == "female" else "female"),
        frozenset({("identity", "sex")}),
    ),
    Alteration("region", "population", _lives, _address("region", "KZ-31"), frozenset({("residence", "region")})),
    Alteration("house", "population", _lives, _address("house", "777"), frozenset({("residence", "house")})),
    Alteration(
        "role",
        "population",
        lambda row: _lives(row) and _last(row)["to"] is None and _last(row)["role"] == "head",
        lambda row: _last(row).update(role="relative"),
        frozenset({("membership", "role")}),
    ),
    Alteration(
        "birth year",
        "civil",
        _born,
        lambda row: _child(row).update(birth_date=_year_before(_child(row)["birth_date"])),
        frozenset({("identity", "birth_date"), ("identity", "birth_year")}),
    ),
    Alteration(
        "pay",
        "tax",
        lambda row: row["type"] == "income",
        _pay,
        frozenset({("income", "amount"), ("income", "income_band")}),
    ),
    Alteration(
        "work place",
        "tax",
        lambda row: row["type"] == "employment",
        lambda row: row["employer"].update(region="KZ-31"),
        frozenset({("employment", "employer_region")}),
    ),
    Alteration(
        "begin of a job",
        "tax",
        lambda row: row["type"] == "employment",
        lambda row: row.update({"from": f"1999{row['from'][4:]}"}),
        frozenset({("employment", "since"), ("employment", "since_year")}),
    ),
    Alteration(
        "cover",
        "health",
        lambda row: row["resourceType"] == "Coverage",
        lambda row: row.update(status="cancelled" if row["status"] == "active" else "active"),
        frozenset({("health_cover", "insured")}),
    ),
    Alteration(
        "disability",
        "health",
        lambda row: row["resourceType"] == "Condition" and "severity" in row,
        lambda row: row["severity"].update(text="child"),
        frozenset({("disability", "group")}),
    ),
    Alteration(
        "event",
        "civil",
        _born,
        lambda row: row.update(event_date=_year_before(row["event_date"])),
        frozenset({("civil_status", "event_date"), ("civil_status", "event_year")}),
    ),
)


async def serve_again(hub: Hub, country: Country, agency: str, record: str, change: Change | None = None) -> None:
    """Have a record served again, as it is in truth, and pull it; altered on its way in by `change`."""
    country.play("correction", recordId=record)
    source = BY_NAME[agency]

    def read(raw: bytes, verify: Verify) -> RowClaims:
        row = orjson.loads(raw)
        if change is not None and record in (row.get("recordId"), row.get("id"), row.get("act_no")):
            change(row)
        return source.read(orjson.dumps(row), verify)

    summary = await pull(replace(source, read=read), hub.pulling)
    assert summary.claims > 0, "the row served again must bring claims"
