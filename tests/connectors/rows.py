"""Rows as agencies send them, made small."""

from __future__ import annotations

from typing import Any

from domain.iin import check_digit


def iin(n: int) -> str:
    """The n-th valid national id of one birth date."""
    found = -1
    for serial in range(100_000):
        eleven = f"900506{serial:05d}"
        digit = check_digit(eleven)
        found += digit is not None
        if found == n:
            return f"{eleven}{digit}"
    raise ValueError(n)


_NAMES = ("Айгүл", "Нұрлан", "Мария", "Серік", "Анна", "Тимур", "Жанар", "Олег")
_SURNAMES = ("Ахметов", "Оспанов", "Иванов", "Ким", "Шевченко", "Садықов", "Миллер")


def person(n: int, version: int = 1, **changed: Any) -> dict[str, Any]:
    """A row of the population register about its n-th person."""
    row: dict[str, Any] = {
        "recordId": f"PR-{n:06d}",
        "version": version,
        "changedAt": f"2026-01-{version:02d}T10:00:00Z",
        "iin": iin(n),
        "surname": _SURNAMES[n % 7],
        "givenName": _NAMES[n % 8],
        "patronymic": None,
        "birthSurname": None,
        "birthDate": f"19{60 + n % 30}-0{1 + n % 9}-11",
        "sex": "FM"[n % 2],
        "deathDate": None,
        "registrations": [stay(n)],
        "relations": [],
        "protection": None,
    }
    return row | changed


def stay(n: int, **changed: Any) -> dict[str, Any]:
    """A registration in the household that every three neighbours share."""
    home = n // 3
    address = {"region": "KZ-75", "locality": "Алматы", "street": f"Абая {home}", "house": "1", "flat": None}
    return {"household": f"HH-{home}", "role": "head", "address": address, "from": "2010-01-01", "to": None} | changed


def reference(n: int) -> dict[str, Any]:
    """How the register names its n-th person in another row."""
    row = person(n)
    return {name: row[name] for name in ("recordId", "iin", "surname", "givenName", "patronymic", "birthDate")}


def relation(kind: str, n: int) -> dict[str, Any]:
    """The n-th person as responsible for someone."""
    return {"kind": kind, "person": reference(n), "from": "2015-03-04", "to": None}


def job(n: int, **changed: Any) -> dict[str, Any]:
    """A row of the tax authority about the n-th person's job."""
    of = person(n)
    return {
        "id": f"TX-E-{n:05d}",
        "version": 1,
        "updated_at": "2026-02-01T00:00:00Z",
        "type": "employment",
        "taxpayer": {
            "no": f"TP-{n}",
            "iin": of["iin"],
            "name": f"{of['surname']} {of['givenName']}".upper(),
            "birth_date": None,
        },
        "employer": {"bin": "123456789012", "name": "Завод", "region": "KZ-75"},
        "position": "Инженер",
        "from": "2020-01-01",
        "to": None,
    } | changed
