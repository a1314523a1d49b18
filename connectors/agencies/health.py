"""Health, FHIR R4: patients with their clinic, insurance cover, disability and chronic conditions.

Cover and conditions name a patient by id alone. If that patient is nobody yet, the row is held under review.
"""

from __future__ import annotations

import msgspec

from connectors.agencies import checks
from connectors.agencies.agency import Agency, Reason, Verify, Wire, bad, decoded
from connectors.agencies.making import Making, stated
from domain.claims import Address, Evidence, RowClaims
from domain.ids import SourceKey

NAME = "health"


class Meta(msgspec.Struct, frozen=True, rename="camel"):
    """Version and instant of a resource."""

    version_id: str
    last_updated: str


class Identifier(msgspec.Struct, frozen=True):
    """An identifier in a system; the one that counts is `urn:kz:iin`."""

    system: str | None = None
    value: str | None = None


class HumanName(msgspec.Struct, frozen=True):
    """Given name and patronymic stand together in `given`."""

    family: str | None = None
    given: tuple[str, ...] = ()


class Display(msgspec.Struct, frozen=True):
    """A reference by its text."""

    display: str | None = None


class Reference(msgspec.Struct, frozen=True):
    """A reference `Patient/id`."""

    reference: str


class Home(msgspec.Struct, frozen=True):
    """An address: `state` is the region's code, `city` the locality, `line` street and house."""

    state: str | None = None
    city: str | None = None
    line: tuple[str, ...] = ()


class Patient(msgspec.Struct, frozen=True, rename="camel"):
    """A person at a clinic. The address is no record of where they live: it helps to tell who they are."""

    id: checks.Name
    meta: Meta
    name: tuple[HumanName, ...]
    gender: str
    birth_date: str
    identifier: tuple[Identifier, ...] = ()
    managing_organization: Display | None = None
    address: tuple[Home, ...] = ()


class Period(msgspec.Struct, frozen=True):
    """A period; `end` is absent while it lasts."""

    start: str
    end: str | None = None


class Coverage(msgspec.Struct, frozen=True):
    """Insurance cover."""

    id: checks.Name
    meta: Meta
    status: str
    beneficiary: Reference
    period: Period
    payor: tuple[Display, ...] = ()


class Coding(msgspec.Struct, frozen=True):
    """A code of a system."""

    system: str | None = None
    code: str | None = None


class Concept(msgspec.Struct, frozen=True):
    """A concept, by codings or text."""

    coding: tuple[Coding, ...] = ()
    text: str | None = None


class Condition(msgspec.Struct, frozen=True, rename={"since": "onsetDateTime", "until": "abatementDateTime"}):
    """A disability or a chronic condition."""

    id: checks.Name
    meta: Meta
    subject: Reference
    category: tuple[Concept, ...]
    code: Concept
    severity: Concept | None = None
    since: str | None = None
    until: str | None = None


class Kind(msgspec.Struct, frozen=True, rename="camel"):
    """What every resource says of itself."""

    resource_type: str


GENDERS = {"female": "F", "male": "M"}
STATUSES = frozenset({"active", "cancelled"})
CATEGORIES = frozenset({"disability", "chronic"})
GROUPS = frozenset({"group-1", "group-2", "group-3", "child"})
_IIN = "urn:kz:iin"
_CATEGORY = "urn:kz:condition-category"
_kind: msgspec.json.Decoder[Kind] = msgspec.json.Decoder(Kind)
_patient: msgspec.json.Decoder[Patient] = msgspec.json.Decoder(Patient)
_coverage: msgspec.json.Decoder[Coverage] = msgspec.json.Decoder(Coverage)
_condition: msgspec.json.Decoder[Condition] = msgspec.json.Decoder(Condition)


def read(raw: bytes, verify: Verify) -> RowClaims:
    """A resource as claims. Raises Skip."""
    kind = decoded(_kind, raw).resource_type
    if kind == "Patient":
        return patient(decoded(_patient, raw))
    if kind == "Coverage":
        return coverage(decoded(_coverage, raw))
    if kind == "Condition":
        return condition(decoded(_condition, raw))
    raise bad(Reason.BAD_VALUE)


def patient(row: Patient) -> RowClaims:
    """Who the patient is, and their clinic."""
    version, event = _version(row.meta), checks.instant(row.meta.last_updated)
    checks.birth(row.birth_date, event)
    iin = next((i.value for i in row.identifier if i.system == _IIN), None)
    checks.iin(iin)
    sex = GENDERS[checks.one_of(row.gender, GENDERS)]
    name = row.name[0] if row.name else HumanName()
    given = name.given[0] if name.given else None
    patronymic = " ".join(name.given[1:]) or None
    made = Making(NAME, row.id, version, event)
    who = Evidence(
        SourceKey(NAME, row.id),
        iin,
        name.family,
        given,
        patronymic,
        birth_date=row.birth_date,
        address=_home(row),
    )
    key = made.person(who, "identity", sex)
    if row.managing_organization is not None and row.managing_organization.display:
        made.record(key, "clinic", "clinic", [stated(name=row.managing_organization.display)])
    return made.row()


def coverage(row: Coverage) -> RowClaims:
    """A period of cover."""
    version, event = _version(row.meta), checks.instant(row.meta.last_updated)
    since, until = checks.day_of(row.period.start), checks.day_of(row.period.end)
    checks.period(since, until)
    checks.one_of(row.status, STATUSES)
    made = Making(NAME, row.id, version, event)
    key = made.person(_by_id(row.beneficiary), "identity")
    payor = row.payor[0].display if row.payor else None
    item = stated(insured=row.status == "active", payor=payor, since=since, until=until)
    made.record(key, "cover", "health_cover", [item])
    return made.row()


def condition(row: Condition) -> RowClaims:
    """A disability or a chronic condition."""
    version, event = _version(row.meta), checks.instant(row.meta.last_updated)
    since, until = checks.day_of(row.since), checks.day_of(row.until)
    checks.period(since, until)
    code = next((c.code for one in row.category for c in one.coding if c.system == _CATEGORY), None)
    category = checks.one_of(code or "", CATEGORIES)
    made = Making(NAME, row.id, version, event)
    if category == "chronic":
        key = made.person(_by_id(row.subject), "identity")
        made.record(key, "condition", "conditions", [stated(condition=row.code.text, since=since, until=until)])
        return made.row()
    group = checks.one_of((row.severity.text if row.severity is not None else None) or "", GROUPS)
    key = made.person(_by_id(row.subject), "identity")
    made.record(key, "disability", "disability", [stated(group=group, cause=row.code.text, since=since, until=until)])
    return made.row()


def _home(row: Patient) -> Address | None:
    if not row.address:
        return None
    home = row.address[0]
    street, house = home.line[:2] if len(home.line) > 1 else (None, None)
    return Address(home.state, home.city, street, house)


def _by_id(reference: Reference) -> Evidence:
    """A patient who is named by id alone: no evidence of who they are."""
    return Evidence(SourceKey(NAME, checks.reference(reference.reference, "Patient")), None, None, None)


def _version(meta: Meta) -> int:
    if not (meta.version_id.isascii() and meta.version_id.isdigit() and len(meta.version_id) < 16):
        raise bad(Reason.BAD_SHAPE)
    return int(meta.version_id)


AGENCY = Agency(
    NAME, "Health", Wire.FHIR, ("fhir/Patient", "fhir/Coverage", "fhir/Condition"), read, options={"id": "id"}
)
