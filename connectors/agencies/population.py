"""The population register: names, registrations, households, responsibility for children, address protection."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from connectors.agencies import checks
from connectors.agencies.agency import Agency, Verify, Wire, decoded
from connectors.agencies.making import Making, stated
from domain.claims import Address as Where
from domain.claims import Evidence, ProtectiveKind, ProtectiveMatter, RowClaims
from domain.errors import Skip
from domain.ids import SourceKey
from domain.iin import is_valid
from domain.links import LinkKind, Role

NAME = "population"


class Address(msgspec.Struct, frozen=True):
    """A registered address."""

    region: str
    locality: str
    street: str
    house: str
    flat: str | None = None


class Registration(msgspec.Struct, frozen=True, rename={"since": "from", "until": "to"}):
    """A stay at an address, as a member of a household."""

    household: checks.Name
    role: str
    address: Address
    since: str
    until: str | None = None


class Ref(msgspec.Struct, frozen=True, rename="camel"):
    """Another person, by the register's own number."""

    record_id: checks.Name
    surname: str
    given_name: str
    birth_date: str
    iin: str | None = None
    patronymic: str | None = None


class Relation(msgspec.Struct, frozen=True, rename={"since": "from", "until": "to"}):
    """Who is responsible for, or cares for, the person of the row."""

    kind: str
    person: Ref
    since: str
    until: str | None = None


class Protection(msgspec.Struct, frozen=True):
    """A protected address."""

    grade: str
    since: str
    authority: str | None = None


class Row(msgspec.Struct, frozen=True, rename="camel"):
    """One version of a person's entry, with the whole history of registrations."""

    record_id: checks.Name
    version: checks.Version
    changed_at: str
    surname: str
    given_name: str
    birth_date: str
    sex: str
    iin: str | None = None
    patronymic: str | None = None
    birth_surname: str | None = None
    death_date: str | None = None
    registrations: tuple[Registration, ...] = ()
    relations: tuple[Relation, ...] = ()
    protection: Protection | None = None


LINKS = {
    "responsibility": LinkKind.RESPONSIBILITY,
    "guardian": LinkKind.GUARDIAN,
    "foster_parent": LinkKind.PARENT_FOSTER,
    "step_parent": LinkKind.PARENT_STEP,
}
STRICT = "strict"
GRADES = frozenset({"confidential", STRICT})
SEXES = frozenset({"F", "M"})
ROLES = frozenset(Role)
_decoder = msgspec.json.Decoder(Row)


def read(raw: bytes, verify: Verify) -> RowClaims:
    """A row as claims. Raises Skip."""
    return claims(decoded(_decoder, raw))


def claims(row: Row) -> RowClaims:
    """Who the person and those responsible for them are, addresses, memberships, links, death, and the grade."""
    event = checks.instant(row.changed_at)
    _check(row, event)
    made = Making(NAME, row.record_id, row.version, event)
    key = made.person(replace(_evidence(row, row.birth_surname), address=_home(row)), "identity", row.sex)
    if row.registrations:
        made.record(key, "residence", "residence", [_residence(stay) for stay in row.registrations])
    for n, stay in enumerate(row.registrations):
        made.membership(key, f"membership:{n}", stay.household, stay.role, stay.since, stay.until)
    for n, relation in enumerate(row.relations):
        other = made.person(_evidence(relation.person), f"ref:{n}")
        made.link(key, f"link:{n}", LINKS[relation.kind], other, relation.since, relation.until)
    if row.death_date is not None:
        made.record(key, "death", "civil_status", [stated(event="death", event_date=row.death_date)])
    return made.row(_grade(row, key))


def _check(row: Row, event: str) -> None:
    checks.birth(row.birth_date, event)
    checks.optional_day(row.death_date)
    for stay in row.registrations:
        checks.period(stay.since, stay.until)
    for relation in row.relations:
        checks.period(relation.since, relation.until)
        checks.birth(relation.person.birth_date, event)
    if row.protection is not None:
        checks.day(row.protection.since)
    checks.iin(row.iin)
    for relation in row.relations:
        checks.iin(relation.person.iin)
    checks.one_of(row.sex, SEXES)
    for stay in row.registrations:
        checks.one_of(stay.role, ROLES)
        checks.one_of(stay.address.region, checks.REGIONS)
    for relation in row.relations:
        checks.one_of(relation.kind, LINKS)
    if row.protection is not None:
        checks.one_of(row.protection.grade, GRADES)


def _evidence(who: Row | Ref, birth_surname: str | None = None) -> Evidence:
    return Evidence(
        SourceKey(NAME, who.record_id),
        who.iin,
        who.surname,
        who.given_name,
        who.patronymic,
        birth_surname,
        who.birth_date,
    )


def _home(row: Row) -> Where | None:
    """The address registered last."""
    if not row.registrations:
        return None
    at = max(row.registrations, key=lambda stay: stay.since).address
    return Where(at.region, at.locality, at.street, at.house)


def _residence(stay: Registration) -> dict[str, str | int | bool]:
    at = stay.address
    return stated(
        region=at.region,
        locality=at.locality,
        street=at.street,
        house=at.house,
        flat=at.flat,
        since=stay.since,
        until=stay.until,
    )


def _grade(row: Row, key: SourceKey) -> tuple[ProtectiveMatter, ...]:
    if row.protection is None:
        return ()
    held = row.protection
    return (ProtectiveMatter(ProtectiveKind.GRADE, (key,), (row.iin,), grade=held.grade, since=held.since),)


def grades(row: Any) -> tuple[ProtectiveMatter, ...]:
    """The grade that a row states, whatever else is wrong with it: a row that cannot be read still protects.

    Only the register's number has to be there. A national id counts if it is valid; a protection of any other shape, or
    of a grade that is not known, counts as strict. Never raises.
    """
    if not isinstance(row, dict) or row.get("protection") is None:
        return ()
    number, iin, held = _number(row.get("recordId")), row.get("iin"), row["protection"]
    if number is None:
        return ()
    stated = held.get("grade") if isinstance(held, dict) else None
    grade = stated if isinstance(stated, str) and stated in GRADES else STRICT
    valid = iin if isinstance(iin, str) and is_valid(iin) else None
    since = _day(held.get("since")) if isinstance(held, dict) else None
    return (ProtectiveMatter(ProtectiveKind.GRADE, (SourceKey(NAME, number),), (valid,), grade=grade, since=since),)


def _number(stated: Any) -> str | None:
    """A record id that names somebody: text that is not empty and can be written down (no lone surrogates)."""
    try:
        return stated if isinstance(stated, str) and stated.encode() else None
    except UnicodeEncodeError:
        return None


def _day(text: Any) -> str | None:
    try:
        return checks.day(text) if isinstance(text, str) else None
    except Skip:
        return None


AGENCY = Agency(
    NAME,
    "Population register",
    Wire.XROAD,
    ("KZ/GOV/POPREG/register/persons",),
    read,
    restricted=True,
    places=True,
    grades=grades,
)
