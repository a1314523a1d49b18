"""A genealogist's file (GEDCOM): individuals, with the families that they are child or partner in.

A person's source id is the tree that the file belongs to and their own id in it. Only what the file says for certain
becomes a claim: days, not years; a marriage that is stated, not a couple that has children.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from connectors.agencies import checks
from connectors.agencies.agency import Agency, Reason, Verify, Wire, bad, decoded
from connectors.agencies.gedcom_names import names_of
from connectors.agencies.making import Making, stated
from domain.claims import Evidence, RowClaims
from domain.ids import SourceKey
from domain.links import LinkKind

NAME = "gedcom"


class Line(msgspec.Struct, frozen=True):
    """A line of a record: `ref` is the id that it points to, `date` what kind of date it holds, `day` an exact one."""

    tag: str
    value: str | None = None
    ref: str | None = None
    date: str | None = None
    day: str | None = None
    sub: tuple[Line, ...] = ()

    def all(self, *tags: str) -> Iterator[Line]:
        """The lines below of these tags."""
        return (line for line in self.sub if line.tag in tags)

    def text(self, tag: str) -> str | None:
        """The value of the first line below of this tag that has one."""
        return next((line.value for line in self.all(tag) if line.value), None)

    def on(self) -> str | None:
        """The day of an event, where it is certain."""
        return next((line.day for line in self.all("DATE") if line.day), None)


class Family(msgspec.Struct, frozen=True):
    """A family by its id in the file, with its record if the file holds one that can be read."""

    xref: checks.Name
    record: Line | None = None


class Row(msgspec.Struct, frozen=True):
    """One edition of an individual's record, or of a record with a `problem`."""

    tree: checks.Name
    version: checks.Version
    changed_at: str
    xref: str = ""
    record: Line | None = None
    families: tuple[Family, ...] = ()
    problem: str | None = None


SEXES = {"M": "M", "F": "F"}
PEDIGREES: dict[str, LinkKind | None] = {
    "": LinkKind.PARENT_BIRTH,
    "birth": LinkKind.PARENT_BIRTH,
    "natural": LinkKind.PARENT_BIRTH,
    "biological": LinkKind.PARENT_BIRTH,
    "adopted": LinkKind.PARENT_ADOPTIVE,
    "foster": LinkKind.PARENT_FOSTER,
    "step": LinkKind.PARENT_STEP,
}
"""How a child came to a family. Anything else (sealing, unknown, other …) is no link that the hub has a word for."""
DOUBTED = frozenset({"challenged", "disproven"})
BY_ADOPTION = {"HUSB": ("HUSB", "BOTH"), "WIFE": ("WIFE", "BOTH")}
RELATION = {"HUSB": "_FREL", "WIFE": "_MREL"}
LONGEST = 200
"""Letters of a name or a place."""
TAGS = (
    "NAME TYPE GIVN SURN _MARNM _MARN _MARRIED _PATR _PATN _PATRONYMIC _MIDN _MIDDLE SEX BIRT DEAT DATE PLAC "
    "FAMC FAMS PEDI STAT ADOP HUSB WIFE CHIL MARR DIV _FREL _MREL"
)
_decoder = msgspec.json.Decoder(Row)


def read(raw: bytes, verify: Verify) -> RowClaims:
    """A row as claims. Raises Skip."""
    return claims(decoded(_decoder, raw))


def claims(row: Row) -> RowClaims:
    """Who the individual is, when and where they were born, married, divorced and died, their parents and partners."""
    event = checks.instant(row.changed_at)
    if row.problem is not None:
        raise bad(Reason(checks.one_of(row.problem, frozenset(Reason))))
    if row.record is None or not row.xref:
        raise bad(Reason.BAD_SHAPE)
    birth, deaths = _lifetime(row.record, event)
    names, sex = names_of(row.record.sub), SEXES.get(row.record.text("SEX") or "")
    if any(len(name) > LONGEST for name in names if name is not None):
        raise bad(Reason.BAD_VALUE)
    made = Making(NAME, f"{row.tree}/{row.xref}", row.version, event)
    surname, given, patronymic, at_birth = names
    key = made.person(Evidence(_key(row, row.xref), None, surname, given, patronymic, at_birth, birth), "identity", sex)
    if not (any(names) or birth or sex):
        made.record(key, "identity", "identity", [{}])  # somebody of whom no more is known than whose child they are
    _events(made, key, "BIRT", "birth", row.record.all("BIRT"))
    _events(made, key, "DEAT", "death", (death for death in row.record.all("DEAT") if death.on() in deaths))
    for family in row.families:
        _parents(made, key, row, family, birth)
        _partners(made, key, row, family)
    return made.row()


