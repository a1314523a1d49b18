"""People who move: whole homes, some of a home, a partner who leaves with children."""

from __future__ import annotations

import random

from simulator.agencies.draft import Body
from simulator.agencies.population import address_body
from simulator.chance import stream, tag
from simulator.events.history import Change, Event, History, household_of, open_in, patient_of, person
from simulator.numbering import key_of
from simulator.texts import markers, places
from simulator.world import homes, wellbeing
from simulator.world.harm import AUTHORITY
from simulator.world.model import Address, Home

#: Registration numbers from here on belong to events, for unique marker streets.
_MARKERS_FROM = 60


def separate(history: History, event: Event) -> tuple[list[Change], dict[str, str]]:
    """`recordId` leaves with `children` for a home of their own in the same region."""
    leaving = [event.text("recordId"), *event.texts("children")]
    return _go(history, event, leaving, None, "new", bool(event.fields.get("protected")))


def move(history: History, event: Event) -> tuple[list[Change], dict[str, str]]:
    """`recordIds` move; a household that moves as a whole stays one unless `household` says otherwise."""
    leaving = event.texts("recordIds")
    if not leaving:
        raise ValueError("recordIds must name somebody")
    region = event.fields.get("region")
    if region is not None and region not in places.CODES:
        raise ValueError("no such region")
    wanted = event.fields.get("household")
    if wanted is None:
        wanted = "existing" if _whole(history, leaving) else "new"
    if not isinstance(wanted, str):
        raise ValueError("household must be new, existing or the id of one")
    return _go(history, event, leaving, region, wanted, bool(event.fields.get("protected")))


def _whole(history: History, leaving: list[str]) -> bool:
    household = household_of(history.latest(leaving[0]).body)
    return household is not None and set(history.members(household)) == set(leaving)


def _go(
    history: History, event: Event, leaving: list[str], region: str | None, wanted: str, protected: bool
) -> tuple[list[Change], dict[str, str]]:
    seed = history.options.seed
    rows = {record: history.latest(record) for record in leaving}
    for record, row in rows.items():
        person(record)
        if row.body["deathDate"] is not None:
            raise ValueError("the dead do not move")
    old = household_of(rows[leaving[0]].body)
    before = open_in(rows[leaving[0]].body, old)["address"]["region"] if old else places.CODES[0]
    rng = stream(seed, "event", event.kind, event.at, *sorted(leaving))
    household, address, head = _target(history, event, leaving, region or before, wanted, old, rng)
    left: set[str] = set()
    for record, row in rows.items():
        role = _role(history, record, head, household, row.body)
        ends = _ends(row.body, old)
        left |= ends - {household}
        _register(history, event, record, row, ends, (household, role, address))
        if protected:
            row.body["protection"] = {
                "grade": "strict", "since": event.day.isoformat(), "authority": authority(history, record),
            }  # fmt: skip
    changes = list(rows.values())
    for home in sorted(left):
        changes += _successors(history, event, home, set(leaving))
    if address["region"] != before:
        changes += [c for record in leaving if (c := _clinic(history, record, address["region"], rng)) is not None]
    for change in changes:
        change.version += 1
    return changes, {"household": household}


def _open(body: Body) -> list[str]:
    return [r["household"] for r in body["registrations"] if r["to"] is None]


def _target(
    history: History, event: Event, leaving: list[str], region: str, wanted: str, old: str | None, rng: random.Random
) -> tuple[str, Body, str]:
    """The household they come to, its address, its head."""
    if wanted.startswith("HH-"):
        members = history.members(wanted)
        if not members:
            raise ValueError("no such household")
        return wanted, open_in(history.latest(members[0]).body, wanted)["address"], members[0]
    flat = str(rng.randrange(1, 120)) if rng.random() < 0.6 else None
    address = Address(region, places.locality(rng, region), places.street(rng), str(rng.randrange(1, 180)), flat)
    if wanted == "existing":
        if old is None:
            raise ValueError("they live in no household")
        return old, address_body(address), next((m for m in history.members(old) if m in leaving), leaving[0])
    if wanted != "new":
        raise ValueError("household must be new, existing or the id of one")
    name = tag(history.options.seed, "household", event.kind, event.at, *sorted(leaving))
    return f"HH-E{name}", address_body(address), leaving[0]


def _role(history: History, record: str, head: str, household: str, body: Body) -> str:
    if household in _open(body):
        return str(open_in(body, household)["role"])
    if record == head:
        return "head"
    block, other = history.block(record), history.block(head)
    if block.number != other.number:
        return "other"
    home = Home(0, person(head), Address("", "", "", "", None))
    return homes.role(block, home, block.people[person(record)], block.today)


def _ends(body: Body, old: str | None) -> set[str]:
    """The households that the person leaves: the common one; a second home of a shared child stays."""
    households = set(_open(body))
    return {old} if old in households else households


def _register(
    history: History, event: Event, record: str, row: Change, ends: set[str], new: tuple[str, str, Body]
) -> None:
    """End what is left and begin the new registration; in a marker country with markers of its own."""
    household, role, address = new
    day, kept = event.day.isoformat(), []
    for registration in row.body["registrations"]:
        if registration["to"] is None and registration["household"] in ends:
            if registration["from"] >= day:
                continue
            registration["to"] = day
        kept.append(registration)
    own = dict(address)
    if history.options.markers:
        index = _MARKERS_FROM + row.version % 40
        own["street"], own["locality"] = (f(key_of(record), index) for f in (markers.street, markers.locality))
    kept.append({"household": household, "role": role, "address": own, "from": day, "to": None})
    row.body["registrations"] = kept


def _successors(history: History, event: Event, household: str, gone: set[str]) -> list[Change]:
    """Where the head has left, the spouse, else the oldest, becomes head; the others keep their roles."""
    members = history.members(household)
    stay = [m for m in members if m not in gone]
    if not stay or members[0] not in gone or open_in(history.latest(members[0]).body, household)["role"] != "head":
        return []
    rows = {record: history.latest(record) for record in stay}
    head = next((r for r in stay if open_in(rows[r].body, household)["role"] == "spouse"), stay[0])
    row = rows[head]
    registration = open_in(row.body, household)
    if registration["from"] >= event.day.isoformat():
        registration["role"] = "head"
    else:
        registration["to"] = event.day.isoformat()
        row.body["registrations"].append({**registration, "role": "head", "from": event.day.isoformat(), "to": None})
    return [row]


def _clinic(history: History, record: str, region: str, rng: random.Random) -> Change | None:
    """The patient's clinic in another region, where the health register knows the person."""
    try:
        row = history.latest(patient_of(record))
    except ValueError:
        return None
    name = wellbeing.clinic(rng, region)
    if history.options.markers:
        name = markers.clinic(key_of(record), row.version % 100)
    row.body["managingOrganization"] = {"display": name}
    return row


def authority(history: History, record: str) -> str:
    """Who grades; in a marker country the person's own marker."""
    return markers.word(key_of(record), markers.AUTHORITY) if history.options.markers else AUTHORITY
