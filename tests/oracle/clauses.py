"""The clauses of the written rules, each of which can be switched off to show that the worlds exercise it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clauses:
    """Every clause as written. A control replaces one and must then disagree with the graph."""

    duplicates: bool = True
    """A row that is byte-identical to an earlier one is a duplicate."""
    check_digit: bool = True
    """A national id with a wrong check digit quarantines its row."""
    possible_dates: bool = True
    """A date that is none, or out of order, quarantines its row."""
    needs_id: bool = True
    """An undecided key without a national id is weighed, or held; off: it founds a person."""
    weighing: bool = True
    """Who is sure by weight is matched; off: held."""
    protected: bool = True
    """Who is under protection is nobody to a row that places nobody; to any other the claim is about somebody new."""
    by_others: bool = True
    """Whom a grade reaches by others alone is matched where it is sure and nobody else may be meant; off: never."""
    tolerance: int = 1
    """Edits that two spellings of one name may be apart."""
    transliteration: bool = True
    """Cyrillic and Latin spellings of a name are one."""
    swapped: bool = True
    """Surname and given name may stand in each other's place."""
    birth_surname: bool = True
    """The birth surname may stand in for the surname."""
    birth_dates: bool = True
    """Equal birth dates agree, whatever the names."""
    agreement: bool = True
    """A known national id alone is not enough."""
    every_statement: bool = True
    """Whatever was ever stated about a person counts; off: only what founded the person."""
    two_people: bool = True
    """Two people of one row are not one person."""
    whole_row: bool = True
    """A row with anyone under review is held whole; off: held only if its first person is."""
    newest_version: bool = True
    """Only the highest version of a source record counts."""
    authority: bool = True
    """The order of agencies decides a field; off: the latest event alone."""
    latest_event: bool = True
    """Within one agency the latest event wins; off: the earliest."""
    grades_of_quarantined: bool = True
    """A grade protects even where its row cannot be read."""
    divorce: bool = True
    """A divorce ends the marriage link of the two."""


AS_WRITTEN = Clauses()
