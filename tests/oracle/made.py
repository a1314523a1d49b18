"""Rows made up from few numbers, ids, names and dates, so that every clause of the rules is met again and again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.oracle.checks import has_right_check_digit
from tests.oracle.reading import ACTS, CARE, ROLES

Row = dict[str, Any]
_SURNAMES = ("Ахметов", "Akhmetov", "Ахметова", "Ahmetova", "Әшімов", "Ашимов", "Ким", "Kim", "Цой", "Tsoi", "—")
_GIVEN = ("Әсем", "Asem", "Айгүл", "Aigul", "Юрий", "Yurii", "Iurii", "Ким", "Kim", "Данияр", "Daniyar", "")
_BORN = ("1980-02-03", "1980-03-02", "1981-02-03", "2011-12-31", "1899-12-31", "2031-01-01", "1990-02-30")
_DAYS = ("2001-05-05", "2004-05-05", "2008-01-01", "2010-06-30", "2012-06-30", "2015-12-01")
_STREETS = ("Абай көшесі", "абай  КӨШЕСІ", "Сейфуллин")
_SPOILT: tuple[Any, ...] = (
    "strict",
    {},
    {"grade": "secret", "since": "2020-01-01"},
    {"grade": "confidential", "since": "—"},
)
"""Protections that spoil their row and protect even so."""
_CLEAR = (
    ("Тілеубаев", "Мейіржан", "1975-06-21", "M"),
    ("Нұрпейісова", "Қарлығаш", "1988-11-09", "F"),
    ("Бондаренко", "Вячеслав", "1963-04-02", "M"),
    ("Тілеубаев", "Дінмұхамед", "1975-06-21", "M"),
)
"""People whom nobody else is like, but for the last, the first one's twin: what weighing is sure of."""
_START = datetime(2026, 10, 1, tzinfo=UTC)