def _lifetime(record: Line, event: str) -> tuple[str | None, frozenset[str]]:
    """The day of birth and the days of death that are stated. An impossible one, or one still to come, is BAD_DATE."""
    for happened in record.all("BIRT", "DEAT", "ADOP"):
        for line in happened.all("DATE"):
            if line.date == "impossible" or (checks.optional_day(line.day) or "") > event[:10]:
                raise bad(Reason.BAD_DATE)
    birth = next((day for line in record.all("BIRT") if (day := line.on())), None)
    deaths = frozenset(day for line in record.all("DEAT") if (day := line.on()))
    if birth is not None and any(day < birth for day in deaths):
        raise bad(Reason.BAD_DATE)
    return birth, deaths


def _events(made: Making, key: SourceKey, part: str, word: str, events: Iterable[Line]) -> None:
    """The events that have a day; what happened on an unknown one is left out."""
    items = [stated(event=word, event_date=line.on(), place=(line.text("PLAC") or "")[:LONGEST]) for line in events]
    items = [item for item in items if "event_date" in item]
    if items:
        made.record(key, part, "civil_status", items)


def _parents(made: Making, key: SourceKey, row: Row, family: Family, birth: str | None) -> None:
    record = row.record or Line("INDI")
    own = [line for line in record.all("FAMC") if line.ref == family.xref]
    listed = [line for line in family.record.all("CHIL") if line.ref == row.xref] if family.record is not None else []
    if not (own or listed) or any((line.text("STAT") or "").casefold() in DOUBTED for line in own):
        return
    parents = [("HUSB", family.xref)]  # a family that is not there: a link to nobody, which is flagged
    if family.record is not None:
        parents = [(line.tag, line.ref) for line in family.record.all("HUSB", "WIFE") if line.ref]
    said = next((text for line in own if (text := line.text("PEDI"))), "")
    adopted = {how for line in record.all("ADOP") for how in _adopters(line, family.xref)}
    for role, ref in dict.fromkeys(parents):
        apart = next((text for line in listed if (text := line.text(RELATION[role]))), said)
        kind = PEDIGREES.get(apart.casefold())
        if adopted.intersection(BY_ADOPTION[role]):
            kind = LinkKind.PARENT_ADOPTIVE
        if kind is not None:
            since = birth if kind is LinkKind.PARENT_BIRTH else None
            if kind is LinkKind.PARENT_ADOPTIVE:
                since = _adoption(record, family.xref)
            made.link(key, f"parent:{family.xref}:{role}:{ref}", kind, _key(row, ref), since)


def _adopters(adoption: Line, family: str) -> Iterator[str]:
    for line in adoption.all("FAMC"):
        if line.ref == family:
            yield (line.text("ADOP") or "BOTH").upper()


def _adoption(record: Line, family: str) -> str | None:
    return next((line.on() for line in record.all("ADOP") if any(_adopters(line, family))), None)


def _partners(made: Making, key: SourceKey, row: Row, family: Family) -> None:
    record = row.record or Line("INDI")
    if family.record is None:
        if any(line.ref == family.xref for line in record.all("FAMS")):
            made.link(key, f"marriage:{family.xref}", LinkKind.PARTNER_MARRIAGE, _key(row, family.xref), None)
        return
    couple = [line.ref for line in family.record.all("HUSB", "WIFE") if line.ref]
    mine = row.xref in couple or any(line.ref == family.xref for line in record.all("FAMS"))
    marriages, divorces = ([line for line in family.record.all(tag) if not _denied(line)] for tag in ("MARR", "DIV"))
    if not mine or not (marriages or divorces):
        return
    if row.xref in couple:
        couple.remove(row.xref)
    began = next((day for line in marriages if (day := line.on())), None)
    ended = next((day for line in divorces if (day := line.on())), None)
    for other in dict.fromkeys(couple):
        made.link(key, f"marriage:{family.xref}:{other}", LinkKind.PARTNER_MARRIAGE, _key(row, other), began)
        if ended is not None:
            made.link(key, f"divorce:{family.xref}:{other}", LinkKind.PARTNER_MARRIAGE, _key(row, other), None, ended)
    _events(made, key, f"MARR:{family.xref}", "marriage", marriages)
    _events(made, key, f"DIV:{family.xref}", "divorce", divorces)


def _denied(event: Line) -> bool:
    """Whether a line says that the event did not happen (`1 DIV N`)."""
    return (event.value or "").upper() == "N"


def _key(row: Row, ref: str) -> SourceKey:
    return SourceKey(NAME, f"{row.tree}/{ref}")


def tree_of(record_id: str) -> str:
    """The tree of a record: each id in it is a person apart."""
    return record_id.partition("/")[0]


AGENCY = Agency(
    NAME,
    "Genealogists' files",
    Wire.GEDCOM,
    (),
    read,
    founding=True,
    places=True,
    apart=tree_of,
    options={"tags": TAGS},
)
