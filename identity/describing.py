"""A statement about who someone is, made comparable field by field: names, father's name, birth date, sex, places."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from domain.claims import Address, Evidence
from identity.names import normalise, split_full_name

_FATHERS = re.compile(
    r"(?:инична|ович|евич|овна|евна|вич|вна|ич|ұлы|улы|қызы|кызы"
    r"|inichna|ovich|evich|ovna|evna|vich|vna|ich|ūly|uly|uli|qyzy|kyzy|qızı|kizi)$"
)
"""What a patronymic adds to the father's name: with it taken off, Russian and Kazakh forms become one."""
_SHORTEST_STEM = 2


@dataclass(frozen=True, slots=True)
class Described:
    """A statement. All fields are normalised, empty where nothing is stated; `father` is the father's name in the
    patronymic, `places` are addresses of any time."""

    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    father: str = ""
    birth_surname: str = ""
    birth_date: str = ""
    sex: str = ""
    places: frozenset[Place] = frozenset()

    @property
    def surnames(self) -> tuple[str, ...]:
        """The surname and the one at birth, as far as stated."""
        return tuple(name for name in (self.surname, self.birth_surname) if name)


@dataclass(frozen=True, slots=True)
class Place:
    """Where someone was at home: region and locality, and the house if stated."""

    region: str
    locality: str
    house: str


def described(
    surname: str | None,
    given_name: str | None,
    patronymic: str | None = None,
    birth_surname: str | None = None,
    birth_date: str | None = None,
    sex: str | None = None,
    places: Iterable[Address] = (),
) -> Described:
    """A statement from texts as a source writes them."""
    return Described(
        normalise(surname),
        normalise(given_name),
        normalise(patronymic),
        fathers_name(patronymic or ""),
        normalise(birth_surname),
        birth_date or "",
        sex or "",
        frozenset(place(address) for address in places),
    )


def of_evidence(evidence: Evidence) -> Described:
    """The statement that a row's evidence makes. A name written in one field is split by the rule."""
    surname, given, patronymic = evidence.surname, evidence.given_name, evidence.patronymic
    if evidence.full_name is not None and surname is None:
        surname, given, patronymic = split_full_name(evidence.full_name)
    places = (evidence.address,) if evidence.address is not None else ()
    return described(surname, given, patronymic, evidence.birth_surname, evidence.birth_date, evidence.sex, places)


def place(address: Address) -> Place:
    """An address in comparable form; street and house count together or not at all."""
    street, house = normalise(address.street), "".join(c for c in (address.house or "").casefold() if c.isalnum())
    return Place(address.region or "", normalise(address.locality), f"{street} {house}" if street and house else "")


@lru_cache(maxsize=8192)
def fathers_name(patronymic: str) -> str:
    """The father's name in a patronymic as written, normalised, without what Kazakh and Russian put behind it."""
    text = unicodedata.normalize("NFKC", patronymic).lower().strip()
    stem = normalise(_FATHERS.sub("", text))
    return stem if len(stem) >= _SHORTEST_STEM else normalise(patronymic)