@dataclass
class Made:
    """Seeded rows. `steady`: every version of a record names the same source keys, as a register's own do."""

    seed: int
    steady: bool = True
    _dice: random.Random = field(init=False)
    _iins: list[str] = field(init=False)
    _versions: dict[str, int] = field(default_factory=dict)
    _served: dict[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        tried = (f"{self._dice.randrange(10**12):012d}" for _ in range(10_000))
        valid = [iin for iin in tried if has_right_check_digit(iin)]
        self._iins = valid[:14]
        self._clear = valid[14:18]

    def rounds(self, rounds: int, rows: int) -> Iterator[tuple[str, list[Row]]]:
        """(agency, new rows) again and again, in chance order; some rows are earlier ones once more."""
        makers = {"population": self._population, "civil": self._civil, "tax": self._tax, "health": self._health}
        for _ in range(rounds):
            agency = self._dice.choice([*makers])
            served = self._served.setdefault(agency, [])
            fresh = []
            for _ in range(rows):
                again = served and self._dice.random() < 0.06
                row = self._dice.choice(served) if again else makers[agency]()
                served.append(row)
                fresh.append(row)
            yield agency, fresh

    def _next(self, record: str) -> int:
        """The next version of a record; they may come in any order, each once."""
        self._versions[record] = self._versions.get(record, 0) + 1
        return self._versions[record] ^ 1

    def _instant(self) -> str:
        return (_START + timedelta(minutes=self._dice.randrange(40_000))).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _iin(self) -> str | None:
        draw = self._dice.random()
        if draw < 0.08:
            return None
        return self._dice.choice(self._iins) if draw < 0.97 else self._dice.choice(("12345678901", "000000000001"))

    def _born(self) -> str:
        return self._dice.choice(_BORN[:4]) if self._dice.random() < 0.97 else self._dice.choice(_BORN)

    def _period(self) -> tuple[str, str | None]:
        since, until = self._dice.choices(_DAYS, k=2)
        if self._dice.random() < 0.03:
            return since, until
        return min(since, until), max(since, until) if self._dice.random() < 0.5 else None

    def _clearly(self, number: str, version: str) -> Row:
        """Now and then a patient without a national id who is clearly somebody, as a clinic might write them."""
        own = random.Random(f"{self.seed}/{number}/{version}")
        if own.random() > 0.3:
            return {}
        surname, given, born, sex = own.choice(_CLEAR)
        wrong = own.choice(("", "", "typo", "date", "swapped"))
        surname = surname[:3] + surname[4:] if wrong == "typo" else surname
        born = f"{born[:8]}{'28' if wrong == 'date' else born[8:]}"
        name = {"family": given, "given": [surname]} if wrong == "swapped" else {"family": surname, "given": [given]}
        line = ["Абай көшесі", "1"] if own.random() < 0.5 else []
        address = [{"state": "KZ-75", "city": "Almaty", "line": line}] if own.random() < 0.7 else []
        gender = "male" if sex == "M" else "female"
        return {"identifier": [], "name": [name], "gender": gender, "birthDate": born, "address": address}

    def _who(self, record: str, pool: str, n: int = 0) -> str:
        """The number of the n-th person of a record."""
        dice = random.Random(f"{record}/{n}") if self.steady else self._dice
        return f"{pool}-{dice.randrange(16)}"

    def _names(self) -> tuple[str, str]:
        """Surname and given name, now and then in each other's place."""
        names = self._dice.choice(_SURNAMES), self._dice.choice(_GIVEN)
        return names if self._dice.random() < 0.85 else (names[1], names[0])

    def _register(self, record: str) -> Row:
        surname, given = self._names()
        return {
            "recordId": record, "iin": self._iin(), "surname": surname, "givenName": given,
            "patronymic": self._dice.choice((None, "Асқарқызы")), "birthDate": self._born(),
        }  # fmt: skip

    def _population(self) -> Row:
        record = f"PR-{self._dice.randrange(16)}"
        row = self._register(record)
        row["version"] = self._next(record)
        row |= {
            "changedAt": self._instant(), "birthSurname": self._dice.choice((None, *_SURNAMES)),
            "sex": self._dice.choice("FM"), "deathDate": self._dice.choice((None, None, None, *_DAYS[-2:])),
            "registrations": [self._stay() for _ in range(self._dice.randrange(3))],
            "relations": [],
            "protection": None,
        }  # fmt: skip
        for n in range(random.Random(record).randrange(3)):
            since, until = self._period()
            ref = self._register(self._who(record, "PR", n))
            kind = self._dice.choice([*CARE])
            row["relations"].append({"kind": kind, "person": ref, "from": since, "to": until})
        if self._dice.random() < 0.1:
            grade = self._dice.choice(("confidential", "strict"))
            row["protection"] = {"grade": grade, "since": "2020-01-01", "authority": "—"}
        own = random.Random(f"{self.seed}/{record}/{row['version']}")
        if own.random() < 0.04:
            row["protection"] = own.choice(_SPOILT)
        if own.random() < 0.15:
            at = own.randrange(len(_CLEAR))
            row["surname"], row["givenName"], row["birthDate"], row["sex"] = _CLEAR[at]
            row |= {"iin": self._clear[at], "patronymic": own.choice((None, "Асқарұлы"))}
        return row

    def _stay(self) -> Row:
        since, until = self._period()
        address = {
            "region": self._dice.choice(("KZ-75", "KZ-10", "KZ-75", "KZ-71")), "locality": "Алматы",
            "street": self._dice.choice(_STREETS), "house": "1", "flat": self._dice.choice((None, "2")),
        }  # fmt: skip
        household = f"HH-{self._dice.randrange(4)}"
        return {
            "household": household, "role": self._dice.choice(sorted(ROLES)), "address": address, "from": since,
            "to": until,
        }  # fmt: skip

    def _civil(self) -> Row:
        act = f"AK-{self._dice.randrange(40)}"
        event = random.Random(act).choice([*ACTS, "marriage", "divorce"])
        roles = [*ACTS[event][1]]
        if event in ("live_birth", "adoption") and random.Random(act).random() < 0.7:
            roles.append("parent2_identifier")
        people = {role: self._participant(self._who(act, "CR", n)) for n, role in enumerate(roles)}
        return {
            "act_no": act, "change_seq": self._versions.get(act, 0), "version": self._next(act),
            "changed_at": self._instant(), "event_type": event, "event_date": self._dice.choice(_DAYS),
            "persons": people, "place": {"region": "KZ-75", "locality": "Алматы"},
        }  # fmt: skip

    def _participant(self, number: str) -> Row:
        iin, (surname, given) = self._iin(), self._names()
        return {
            "person_no": number, "surname": surname, "given_name": given,
            "identifier": [{"identifier_type": "IIN", "identifier_value": iin}] if iin else [],
            "patronymic": None, "birth_surname": self._dice.choice((None, None, *_SURNAMES)),
            "birth_date": self._born(), "sex": self._dice.choice(("female", "male")),
        }  # fmt: skip

    def _tax(self) -> Row:
        kind = self._dice.choice(("income", "employment"))
        record = f"TX-{kind}-{self._dice.randrange(12)}"
        name = " ".join((*self._names(), self._dice.choice(("", "Т Т"))))
        born = self._born() if self._dice.random() < 0.6 else None
        payer = {"no": self._who(record, "TP"), "iin": self._iin(), "name": name, "birth_date": born}
        row = {"id": record, "version": self._next(record), "updated_at": self._instant(), "type": kind}
        row["taxpayer"] = payer
        if kind == "income":
            months = sorted(self._dice.sample(("2026-07", "2026-08", "2026-09"), k=2))
            return row | {"months": [{"month": m, "amount": self._dice.randrange(9), "pension": 1} for m in months]}
        since, until = self._period()
        employer = {"bin": self._dice.choice(("1", "2")), "name": self._dice.choice(("А", "Б")), "region": "KZ-75"}
        return row | {"employer": employer, "position": "аспаз", "from": since, "to": until}

    def _health(self) -> Row:
        kind = self._dice.choice(("Patient", "Patient", "Coverage", "Condition"))
        number = f"pt-{self._dice.randrange(16)}"
        record = number if kind == "Patient" else f"{kind}-{self._dice.randrange(12)}"
        meta = {"versionId": str(self._next(record)), "lastUpdated": self._instant()}
        row: Row = {"resourceType": kind, "id": record, "meta": meta}
        if kind == "Patient":
            iin, clinic, (surname, given) = self._iin(), self._dice.choice(("№1", "№2")), self._names()
            name = {"family": surname, "given": [given, "Т"]}
            identifier = [{"system": "urn:kz:iin", "value": iin}] if iin else []
            row |= {"identifier": identifier, "name": [name], "gender": self._dice.choice(("female", "male"))}
            row |= {"birthDate": self._born(), "managingOrganization": {"display": clinic}}
            return row | self._clearly(number, meta["versionId"])
        since, until = self._period()
        patient = {"reference": f"Patient/{self._who(record, 'pt')}"}
        if kind == "Coverage":
            period = {"start": since} | ({"end": until} if until else {})
            status = self._dice.choice(("active", "cancelled"))
            return row | {"status": status, "beneficiary": patient, "payor": [{"display": "Қор"}], "period": period}
        code = self._dice.choice(("disability", "chronic"))
        system = "urn:kz:condition-category"
        row |= {"subject": patient, "category": [{"coding": [{"system": system, "code": code}]}]}
        row |= {"code": {"text": self._dice.choice(("Астма", "Эпилепсия"))}, "onsetDateTime": since}
        if until:
            row["abatementDateTime"] = until
        return row | ({"severity": {"text": self._dice.choice(("group-1", "child"))}} if code == "disability" else {})
