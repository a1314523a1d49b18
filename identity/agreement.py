"""When what a row says of a person agrees with what is known of one: docs/reference/identity.md, rule 3."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.claims import Evidence
from identity.distance import within_one_edit
from identity.names import normalise, split_full_name


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement about who someone is, made comparable. Names are normalised, empty where not stated."""

    surname: str
    given_name: str
    birth_surname: str
    birth_date: str | None


def stated(
    surname: str | None, given_name: str | None, birth_surname: str | None = None, birth_date: str | None = None
) -> Stated:
    """A statement from names as a source writes them."""
    return Stated(normalise(surname), normalise(given_name), normalise(birth_surname), birth_date or None)


def of_evidence(evidence: Evidence) -> Stated:
    """The statement that a row's evidence makes. A name written in one field is split by the rule."""
    if evidence.full_name is not None and evidence.surname is None:
        surname, given, _ = split_full_name(evidence.full_name)
        return stated(surname, given, evidence.birth_surname, evidence.birth_date)
    return stated(evidence.surname, evidence.given_name, evidence.birth_surname, evidence.birth_date)


def agrees(evidence: Stated, known: Iterable[Stated]) -> bool:
    """Whether names or birth date agree with any one of the statements known about a person."""
    return any(_birth_dates(evidence, one) or _names(evidence, one) for one in known)


def _birth_dates(left: Stated, right: Stated) -> bool:
    return left.birth_date is not None and left.birth_date == right.birth_date


def _names(left: Stated, right: Stated) -> bool:
    for own in (left.surname, left.birth_surname):
        for far in (right.surname, right.birth_surname):
            if _pair(own, left.given_name, far, right.given_name):
                return True
    return False


def _pair(surname: str, given: str, far_surname: str, far_given: str) -> bool:
    if not (surname and given and far_surname and far_given):
        return False
    if within_one_edit(surname, far_surname) and within_one_edit(given, far_given):
        return True
    return within_one_edit(surname, far_given) and within_one_edit(given, far_surname)
