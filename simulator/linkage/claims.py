"""Claims without a national id: a clinic's patients as FHIR resources, with what is wrong in each."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from simulator.agencies.draft import Body, day
from simulator.errors.evidence import typo
from simulator.linkage import rates
from simulator.numbering import number
from simulator.texts import places
from simulator.texts.latin import latin
from simulator.world.model import Block, Person

_KAZAKH_LATIN = {
    "ә": "ä", "ғ": "ğ", "ж": "j", "й": "i", "қ": "q", "ң": "ñ", "ө": "ö", "у": "u", "ұ": "ū", "ү": "ü", "х": "h",
    "һ": "h", "ш": "ş", "ы": "y", "і": "ı", "ц": "ts", "ч": "ch",
}  # fmt: skip
_OWN = str.maketrans(_KAZAKH_LATIN | {k.upper(): v.capitalize() for k, v in _KAZAKH_LATIN.items()})


@dataclass(slots=True)
class Claim:
    """What a clinic noted of a person. `errors`: the corruptions; `script`: how the names are written."""

    surname: str
    given: str
    patronymic: str | None
    born: str
    errors: list[str] = field(default_factory=list)
    script: str = "cyrillic"


def claim(person: Person, rng: random.Random) -> Claim:
    """A claim about the person, as wrong as the rates say."""
    made = Claim(person.surname, person.given, person.patronymic, day(person.born))
    if rng.random() < rates.NO_PATRONYMIC:
        made.patronymic = None
    draw = rng.random()
    wanted = 2 if draw < rates.TWO else 1 if draw < rates.TWO + rates.ONE else 0
    kinds, weights = list(rates.KINDS), list(rates.KINDS.values())
    for _ in range(40):
        if len(made.errors) == wanted:
            break
        kind = rng.choices(kinds, weights)[0]
        if kind not in made.errors and _corrupt(made, person, kind, rng):
            made.errors.append(kind)
    if rng.random() < rates.LATIN:
        _romanise(made, person, rng)
    return made


def _corrupt(made: Claim, person: Person, kind: str, rng: random.Random) -> bool:
    """Make the claim wrong in this way; False where it cannot be, or was wrong there before."""
    if kind in ("birth_digit", "birth_year", "birth_near", "day_month"):
        if made.born != day(person.born):
            return False
        wrong = _birth(date.fromordinal(person.born), kind, rng)
        made.born = wrong or made.born
        return wrong is not None
    if kind == "typo_patronymic":
        if made.patronymic is None:
            return False
        made.patronymic = typo(rng, made.patronymic)
        return True
    if made.errors and (kind == "swapped_names" or "swapped_names" in made.errors):
        return False
    if kind == "swapped_names":
        made.surname, made.given = made.given, made.surname
    elif kind == "old_surname":
        if person.birth_surname is None or made.surname != person.surname:
            return False
        made.surname = person.birth_surname
    elif kind == "typo_surname":
        made.surname = typo(rng, made.surname)
    else:
        made.given = typo(rng, made.given)
    return True


def _birth(true: date, kind: str, rng: random.Random) -> str | None:
    if kind == "day_month":
        swappable = true.day <= 12 and true.day != true.month
        return true.replace(month=true.day, day=true.month).isoformat() if swappable else None
    if kind == "birth_near":
        return (true + timedelta(days=rng.choice((-10, -2, -1, 1, 2, 10)))).isoformat()
    if kind == "birth_year":
        year = true.year + rng.choice((-1, 1))
        return None if (true.month, true.day) == (2, 29) else true.replace(year=year).isoformat()
    text = true.isoformat()
    for _ in range(20):
        at = rng.choice((2, 3, 5, 6, 8, 9))
        wrong = text[:at] + rng.choice("0123456789") + text[at + 1 :]
        try:
            if wrong != text and date.fromisoformat(wrong) < date(2026, 11, 1):
                return wrong
        except ValueError:
            continue
    return None


def _romanise(made: Claim, person: Person, rng: random.Random) -> None:
    """Passport letters, or for Kazakh names now and then the Latin alphabet of 2021."""
    own = person.custom == "kk" and rng.random() < 0.3
    made.script = "kazakh latin" if own else "latin"
    for name in ("surname", "given", "patronymic"):
        text = getattr(made, name)
        if text is not None:
            setattr(made, name, latin(text.translate(_OWN)) if own else latin(text))


def patient(block: Block, person: Person, made: Claim, rng: random.Random) -> Body:
    """The claim as a FHIR Patient without identifier, with an address where one is known."""
    body: Body = {
        "resourceType": "Patient", "id": number("pt", block.key(person.number)),
        "meta": {"versionId": "1", "lastUpdated": "2026-11-22T00:00:00Z"},
        "identifier": [],
        "name": [{"family": made.surname, "given": [n for n in (made.given, made.patronymic) if n]}],
        "gender": "female" if person.sex == "F" else "male", "birthDate": made.born,
    }  # fmt: skip
    address = _address(person, rng)
    if address is not None:
        body["address"] = [address]
    return body


def _address(person: Person, rng: random.Random) -> Body | None:
    stays = person.open_stays() or person.stays
    stated, elsewhere, house = (rng.random() for _ in range(3))
    if stated >= rates.ADDRESS or not stays:
        return None
    if elsewhere < rates.ELSEWHERE:
        region = places.region(rng)
        return {"state": region, "city": places.locality(rng, region)}
    home = stays[-1].address
    found: Body = {"state": home.region, "city": home.locality}
    if house < rates.HOUSE:
        found["line"] = [home.street, home.house]
    return found
