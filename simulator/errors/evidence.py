"""An agency's cards: the truth, or the truth with errors of evidence that the agency keeps to in all its rows."""

from __future__ import annotations

import random
from collections.abc import Callable, Set
from datetime import date, timedelta

from simulator import iin
from simulator.agencies.draft import Card, day
from simulator.errors import rates
from simulator.numbering import number
from simulator.texts.latin import latin
from simulator.world.model import Block, Person

_PREFIX = {"population": "PR", "police": "PO", "civil": "CR", "tax": "TP", "health": "pt", "casework": "PR"}


class TrueCards:
    """The cards of an agency that makes no mistakes."""

    def __init__(self, block: Block, agency: str) -> None:
        self._block = block
        self._prefix = _PREFIX[agency]
        self._cards: dict[int, Card] = {}

    def card(self, person: int) -> Card:
        """The card of a person by number in the block."""
        card = self._cards.get(person)
        if card is None:
            card = self._cards[person] = self._new(person)
        return card

    def _new(self, number_in_block: int) -> Card:
        person = self._block.people[number_in_block]
        return Card(
            number(self._prefix, self._block.key(person.number)), person.iin, person.surname, person.given,
            person.patronymic, person.birth_surname, day(person.born), person.sex, [],
        )  # fmt: skip


class WrongCards(TrueCards):
    """The cards of an agency that is wrong at its rates, but for the people in `clean`."""

    def __init__(
        self, block: Block, agency: str, rng: random.Random, scale: float, clean: Set[int]
    ) -> None:  # fmt: skip
        super().__init__(block, agency)
        self._rng = rng
        self._clean = clean
        self._rates = [(kind, rate * scale) for kind, rate in rates.EVIDENCE[agency].items()]
        self._any = sum(rate for _, rate in self._rates)
        # All cards at once, in order of number: which rows ask for them first must not matter.
        for person in block.people:
            self._cards[person] = self._wrong(person)

    def _wrong(self, person: int) -> Card:
        card = self._new(person)
        true = self._block.people[person]
        for kind, rate in self._rates:
            # Who is clean draws too: the sample must not shift the errors of others.
            if self._rng.random() < rate and person not in self._clean and _untouched(card, true, kind):
                error = _ERRORS[kind](self, card, true)
                if error is not None:
                    card.errors.append({"kind": kind, **error, "person": card.number})
        return card

    def _typo(self, card: Card, _: Person) -> dict[str, object] | None:
        field = self._rng.choice(("surname", "given"))
        wrong = typo(self._rng, getattr(card, field))
        setattr(card, field, wrong)
        return {"field": field}

    def _transliteration(self, card: Card, _: Person) -> dict[str, object] | None:
        card.surname, card.given = latin(card.surname), latin(card.given)
        card.patronymic = latin(card.patronymic) if card.patronymic else None
        card.birth_surname = latin(card.birth_surname) if card.birth_surname else None
        return {"field": "name"}

    def _missing_id(self, card: Card, _: Person) -> dict[str, object] | None:
        card.iin = None
        return {"field": "iin"}

    def _iin_of_another(self, card: Card, person: Person) -> dict[str, object] | None:
        others = [n for n in self._block.people if n not in self._clean and n != person.number]
        if not others:
            return None
        other = self._rng.choice(others)
        card.iin = self._block.people[other].iin
        return {"field": "iin", "of": self._block.true_id(other)}

    def _iin_of_nobody(self, card: Card, person: Person) -> dict[str, object] | None:
        card.iin = iin.nobodys(self._rng, date.fromordinal(person.born), person.sex)
        return {"field": "iin"}

    def _iin_one_digit(self, card: Card, person: Person) -> dict[str, object] | None:
        card.iin = wrong = iin.one_digit_error(self._rng, person.iin)
        return {"field": "iin", "valid": iin.valid(wrong)}

    def _iin_one_digit_passing(self, card: Card, person: Person) -> dict[str, object] | None:
        wrong = iin.passing_digit_error(self._rng, person.iin)
        if wrong is None:
            return None
        card.iin = wrong
        return {"field": "iin", "valid": True}

    def _iin_malformed(self, card: Card, person: Person) -> dict[str, object] | None:
        right = person.iin
        card.iin = right[:11] if self._rng.random() < 0.5 else right[:6] + "O" + right[7:]
        return {"field": "iin", "valid": False}

    def _missing_patronymic(self, card: Card, _: Person) -> dict[str, object] | None:
        if card.patronymic is None:
            return None
        card.patronymic = None
        return {"field": "patronymic"}

    def _old_surname(self, card: Card, person: Person) -> dict[str, object] | None:
        if card.birth_surname is None:
            return None
        card.surname, card.birth_surname = person.surnames[0][1], None
        return {"field": "surname"}

    def _swapped_names(self, card: Card, _: Person) -> dict[str, object] | None:
        card.surname, card.given = card.given, card.surname
        return {"field": "name"}

    def _wrong_birth_date(self, card: Card, person: Person) -> dict[str, object] | None:
        card.born = wrong_date(self._rng, date.fromordinal(person.born)).isoformat()
        return {"field": "birthDate"}

    def _missing_birth_date(self, card: Card, _: Person) -> dict[str, object] | None:
        card.born = ""
        return {"field": "birthDate"}

    def _impossible_birth_date(self, card: Card, person: Person) -> dict[str, object] | None:
        year = date.fromordinal(person.born).year
        card.born = self._rng.choice((f"{year}-02-30", f"{year}-13-01", f"{year}-00-00"))
        return {"field": "birthDate"}


def _untouched(card: Card, true: Person, kind: str) -> bool:
    """Whether what the error would change is still right, so that each error listed can be seen in the row."""
    if "iin" in kind or kind == "missing_id":
        return card.iin == true.iin
    if "birth_date" in kind:
        return card.born == day(true.born)
    return kind != "old_surname" or (card.surname, card.given) == (true.surname, true.given)


_ERRORS: dict[str, Callable[[WrongCards, Card, Person], dict[str, object] | None]] = {
    "typo": WrongCards._typo,
    "transliteration": WrongCards._transliteration,
    "missing_id": WrongCards._missing_id,
    "iin_of_another": WrongCards._iin_of_another,
    "iin_of_nobody": WrongCards._iin_of_nobody,
    "iin_one_digit": WrongCards._iin_one_digit,
    "iin_one_digit_passing": WrongCards._iin_one_digit_passing,
    "iin_malformed": WrongCards._iin_malformed,
    "missing_patronymic": WrongCards._missing_patronymic,
    "old_surname": WrongCards._old_surname,
    "swapped_names": WrongCards._swapped_names,
    "wrong_birth_date": WrongCards._wrong_birth_date,
    "missing_birth_date": WrongCards._missing_birth_date,
    "impossible_birth_date": WrongCards._impossible_birth_date,
}


def typo(rng: random.Random, name: str) -> str:
    """One edit: two letters swapped, one dropped, one doubled, one replaced; never the same word."""
    for _ in range(8):
        at = rng.randrange(1, max(2, len(name) - 1))
        wrong = (
            name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :],
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[:at] + rng.choice("аеиоулнрстқ") + name[at + 1 :],
        )[rng.randrange(4)]
        if wrong != name and wrong:
            return wrong
    return name + name[-1]


def wrong_date(rng: random.Random, true: date) -> date:
    """Day and month swapped where that is a date, else some days or one year off."""
    if true.day <= 12 and true.day != true.month and rng.random() < 0.5:
        return true.replace(month=true.day, day=true.month)
    return true + timedelta(days=rng.choice((-365, -10, -1, 1, 10, 365)))
