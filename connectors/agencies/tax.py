"""Tax and employment: declared income by month, and jobs."""

from __future__ import annotations

import msgspec

from connectors.agencies import checks
from connectors.agencies.agency import Agency, Reason, Verify, Wire, bad, decoded
from connectors.agencies.making import Making, stated
from domain.claims import Evidence, RowClaims
from domain.ids import SourceKey
from identity.names import split_full_name

NAME = "tax"


class Taxpayer(msgspec.Struct, frozen=True):
    """The person, by the authority's own number; the whole name stands in one field, surname first."""

    no: checks.Name
    name: str
    iin: str | None = None
    birth_date: str | None = None


class Month(msgspec.Struct, frozen=True):
    """Income and pension contribution of a month, whole tenge."""

    month: str
    amount: checks.Tenge
    pension: checks.Tenge


class Employer(msgspec.Struct, frozen=True):
    """An employer, by business id."""

    bin: str
    name: str
    region: str


class Row(msgspec.Struct, frozen=True, rename={"since": "from", "until": "to"}):
    """One version of a person's incomes or of one job; `type` says which, and which fields must be there."""

    id: checks.Name
    version: checks.Version
    updated_at: str
    type: str
    taxpayer: Taxpayer
    months: tuple[Month, ...] | None = None
    employer: Employer | None = None
    position: str | None = None
    since: str | None = None
    until: str | None = None


TYPES = frozenset({"income", "employment"})
_decoder = msgspec.json.Decoder(Row)


def read(raw: bytes, verify: Verify) -> RowClaims:
    """A row as claims. Raises Skip."""
    return claims(decoded(_decoder, raw))


def claims(row: Row) -> RowClaims:
    """Who the taxpayer is, and their income by month or their job."""
    event = checks.instant(row.updated_at)
    _check(row, event)
    made = Making(NAME, row.id, row.version, event)
    key = made.person(_evidence(row.taxpayer), "identity")
    if row.type == "income" and row.months:
        items = [stated(month=m.month, amount=m.amount, pension=m.pension) for m in row.months]
        made.record(key, "income", "income", items)
    if row.type == "employment" and row.employer is not None:
        made.record(key, "employment", "employment", [_job(row, row.employer)])
    return made.row()


def _check(row: Row, event: str) -> None:
    if row.type == "income" and row.months is None:
        raise bad(Reason.BAD_SHAPE)
    if row.type == "employment" and (row.employer is None or row.since is None):
        raise bad(Reason.BAD_SHAPE)
    checks.birth(row.taxpayer.birth_date, event)
    for one in row.months or ():
        checks.month(one.month)
    checks.period(row.since, row.until)
    checks.iin(row.taxpayer.iin)
    checks.one_of(row.type, TYPES)
    if row.employer is not None:
        checks.one_of(row.employer.region, checks.REGIONS)


def _evidence(who: Taxpayer) -> Evidence:
    surname, given, patronymic = split_full_name(who.name)
    return Evidence(
        SourceKey(NAME, who.no),
        who.iin,
        surname,
        given,
        patronymic,
        birth_date=who.birth_date,
        full_name=who.name,
    )


def _job(row: Row, employer: Employer) -> dict[str, str | int | bool]:
    return stated(
        employer=employer.name,
        employer_bin=employer.bin,
        employer_region=employer.region,
        position=row.position,
        since=row.since,
        until=row.until,
    )


AGENCY = Agency(NAME, "Tax and employment", Wire.PAGED_JSON, ("tax/v1/changes",), read)
