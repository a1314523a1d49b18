"""What the rows of each agency say: the wire contract's fields, and nothing that the contract gives no meaning to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.oracle.checks import REGIONS, Checks, has_right_check_digit
from tests.oracle.clauses import Clauses
from tests.oracle.names import Statement
from tests.oracle.said import LinkClaim, Matter, MemberClaim, Named, RecordClaim, Said, SourceNumber, stated

Row = dict[str, Any]
ROLES = {"head", "spouse", "child", "parent", "grandchild", "relative", "other"}
CARE = {
    "responsibility": "responsibility",
    "guardian": "guardian",
    "foster_parent": "parent_foster",
    "step_parent": "parent_step",
}
#: event type → the word in records, who must be named, whose record tells of it
ACTS = {
    "live_birth": ("birth", ("child", "parent1_identifier"), ("child",)),
    "death": ("death", ("deceased",), ("deceased",)),
    "marriage": ("marriage", ("spouse1", "spouse2"), ("spouse1", "spouse2")),
    "divorce": ("divorce", ("spouse1", "spouse2"), ("spouse1", "spouse2")),
    "adoption": ("adoption", ("child", "parent1_identifier"), ("child",)),
}
SEX = {"female": "F", "male": "M"}
GRADES = ("confidential", "strict")


def read(agency: str, row: Row, clauses: Clauses) -> Said:
    """What a row says. Raises Unreadable."""
    checks = Checks(clauses)
    said = _READ[agency](row, checks)
    checks.done()
    return said


def _population(row: Row, checks: Checks) -> Said:
    checks.shape(bool(row.get("recordId")), isinstance(row.get("version"), int))
    event = checks.instant(row["changedAt"])
    said = Said("population", row["recordId"], row["version"], event)
    key = said.name(
        row["recordId"], row.get("iin"), _register_statement(row, row.get("birthSurname")), row.get("patronymic"),
        row["sex"], _home(row),
    )  # fmt: skip
    checks.birth(row["birthDate"], event)
    checks.iin(row.get("iin"))
    checks.among(row["sex"], {"F", "M"})
    _stays(row, said, key, checks)
    for relation in row["relations"]:
        ref = relation["person"]
        checks.birth(ref["birthDate"], event)
        checks.iin(ref.get("iin"))
        checks.period(relation["from"], relation["to"])
        checks.among(relation["kind"], CARE)
        other = said.name(ref["recordId"], ref.get("iin"), _register_statement(ref, None), ref.get("patronymic"))
        kind = CARE.get(relation["kind"], "")
        said.links.append(LinkClaim(key, kind, other, relation["from"], relation["to"]))
    checks.days(row["deathDate"])
    if row["deathDate"] is not None:
        said.records.append(RecordClaim(key, "civil_status", (stated(event="death", event_date=row["deathDate"]),)))
    if row["protection"] is not None:
        checks.shape(isinstance(row["protection"], dict) and {"grade", "since"} <= row["protection"].keys())
        checks.days(row["protection"]["since"])
        checks.among(row["protection"]["grade"], GRADES)
    return said


def _home(row: Row) -> dict[str, Any] | None:
    """The address registered last."""
    stays = [(stay["from"], -at, stay["address"]) for at, stay in enumerate(row["registrations"])]
    return max(stays, key=lambda stay: stay[:2])[2] if stays else None


def graded(agency: str, row: Row) -> list[Matter]:
    """The protection grade of a row of the register, read by itself, whether or not the row can be read."""
    protection, number, iin = row.get("protection"), row.get("recordId"), row.get("iin")
    if agency != "population" or protection is None or not isinstance(number, str) or number == "":
        return []
    grade = protection.get("grade") if isinstance(protection, dict) else None
    known = iin if isinstance(iin, str) and has_right_check_digit(iin) else None
    side = ((agency, number), known)
    return [Matter("grade", (side,), grade=grade if grade in GRADES else "strict")]


def _register_statement(who: Row, birth_surname: str | None) -> Statement:
    return Statement(who["surname"], who["givenName"], birth_surname, who["birthDate"])


def _stays(row: Row, said: Said, key: SourceNumber, checks: Checks) -> None:
    items = []
    for stay in row["registrations"]:
        address = stay["address"]
        checks.period(stay["from"], stay["to"])
        checks.among(stay["role"], ROLES)
        checks.among(address["region"], REGIONS)
        items.append(stated(**address, since=stay["from"], until=stay["to"]))
        said.members.append(MemberClaim(key, stay["household"], stay["role"], stay["from"], stay["to"]))
    if items:
        said.records.append(RecordClaim(key, "residence", tuple(items)))


def _civil(row: Row, checks: Checks) -> Said:
    checks.shape(bool(row.get("act_no")), isinstance(row.get("version"), int))
    event = checks.instant(row["changed_at"])
    said = Said("civil", row["act_no"], row["version"], event)
    checks.among(row["event_type"], ACTS)
    word, needed, told = ACTS.get(row["event_type"], ("", (), ()))
    checks.shape(all(role in row["persons"] for role in needed))
    checks.days(row["event_date"])
    checks.among(row["place"]["region"], REGIONS)
    keys = {role: _participant(said, person, event, checks) for role, person in row["persons"].items()}
    for role in told:
        item = stated(event=word, event_date=row["event_date"], place=_place(row["place"]))
        said.records.append(RecordClaim(keys[role], "civil_status", (item,)))
    said.links += _act_links(row, keys)
    return said


def _place(place: Row) -> str:
    return f"{place['locality']}, {place['region']}"


def _participant(said: Said, person: Row, event: str, checks: Checks) -> SourceNumber:
    ids = [one["identifier_value"] for one in person["identifier"] if one["identifier_type"] == "IIN"]
    iin = ids[0] if ids else None
    checks.birth(person["birth_date"], event)
    checks.iin(iin)
    checks.among(person["sex"], SEX)
    statement = Statement(person["surname"], person["given_name"], person.get("birth_surname"), person["birth_date"])
    return said.name(person["person_no"], iin, statement, person.get("patronymic"), SEX.get(person["sex"]))


def _act_links(row: Row, keys: dict[str, SourceNumber]) -> list[LinkClaim]:
    kind, day = row["event_type"], row["event_date"]
    if kind in ("live_birth", "adoption"):
        parents = [keys[role] for role in ("parent1_identifier", "parent2_identifier") if role in keys]
        link = "parent_birth" if kind == "live_birth" else "parent_adoptive"
        return [LinkClaim(keys["child"], link, parent, day, None) for parent in parents]
    if kind in ("marriage", "divorce"):
        one, other, ended = keys["spouse1"], keys["spouse2"], kind == "divorce"
        since, until = (None, day) if ended else (day, None)
        return [LinkClaim(a, "partner_marriage", b, since, until, ended) for a, b in ((one, other), (other, one))]
    return []


def _tax(row: Row, checks: Checks) -> Said:
    checks.shape(bool(row.get("id")), isinstance(row.get("version"), int))
    event = checks.instant(row["updated_at"])
    said = Said("tax", row["id"], row["version"], event)
    who = row["taxpayer"]
    words = who["name"].split()
    checks.birth(who["birth_date"], event)
    checks.iin(who["iin"])
    checks.among(row["type"], {"income", "employment"})
    statement = Statement(next(iter(words), None), next(iter(words[1:]), None), None, who["birth_date"])
    key = said.name(who["no"], who["iin"], statement, " ".join(words[2:]))
    if row["type"] == "income":
        checks.shape(isinstance(row.get("months"), list))
        for month in row["months"]:
            checks.month(month["month"])
        said.records.append(RecordClaim(key, "income", tuple(stated(**month) for month in row["months"])))
    if row["type"] == "employment":
        employer = row["employer"]
        checks.period(row["from"], row["to"])
        checks.among(employer["region"], REGIONS)
        job = stated(
            employer=employer["name"], employer_bin=employer["bin"], employer_region=employer["region"],
            position=row["position"], since=row["from"], until=row["to"],
        )  # fmt: skip
        said.records.append(RecordClaim(key, "employment", (job,)))
    return said


def _health(row: Row, checks: Checks) -> Said:
    checks.shape(bool(row.get("id")), row["meta"]["versionId"].isdigit())
    said = Said("health", row["id"], int(row["meta"]["versionId"]), checks.instant(row["meta"]["lastUpdated"]))
    return {"Patient": _patient, "Coverage": _coverage, "Condition": _condition}[row["resourceType"]](row, said, checks)


def _patient(row: Row, said: Said, checks: Checks) -> Said:
    ids = [one["value"] for one in row["identifier"] if one["system"] == "urn:kz:iin"]
    iin = ids[0] if ids else None
    checks.birth(row["birthDate"], said.event)
    checks.iin(iin)
    checks.among(row["gender"], SEX)
    name = row["name"][0]
    given, *rest = name["given"]
    statement = Statement(name["family"], given, None, row["birthDate"])
    key = said.name(row["id"], iin, statement, " ".join(rest), SEX.get(row["gender"]), _lives(row))
    clinic = row.get("managingOrganization")
    if clinic:
        said.records.append(RecordClaim(key, "clinic", (stated(name=clinic["display"]),)))
    return said


def _lives(row: Row) -> dict[str, Any] | None:
    """A patient's address: region, town, and street and house where both are given."""
    if not row.get("address"):
        return None
    first = row["address"][0]
    street, house = first["line"][:2] if len(first.get("line", ())) > 1 else (None, None)
    return {"region": first.get("state"), "locality": first.get("city"), "street": street, "house": house}


