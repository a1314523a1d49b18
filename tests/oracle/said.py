"""What one row says, as the Oracle reads it: who is named, and claims that hang on source keys."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.oracle.names import Statement

SourceNumber = tuple[str, str]
"""A source key: the agency and its own number for a person."""

Value = str | int | bool
Item = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Named:
    """A person as a row names them. `item` is what the row states of who they are, `home` of where they live."""

    key: SourceNumber
    iin: str | None
    statement: Statement
    item: Item
    home: Item | None = None


@dataclass(frozen=True, slots=True)
class RecordClaim:
    """Items of one category."""

    key: SourceNumber
    category: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class LinkClaim:
    """A link from `key` to `other`; `ended`: the row says only that it ended."""

    key: SourceNumber
    kind: str
    other: SourceNumber
    since: str | None
    until: str | None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class MemberClaim:
    """A membership of a household, by the register's number."""

    key: SourceNumber
    household: str
    role: str
    since: str
    until: str | None


@dataclass(frozen=True, slots=True)
class Matter:
    """A protective matter: its sides as (source key, national id or None); a grade has one, a report two.

    `reached`: for each side the source keys and national ids of the person whom it was found to be by weight.
    """

    kind: str
    sides: tuple[tuple[SourceNumber, str | None], ...]
    grade: str | None = None
    status: str | None = None
    reached: tuple[frozenset[SourceNumber | str], ...] = ()


@dataclass(slots=True)
class Said:
    """All that a row says. `event`: the source's instant, comparable as text."""

    agency: str
    record: str
    version: int
    event: str
    people: list[Named] = field(default_factory=list)
    records: list[RecordClaim] = field(default_factory=list)
    links: list[LinkClaim] = field(default_factory=list)
    members: list[MemberClaim] = field(default_factory=list)
    matters: list[Matter] = field(default_factory=list)
    sides: list[Named] = field(default_factory=list)

    def claimed(self) -> set[SourceNumber]:
        """The source keys on which the row's claims hang."""
        return {claim.key for claims in (self.records, self.links, self.members) for claim in claims}

    def name(
        self,
        number: str,
        iin: str | None,
        statement: Statement,
        patronymic: str | None = None,
        sex: str | None = None,
        home: Item | None = None,
    ) -> SourceNumber:
        """Name a person; named again in the same row, they are who they were first."""
        key = (self.agency, number)
        if all(one.key != key for one in self.people):
            item = stated(
                surname=statement.surname,
                given_name=statement.given_name,
                patronymic=patronymic,
                birth_surname=statement.birth_surname,
                birth_date=statement.birth_date,
                sex=sex,
                national_id=iin,
            )
            self.people.append(Named(key, iin, statement, item, home))
            if item:
                self.records += [RecordClaim(key, category, (item,)) for category in ("name", "identity")]
        return key


def stated(**fields: Value | None) -> Item:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value is not None and value != ""}
