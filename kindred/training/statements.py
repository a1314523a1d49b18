"""What training reads: statements about people, one a line of JSON, in two lists: those known, and claims about them.

`{"list": "known" | "claims", "surname", "given_name", "patronymic", "birth_surname", "birth_date", "sex", "places":
[{"region", "locality", "street", "house"}]}`; null where nothing is stated. Held in memory and written nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from domain.claims import Address
from domain.errors import Invalid
from identity.describing import Described, described


class _Place(msgspec.Struct, frozen=True):
    region: str | None = None
    locality: str | None = None
    street: str | None = None
    house: str | None = None


class _Line(msgspec.Struct, frozen=True):
    list: Literal["known", "claims"]
    surname: str | None = None
    given_name: str | None = None
    patronymic: str | None = None
    birth_surname: str | None = None
    birth_date: str | None = None
    sex: str | None = None
    places: tuple[_Place, ...] = ()


_decoder = msgspec.json.Decoder(_Line)


@dataclass(frozen=True, slots=True)
class Lists:
    """The two lists to link."""

    known: tuple[Described, ...]
    claims: tuple[Described, ...]


def read_statements(files: Iterable[Path]) -> Lists:
    """All statements of the files. Raises Invalid for what cannot be read, with the line's number alone."""
    known: list[Described] = []
    claims: list[Described] = []
    for path in files:
        try:
            with path.open("rb") as file:
                for number, line in enumerate(file, 1):
                    one = _line(line, number)
                    (known if one.list == "known" else claims).append(_described(one))
        except OSError:
            raise Invalid(field="--from", fix="identity.statements", cause="file cannot be read") from None
    if not known or not claims:
        raise Invalid(field="--from", fix="identity.statements", cause="both lists are needed")
    return Lists(tuple(known), tuple(claims))


def _line(line: bytes, number: int) -> _Line:
    try:
        return _decoder.decode(line)
    except msgspec.MsgspecError:
        raise Invalid(field="--from", fix="identity.statements", cause=f"line {number}") from None


def _described(one: _Line) -> Described:
    places = [Address(at.region, at.locality, at.street, at.house) for at in one.places]
    return described(one.surname, one.given_name, one.patronymic, one.birth_surname, one.birth_date, one.sex, places)
