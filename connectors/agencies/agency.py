"""What each mapping file `connectors/agencies/<name>.py` declares of its agency, and how a row becomes claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

import msgspec

from domain.claims import ProtectiveMatter, RowClaims
from domain.errors import Skip


class Reason(StrEnum):
    """Why a row is quarantined. Several at once: the first in this order is given. Texts: `domain/reason_texts.py`."""

    TOO_LARGE = "TOO_LARGE"
    BAD_TEXT = "BAD_TEXT"
    BAD_SHAPE = "BAD_SHAPE"
    REPEATED_ID = "REPEATED_ID"
    UNKNOWN_PERSON = "UNKNOWN_PERSON"
    BAD_DATE = "BAD_DATE"
    BAD_IIN = "BAD_IIN"
    BAD_VALUE = "BAD_VALUE"
    BAD_SIGNATURE = "BAD_SIGNATURE"


class Wire(StrEnum):
    """The protocols of `connectors/protocols/`."""

    XROAD = "xroad"
    DCI = "dci"
    PAGED_JSON = "paged_json"
    FHIR = "fhir"
    GEDCOM = "gedcom"


class Signed(NamedTuple):
    """A document whose signature holds: the `kid` of the key that signed it, and its JSON."""

    kid: str
    content: Mapping[str, Any]


Verify = Callable[[str], Signed]
"""A compact JWS → what was signed. Raises Skip (BAD_SIGNATURE) if none of the agency's published keys signed it."""


def issued_by(kid: str, issuer: str) -> bool:
    """Whether a key is one of the issuer's, `<issuer>-…`. One publication may hold the keys of several issuers, and
    none of them may sign what is another's to say.
    """
    return kid.startswith(f"{issuer}-")


def no_grades(row: Any) -> tuple[ProtectiveMatter, ...]:
    """The `grades` of an agency whose rows hold none."""
    return ()


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency. `paths` are asked in this order; `read` turns one row (canonical JSON) into what it says.

    `read` is pure and raises Skip with a Reason as its cause; it is handed the means to verify signed documents.
    `every` is the schedule, in seconds. `protective`: its rows go to the protective compartment and nowhere else.
    `restricted`: a row of its may hold protective matter, so one that is held is kept in that compartment.
    `founding`: what a row says of its one person founds somebody, though no national id stands in it; `apart` cuts a
    record id to the collection in which each id is somebody else by the source's own word.
    `places`: its rows say where people live, or whose kin they are, which leads there.
    `grades` reads the protection grades out of any JSON value that stood as a row, however spoilt; it never raises.
    """

    name: str
    title: str
    wire: Wire
    paths: tuple[str, ...]
    read: Callable[[bytes, Verify], RowClaims]
    every: int = 3600
    protective: bool = False
    restricted: bool = False
    founding: bool = False
    places: bool = False
    apart: Callable[[str], str] = str
    options: Mapping[str, str] = field(default_factory=dict)
    grades: Callable[[Any], tuple[ProtectiveMatter, ...]] = no_grades


T = TypeVar("T")


def decoded(decoder: msgspec.json.Decoder[T], raw: bytes) -> T:
    """A row as its agency's struct. Unknown fields are passed over. Raises Skip (BAD_SHAPE)."""
    try:
        return decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeError):
        raise bad(Reason.BAD_SHAPE) from None


def bad(reason: Reason) -> Skip:
    """The error that quarantines a row; it never holds anything of the row."""
    return Skip(cause=reason)
