"""The names of a GEDCOM individual: in use and at birth, given name and patronymic told apart.

`NAME` is `given /surname/`. Genealogists write the name at birth there; a name taken in marriage stands in a `NAME` of
type `married` or in `_MARNM`. Russian and Kazakh programs write the patronymic behind the given name, or in a tag of
their own; a maiden name in brackets behind the surname.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple, Protocol

_BORN = frozenset({"birth", "maiden"})
_MARRIED = "married"
_OWN = frozenset({"_PATR", "_PATN", "_PATRONYMIC", "_MIDN", "_MIDDLE"})
_TAKEN = frozenset({"_MARNM", "_MARN", "_MARRIED"})
_NOBODY = frozenset({"?", "??", "???", "n.n.", "n. n.", "nn", "n n", "unknown", "неизвестно", "неизвестна", "белгісіз"})
_PATRONYMIC = re.compile(
    r".{2,}(?:ович|евич|ёвич|ич|овна|евна|ёвна|ична|инична|ұлы|улы|оглы|қызы|кызы|гызы"
    r"|ovich|evich|ovna|evna|ichna|uly|ūly|ogly|oglu|qyzy|kyzy)",
    re.IGNORECASE,
)
_SURNAME = re.compile(r"([^()]*)\(([^()]+)\)\s*")


class Line(Protocol):
    """A line of a record, as much of it as names need."""

    @property
    def tag(self) -> str:
        """The tag, in capitals."""
        ...

    @property
    def value(self) -> str | None:
        """The text."""
        ...

    @property
    def sub(self) -> Iterable[Line]:
        """The lines below it."""
        ...


class Names(NamedTuple):
    """What a person is called. None where it is not said."""

    surname: str | None = None
    given_name: str | None = None
    patronymic: str | None = None
    birth_surname: str | None = None


def names_of(lines: Iterable[Line]) -> Names:
    """The names of an individual's lines. Other names (also known as, of religion …) are passed over."""
    own, born, married = Names(), Names(), Names()
    taken = None
    for line in lines:
        if line.tag != "NAME":
            continue
        kind = (_below(line, "TYPE") or "").casefold()
        read = _read(line)
        if kind in _BORN:
            born = born if any(born) else read
        elif kind == _MARRIED:
            married = married if any(married) else read
        elif not kind and not any(own):
            own = read
        taken = taken or next((_said(one.value) for one in line.sub if one.tag in _TAKEN), None)
    first = own if any(own) else born if any(born) else married
    surname = married.surname or taken or first.surname
    at_birth = born.surname or own.birth_surname or (own.surname if surname != own.surname else None)
    return Names(surname, first.given_name or married.given_name, first.patronymic or married.patronymic, at_birth)


def _read(line: Line) -> Names:
    before, _, rest = (line.value or "").partition("/")
    inside, _, after = rest.partition("/")
    given = _said(_below(line, "GIVN")) or _said(f"{before} {after}")
    patronymic = next((_said(one.value) for one in line.sub if one.tag in _OWN), None)
    maiden = None
    surname = _said(inside) or _said(_below(line, "SURN"))
    if surname is not None and (cut := _SURNAME.fullmatch(surname)) is not None:
        surname, maiden = _said(cut[1]), _said(cut[2])
    words = given.split(" ") if given is not None else []
    if patronymic is None and len(words) > 1:
        cut_at = (
            2 if len(words) > 2 and words[-1].casefold() in ("ұлы", "улы", "қызы", "кызы", "оглы", "uly", "qyzy") else 1
        )
        if cut_at == 2 or _PATRONYMIC.fullmatch(words[-1]):
            given, patronymic = " ".join(words[:-cut_at]), " ".join(words[-cut_at:])
    elif patronymic is not None and given is not None and len(words) > 1 and given.endswith(f" {patronymic}"):
        given = given.removesuffix(f" {patronymic}")
    return Names(surname, given, patronymic, maiden)


def _below(line: Line, tag: str) -> str | None:
    return next((one.value for one in line.sub if one.tag == tag), None)


def _said(text: str | None) -> str | None:
    """A name with single blanks; None where it says that the name is not known."""
    told = " ".join((text or "").replace("_", " ").split())
    return None if not told or told.casefold() in _NOBODY else told
