"""The civil registry: acts of birth, death, marriage, divorce and adoption."""

from __future__ import annotations

import msgspec

from connectors.agencies import checks
from connectors.agencies.agency import Agency, Reason, Verify, Wire, bad, decoded
from connectors.agencies.making import Making, stated
from domain.claims import Evidence, RowClaims
from domain.ids import SourceKey
from domain.links import LinkKind

NAME = "civil"


class Identifier(msgspec.Struct, frozen=True):
    """One identifier of a person; the type that counts is IIN."""

    identifier_type: str
    identifier_value: str


class Person(msgspec.Struct, frozen=True):
    """A person as an act names them, by the registry's own number."""

    person_no: checks.Name
    surname: str
    given_name: str
    birth_date: str
    sex: str
    identifier: tuple[Identifier, ...] = ()
    patronymic: str | None = None
    birth_surname: str | None = None

    @property
    def iin(self) -> str | None:
        """The national id, if one is given."""
        return next((i.identifier_value for i in self.identifier if i.identifier_type == "IIN"), None)


class Roles(msgspec.Struct, frozen=True):
    """Who an act is about; which roles must be there depends on the event."""

    child: Person | None = None
    deceased: Person | None = None
    parent1_identifier: Person | None = None
    parent2_identifier: Person | None = None
    spouse1: Person | None = None
    spouse2: Person | None = None

    def named(self) -> tuple[tuple[str, Person], ...]:
        """The people there are, with their roles, in the order of the fields."""
        found = ((role, getattr(self, role)) for role in self.__struct_fields__)
        return tuple((role, person) for role, person in found if person is not None)


class Place(msgspec.Struct, frozen=True):
    """Where the act was registered."""

    region: str
    locality: str


class Row(msgspec.Struct, frozen=True):
    """One version of an act. `change_seq` is the registry's place in its sequence of changes."""

    change_seq: int
    act_no: checks.Name
    version: checks.Version
    changed_at: str
    event_type: str
    event_date: str
    place: Place
    persons: Roles


#: Event → the word in records, the roles that must be there, the roles whose record tells of it.
EVENTS = {
    "live_birth": ("birth", ("child", "parent1_identifier"), ("child",)),
    "death": ("death", ("deceased",), ("deceased",)),
    "marriage": ("marriage", ("spouse1", "spouse2"), ("spouse1", "spouse2")),
    "divorce": ("divorce", ("spouse1", "spouse2"), ("spouse1", "spouse2")),
    "adoption": ("adoption", ("child", "parent1_identifier"), ("child",)),
}
SEXES = {"female": "F", "male": "M"}
PARENTS = {"live_birth": LinkKind.PARENT_BIRTH, "adoption": LinkKind.PARENT_ADOPTIVE}
_decoder = msgspec.json.Decoder(Row)


def read(raw: bytes, verify: Verify) -> RowClaims:
    """A row as claims. Raises Skip."""
    return claims(decoded(_decoder, raw))


def claims(row: Row) -> RowClaims:
    """Who the people of an act are, the event in their records, and the links it makes or ends.

    Parent links hang on the child. A marriage or divorce hangs on both spouses, so that either's fold knows when it
    began and ended; the graph stores it once (see `connectors/pipeline/folding.py`).
    """
    event = checks.instant(row.changed_at)
    people = row.persons.named()
    _check(row, people, event)
    word, _, told = EVENTS[row.event_type]
    made = Making(NAME, row.act_no, row.version, event)
    keys = {role: made.person(_evidence(person), role, SEXES[person.sex]) for role, person in people}
    place = f"{row.place.locality}, {row.place.region}"
    for role in told:
        item = stated(event=word, event_date=row.event_date, place=place)
        made.record(keys[role], f"event:{role}", "civil_status", [item])
    _link(made, row, keys)
    return made.row()


def _link(made: Making, row: Row, keys: dict[str, SourceKey]) -> None:
    if row.event_type in PARENTS:
        for role in ("parent1_identifier", "parent2_identifier"):
            if role in keys:
                made.link(keys["child"], f"link:{role}", PARENTS[row.event_type], keys[role], row.event_date)
    elif row.event_type in ("marriage", "divorce"):
        married = row.event_type == "marriage"
        since, until = (row.event_date, None) if married else (None, row.event_date)
        for own, other in (("spouse1", "spouse2"), ("spouse2", "spouse1")):
            part = f"{row.event_type}:{own}"
            made.link(keys[own], part, LinkKind.PARTNER_MARRIAGE, keys[other], since, until)


def _check(row: Row, people: tuple[tuple[str, Person], ...], event: str) -> None:
    known = EVENTS.get(row.event_type)
    if known is not None and not {role for role, _ in people}.issuperset(known[1]):
        raise bad(Reason.BAD_SHAPE)
    checks.day(row.event_date)
    for _, person in people:
        checks.birth(person.birth_date, event)
    for _, person in people:
        checks.iin(person.iin)
    checks.one_of(row.event_type, EVENTS)
    checks.one_of(row.place.region, checks.REGIONS)
    for _, person in people:
        checks.one_of(person.sex, SEXES)


def _evidence(person: Person) -> Evidence:
    return Evidence(
        SourceKey(NAME, person.person_no),
        person.iin,
        person.surname,
        person.given_name,
        person.patronymic,
        person.birth_surname,
        person.birth_date,
    )


_OPTIONS = {"reg_type": "ns:crvs", "issuer": "civil"}
AGENCY = Agency(NAME, "Civil registry", Wire.DCI, ("registry/sync/search",), read, places=True, options=_OPTIONS)
