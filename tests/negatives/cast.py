"""Who asks, and about whom: for each role its officer and case, whom it sees, and who stays hidden from it."""

from __future__ import annotations

from dataclasses import dataclass

from domain.ids import PersonId
from domain.principals import Principal
from tests.worlds.copies import Made, homes_of, key_of, open_case
from tests.worlds.hub import Hub

READERS = ("caseworker", "benefits_officer", "investigator", "dv_unit", "family_member")
"""The roles that read about people; a privacy officer reads the log alone."""

FAMILY_CASE = "CASE-990000002"
"""Opened by `family_case`: the sample's family, for the officer who asks."""


@dataclass(frozen=True)
class Caller:
    """One who asks, with the case they name."""

    who: Principal
    case: str | None
    sees: str
    """Register number of somebody they may see."""
    hidden: tuple[str, ...]
    """Register numbers of people who are here and hidden from them."""


@dataclass(frozen=True)
class Ids:
    """Ids that must all read as one that names nobody."""

    nobody: str
    others: dict[str, str]


async def caller(here: Hub, made: Made, role: str) -> Caller:
    """The sample's reader of a role."""
    sample = made.sample
    people, family = sample["people"], sample["family"]
    other, graded = people["other_region"]["recordId"], people["protected"]["recordId"]
    if role == "family_member":
        own = sample["family_member"]
        who = here.principal(role, {"iin": own["iin"], "actor": "person-own"})
        return Caller(who, None, own["recordId"], (other, graded, people["own_region"]["recordId"]))
    officer = sample["officers"][role]
    sees = {
        "caseworker": family["head"]["recordId"],
        "benefits_officer": await case_subject(here, made, sample["cases"]["benefits_officer"]),
        "investigator": sample["investigated"]["recordId"],
        "dv_unit": graded,
    }[role]
    hidden = [other, officer["recordId"]]
    if role != "dv_unit":
        hidden.append(graded)
    if role in ("benefits_officer", "investigator", "dv_unit"):
        hidden.append(people["own_region"]["recordId"])
    return Caller(here.officer(made.country, role), sample["cases"][role], sees, tuple(hidden))


async def case_subject(here: Hub, made: Made, number: str) -> str:
    """Register number of somebody whom a case is about."""
    case = await here.parts.docket.case(number, here.clock.now())
    assert case is not None
    return next(record for record in made.rows if key_of(here, record) in case.subjects)


async def family_case(here: Hub, made: Made, role: str) -> Principal:
    """The sample's officer of a role, with a case of their own about the whole sample family."""
    who = here.officer(made.country, role)
    family = made.sample["family"]
    everyone = [family["head"], family["spouse"], *family["children"]]
    await open_case(here, who, FAMILY_CASE, [person["recordId"] for person in everyone])
    return who


async def person_ids(here: Hub, caller: Caller) -> Ids:
    """Ids in the place of a person's."""
    outward = here.parts.ring.outward(caller.who.sector)
    foreign = here.parts.ring.outward("another-sector")
    seen = await here.person_id(caller.who, caller.sees)
    home = (await homes_of(here, caller.hidden[0]))[0]
    others = {f"hidden {n}": outward.encode("P", await here.internal(record)) for n, record in enumerate(caller.hidden)}
    others |= {
        "seen, of another sector": foreign.encode("P", await here.internal(caller.sees)),
        "hidden, of another sector": foreign.encode("P", await here.internal(caller.hidden[0])),
        "a letter changed": flipped(seen),
        "cut": seen[:-1],
        "longer": seen + "A",
        "empty": "",
        "no id": "nobody-in-particular",
        "a number": "12345",
        "odd letters": "Ә" * 32,
        "of 64 bits": outward.encode("P", 2**64 - 1),
        "nothing": outward.encode("P", 0),
        "hidden household": outward.encode("H", home),
    }
    return Ids(outward.encode("P", PersonId(2**57 + 12345)), others)


async def household_ids(here: Hub, caller: Caller) -> Ids:
    """Ids in the place of a household's."""
    outward = here.parts.ring.outward(caller.who.sector)
    foreign = here.parts.ring.outward("another-sector")
    seen = outward.encode("H", (await homes_of(here, caller.sees))[0])
    others = {
        f"hidden {n}": outward.encode("H", home)
        for n, record in enumerate(caller.hidden)
        for home in await homes_of(here, record)
    }
    others |= {
        "seen, of another sector": foreign.encode("H", (await homes_of(here, caller.sees))[0]),
        "a letter changed": flipped(seen),
        "empty": "",
        "no id": "nowhere",
        "a hidden person's": outward.encode("P", await here.internal(caller.hidden[0])),
    }
    return Ids(outward.encode("H", 2**57 + 54321), others)


def flipped(text: str) -> str:
    """A text with one letter in its middle exchanged."""
    place = len(text) // 2
    return text[:place] + ("B" if text[place] != "B" else "C") + text[place + 1 :]
