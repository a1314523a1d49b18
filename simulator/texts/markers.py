"""Marker countries: each name, street, employer, amount and text is unique to one (person, category, field).

A marker is a purely alphabetic Cyrillic word of twelve letters (24 bytes of UTF-8), or an amount of twelve digits.
Both are one-to-one maps of (person key, field code), so two markers are never the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from simulator.world.model import Block, Cover, Person

_CONSONANTS = "бвгджзклмнпрстфхцчшщ"
_VOWELS = "аеиоу"
_SYLLABLES = tuple(c + v for c in _CONSONANTS for v in _VOWELS)
_WORDS = 10**12
_MULTIPLIER = 618_033_988_749
_SHIFT = 271_828_182_845
_AMOUNTS_FROM = 100_000_000_000
_AMOUNTS = 8 * 10**11
_AMOUNT_MULTIPLIER = 314_159_265_359

SURNAME, BIRTH_SURNAME, GIVEN, PATRONYMIC, CLINIC, PAYOR, AUTHORITY, BIRTHPLACE, SCHOOL = range(9)
_STREET, _LOCALITY, _EMPLOYER, _POSITION, _CONDITION, _NARRATIVE, _CLINIC_MOVED = 100, 200, 300, 400, 500, 600, 700


def word(key: int, code: int) -> str:
    """The unique word of a person's field; `key` below 10⁹, `code` below 1000."""
    value = ((key * 1000 + code) * _MULTIPLIER + _SHIFT) % _WORDS
    syllables = []
    for _ in range(6):
        value, at = divmod(value, 100)
        syllables.append(_SYLLABLES[at])
    return "".join(syllables).capitalize()


def amount(key: int, code: int) -> int:
    """The unique amount of a person's field, twelve digits; `code` below 40."""
    return _AMOUNTS_FROM + ((key * 40 + code) * _AMOUNT_MULTIPLIER) % _AMOUNTS


def street(key: int, index: int) -> str:
    """The street of a person's registration number `index` (from 0)."""
    return word(key, _STREET + index)


def locality(key: int, index: int) -> str:
    """The locality of a person's registration number `index`."""
    return word(key, _LOCALITY + index)


def clinic(key: int, index: int) -> str:
    """The clinic after a person's move number `index`."""
    return word(key, _CLINIC_MOVED + index)


def narrative(key: int, index: int) -> str:
    """The narrative of a person's report number `index`."""
    return word(key, _NARRATIVE + index)


def mark(block: Block) -> None:
    """Replace every text and amount of the block by its marker."""
    for person in block.people.values():
        _mark_person(block.key(person.number), person)
    for incident in block.incidents:
        incident.narrative = narrative(block.key(incident.reporter), incident.number % 100)


def _mark_person(key: int, person: Person) -> None:
    person.given = word(key, GIVEN)
    person.patronymic = word(key, PATRONYMIC) if person.patronymic else None
    born, now = person.surnames[0], person.surnames[-1]
    person.surnames = [(born[0], word(key, SURNAME if len(person.surnames) == 1 else BIRTH_SURNAME))]
    if now is not born:
        person.surnames.append((now[0], word(key, SURNAME)))
    for i, stay in enumerate(person.stays):
        stay.address = replace(stay.address, street=street(key, i), locality=locality(key, i))
    for i, job in enumerate(person.jobs):
        job.employer, job.position = word(key, _EMPLOYER + i), word(key, _POSITION + i)
        job.bin = f"{amount(key, 20 + i)}"
    person.income = [
        (month, amount(key, 2 * i), amount(key, 2 * i + 1)) for i, (month, _, _) in enumerate(person.income)
    ]
    for i, condition in enumerate(person.conditions):
        condition.text = word(key, _CONDITION + i)
    if person.clinic is not None:
        person.clinic = word(key, CLINIC)
    if person.cover is not None:
        cover = person.cover
        person.cover = Cover(word(key, PAYOR), cover.status, cover.start, cover.end)
    if person.protection is not None:
        person.protection.authority = word(key, AUTHORITY)
    if person.birthplace is not None:
        person.birthplace = word(key, BIRTHPLACE)
    if person.school is not None:
        person.school = word(key, SCHOOL)


def listing(block: Block) -> Iterator[tuple[str, int, str, str]]:
    """(marker, person number, category, field) of every marker of a marked block."""
    for person in block.people.values():
        number = person.number
        yield person.surname, number, "identity", "surname"
        yield person.given, number, "identity", "givenName"
        if person.birth_surname:
            yield person.birth_surname, number, "identity", "birthSurname"
        if person.patronymic:
            yield person.patronymic, number, "identity", "patronymic"
        for stay in person.stays:
            yield stay.address.street, number, "address", "street"
            yield stay.address.locality, number, "address", "locality"
        for job in person.jobs:
            yield job.employer, number, "employment", "employer"
            yield job.bin, number, "employment", "bin"
            yield job.position, number, "employment", "position"
        for _, pay, pension in person.income:
            yield str(pay), number, "income", "amount"
            yield str(pension), number, "income", "pension"
        for condition in person.conditions:
            yield condition.text, number, condition.category, "text"
        if person.clinic:
            yield person.clinic, number, "health", "clinic"
        if person.cover:
            yield person.cover.payor, number, "health_cover", "payor"
        if person.protection:
            yield person.protection.authority, number, "protection", "authority"
        if person.birthplace:
            yield person.birthplace, number, "civil", "birthplace"
    for incident in block.incidents:
        yield incident.narrative, incident.reporter, "incident", "narrative"