def _coverage(row: Row, said: Said, checks: Checks) -> Said:
    since, until = row["period"]["start"], row["period"].get("end")
    checks.period(since, until)
    checks.among(row["status"], {"active", "cancelled"})
    key = _patient_of(said, row["beneficiary"])
    payor = row["payor"][0]["display"]
    item = stated(insured=row["status"] == "active", payor=payor, since=since, until=until)
    said.records.append(RecordClaim(key, "health_cover", (item,)))
    return said


def _condition(row: Row, said: Said, checks: Checks) -> Said:
    since, until = row.get("onsetDateTime"), row.get("abatementDateTime")
    checks.period(since, until)
    code = row["category"][0]["coding"][0]["code"]
    checks.among(code, {"disability", "chronic"})
    key = _patient_of(said, row["subject"])
    if code == "chronic":
        item = stated(condition=row["code"]["text"], since=since, until=until)
        said.records.append(RecordClaim(key, "conditions", (item,)))
    if code == "disability":
        group = row["severity"]["text"]
        checks.among(group, {"group-1", "group-2", "group-3", "child"})
        item = stated(group=group, cause=row["code"]["text"], since=since, until=until)
        said.records.append(RecordClaim(key, "disability", (item,)))
    return said


def _patient_of(said: Said, reference: Row) -> SourceNumber:
    """A patient who is named by number alone."""
    return said.name(reference["reference"].removeprefix("Patient/"), None, Statement(None, None))


