"""Police: reports of domestic violence. Protective only: they make no person and no claim and never reach the graph."""

from __future__ import annotations

import msgspec

from connectors.agencies import checks
from connectors.agencies.agency import Agency, Verify, Wire, decoded
from domain.claims import Evidence, ProtectiveKind, ProtectiveMatter, RowClaims
from domain.ids import SourceKey

NAME = "police"


class Person(msgspec.Struct, frozen=True, rename="camel"):
    """A person as a report names them, by the police's own number."""

    person_no: checks.Name
    surname: str | None = None
    given_name: str | None = None
    patronymic: str | None = None
    iin: str | None = None
    birth_date: str | None = None


class Row(msgspec.Struct, frozen=True, rename="camel"):
    """One version of a report; `counter_of` names the report that it answers."""

    record_id: checks.Name
    version: checks.Version
    changed_at: str
    kind: str
    occurred_on: str
    status: str
    reporter: Person
    alleged: Person
    others: tuple[Person, ...] = ()
    narrative: str | None = None
    counter_of: str | None = None


KINDS = frozenset({"domestic_violence"})
STATUSES = frozenset({"reported", "confirmed", "withdrawn"})
_decoder = msgspec.json.Decoder(Row)


def read(raw: bytes, verify: Verify) -> RowClaims:
    """A row as a protective matter. Raises Skip."""
    return claims(decoded(_decoder, raw))


def claims(row: Row) -> RowClaims:
    """The pair that is kept from finding each other, first who reports, then who is alleged."""
    event = checks.instant(row.changed_at)
    people = (row.reporter, row.alleged, *row.others)
    checks.day(row.occurred_on)
    for person in people:
        checks.birth(person.birth_date, event)
    for person in people:
        checks.iin(person.iin)
    checks.one_of(row.kind, KINDS)
    checks.one_of(row.status, STATUSES)
    pair = (row.reporter, row.alleged)
    matter = ProtectiveMatter(
        ProtectiveKind.REPORT,
        tuple(SourceKey(NAME, person.person_no) for person in pair),
        tuple(person.iin for person in pair),
        status=row.status,
        since=row.occurred_on,
        text=row.narrative,
        people=tuple(_evidence(person) for person in pair),
    )
    return RowClaims(NAME, row.record_id, row.version, protective=(matter,))


def _evidence(person: Person) -> Evidence:
    return Evidence(
        SourceKey(NAME, person.person_no),
        person.iin,
        person.surname,
        person.given_name,
        person.patronymic,
        birth_date=person.birth_date,
    )


AGENCY = Agency(
    NAME, "Police", Wire.XROAD, ("KZ/GOV/POLICE/incidents/reports",), read, protective=True, restricted=True
)
