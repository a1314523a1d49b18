"""What the true country is made of.

Days are proleptic ordinals (`date.toordinal`); people are named by their number in the block.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.numbering import PEOPLE_A_BLOCK, person_id


@dataclass(slots=True, frozen=True)
class Address:
    """Where a home is, or one person's own mark of it in marker countries."""

    region: str
    locality: str
    street: str
    house: str
    flat: str | None


@dataclass(slots=True)
class Stay:
    """A person's registration in a home, at one address, in one role."""

    home: int
    role: str
    address: Address
    start: int
    end: int | None = None


@dataclass(slots=True)
class Home:
    """A household: its head, who lives in it now with which children shared, and its present address."""

    number: int
    head: int
    address: Address
    members: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Union:
    """A marriage or a life together; `end_by` is `divorce`, `separation` or `death`."""

    number: int
    wife: int
    husband: int
    kind: str
    start: int
    end: int | None = None
    end_by: str | None = None

    def other(self, person: int) -> int:
        """The partner of `person` in this union."""
        return self.husband if person == self.wife else self.wife


@dataclass(slots=True)
class Care:
    """Who answers for a person beside or instead of the parents: responsibility, guardian, foster or step parent."""

    kind: str
    child: int
    carer: int
    start: int
    end: int | None = None


@dataclass(slots=True)
class Adoption:
    """A child's new legal parents from a day on; of one parent where the other stays or is none."""

    child: int
    mother: int
    father: int | None
    day: int


@dataclass(slots=True)
class Job:
    """An employment; `end` is open for the present one."""

    employer: str
    bin: str
    region: str
    position: str
    start: int
    end: int | None


@dataclass(slots=True)
class Cover:
    """Health insurance."""

    payor: str
    status: str
    start: int
    end: int | None


@dataclass(slots=True)
class Condition:
    """A disability (with a group) or a chronic condition."""

    category: str
    text: str
    severity: str | None
    onset: int
    abated: int | None


@dataclass(slots=True)
class Protection:
    """A grade over a person's address."""

    grade: str
    since: int
    authority: str


@dataclass(slots=True)
class Incident:
    """A report of domestic violence; `counter_of` is the number of the report it answers."""

    number: int
    reporter: int
    alleged: int
    others: list[int]
    day: int
    status: str
    narrative: str
    counter_of: int | None = None


@dataclass(slots=True)
class Person:
    """One person's true life. `surnames` has the days from which each was borne, the first from birth."""

    number: int
    sex: str
    born: int
    dies: int
    custom: str
    clans: frozenset[int]
    mother: int | None
    father: int | None
    given: str
    patronymic: str | None
    surnames: list[tuple[int, str]]
    iin: str = ""
    stays: list[Stay] = field(default_factory=list)
    unions: list[Union] = field(default_factory=list)
    children: list[int] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    income: list[tuple[str, int, int]] = field(default_factory=list)
    clinic: str | None = None
    cover: Cover | None = None
    conditions: list[Condition] = field(default_factory=list)
    school: str | None = None
    owns: list[str] = field(default_factory=list)
    protection: Protection | None = None
    father_named: bool = True
    removed_on: int | None = None
    twin: bool = False
    birthplace: str | None = None

    def surname_on(self, day: int) -> str:
        """The surname borne on a day."""
        borne = self.surnames[0][1]
        for start, name in self.surnames:
            if start <= day:
                borne = name
        return borne

    @property
    def surname(self) -> str:
        """The present (or last) surname."""
        return self.surnames[-1][1]

    @property
    def birth_surname(self) -> str | None:
        """The surname at birth where the present one differs, else `None`."""
        return self.surnames[0][1] if self.surnames[0][1] != self.surname else None

    def union_on(self, day: int) -> Union | None:
        """The union in which the person lives on a day."""
        for union in self.unions:
            if union.start <= day and (union.end is None or union.end > day):
                return union
        return None

    def open_stays(self) -> list[Stay]:
        """The registrations that are in force now."""
        return [stay for stay in self.stays if stay.end is None]


@dataclass(slots=True)
class Block:
    """A few hundred people who marry among themselves; made from (seed, number) alone."""

    number: int
    today: int
    home_region: str
    people: dict[int, Person] = field(default_factory=dict)
    homes: dict[int, Home] = field(default_factory=dict)
    unions: list[Union] = field(default_factory=list)
    cares: list[Care] = field(default_factory=list)
    adoptions: list[Adoption] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)

    def key(self, person: int) -> int:
        """The country-wide key of a person of this block."""
        return self.number * PEOPLE_A_BLOCK + person

    def true_id(self, person: int) -> str:
        """The id of a person in the world file."""
        return person_id(self.key(person))

    def lives(self, person: Person) -> bool:
        """Whether the person is alive today."""
        return person.dies > self.today

    def age(self, person: Person, day: int | None = None) -> float:
        """Age in years on a day, today by default."""
        return ((self.today if day is None else day) - person.born) / 365.25

    def living(self) -> int:
        """How many people live today."""
        return sum(person.dies > self.today for person in self.people.values())