def _police(row: Row, checks: Checks) -> Said:
    checks.shape(bool(row.get("recordId")), isinstance(row.get("version"), int))
    event = checks.instant(row["changedAt"])
    said = Said("police", row["recordId"], row["version"], event)
    for person in (row["reporter"], row["alleged"], *row["others"]):
        checks.birth(person["birthDate"], event)
        checks.iin(person["iin"])
    checks.days(row["occurredOn"])
    checks.among(row["kind"], {"domestic_violence"})
    checks.among(row["status"], {"reported", "confirmed", "withdrawn"})
    sides = tuple((("police", person["personNo"]), person["iin"]) for person in (row["reporter"], row["alleged"]))
    said.matters.append(Matter("report", sides, status=row["status"]))
    for person in (row["reporter"], row["alleged"]):
        statement = Statement(person["surname"], person["givenName"], None, person["birthDate"])
        item = stated(
            surname=person["surname"], given_name=person["givenName"], patronymic=person.get("patronymic"),
            birth_date=person["birthDate"],
        )  # fmt: skip
        said.sides.append(Named(("police", person["personNo"]), person["iin"], statement, item))
    return said


def _casework(row: Row, checks: Checks) -> Said:
    checks.shape(bool(row.get("id")), isinstance(row.get("version"), int), isinstance(row.get("jws"), str))
    return Said("casework", row["id"], row["version"], checks.instant(row["updated_at"]))


_READ: dict[str, Callable[[Row, Checks], Said]] = {
    "population": _population,
    "civil": _civil,
    "tax": _tax,
    "health": _health,
    "police": _police,
    "casework": _casework,
}
