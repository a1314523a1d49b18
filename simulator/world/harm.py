"""Domestic violence: reports, counter-reports, and the grades over addresses that follow some of them."""

from __future__ import annotations

from simulator.texts import places
from simulator.world import homes, rates
from simulator.world.model import Incident, Person, Protection, Union
from simulator.world.state import YEAR, State

AUTHORITY = "Отбасылық зорлық-зомбылыққа қарсы бөлім"
_TEXTS = (
    "Түнгі шақыру, көршілер хабарлаған", "Словесные угрозы, вызов на дом", "Дене жарақаты, дәрігер куәландырған",
    "Ұрыс кезінде күш қолдану", "Конфликт при передаче ребёнка", "Повторный вызов, угрозы по телефону",
)  # fmt: skip


def give_harm(state: State) -> None:
    """Incidents of the last five years among couples; the graded move away with their minor children."""
    block, rng = state.block, state.rng
    since = block.today - int(5 * YEAR)
    for union in list(block.unions):
        last = block.today if union.end is None else union.end
        both = block.lives(block.people[union.wife]) and block.lives(block.people[union.husband])
        if not both or last < since or rng.random() >= rates.REPORT_IN_FIVE_YEARS:
            continue
        _incident(state, union, rng.randrange(max(since, union.start), last + 1))
    for person in block.people.values():
        if block.lives(person) and person.protection is None and rng.random() < rates.GRADED_OTHERWISE:
            person.protection = Protection("confidential", block.today - rng.randrange(30, 2000), AUTHORITY)


def _incident(state: State, union: Union, day: int) -> None:
    block, rng = state.block, state.rng
    reporter, alleged = union.wife, union.husband
    if rng.random() >= rates.WOMAN_REPORTS:
        reporter, alleged = alleged, reporter
    children = _minor_children(state, union, day)
    first = len(block.incidents) + 1
    status = rng.choices(tuple(rates.STATUS), tuple(rates.STATUS.values()))[0]
    block.incidents.append(Incident(first, reporter, alleged, children, day, status, rng.choice(_TEXTS)))
    if rng.random() < rates.COUNTER_REPORT:
        later = min(block.today, day + rng.randrange(1, 60))
        block.incidents.append(
            Incident(first + 1, alleged, reporter, children, later, "reported", rng.choice(_TEXTS), first)
        )
    if rng.random() < rates.GRADED_AFTER_REPORT:
        grade = "strict" if rng.random() < rates.STRICT else "confidential"
        protect(state, min(block.today, day + rng.randrange(1, 30)), reporter, children, grade)


def _minor_children(state: State, union: Union, day: int) -> list[int]:
    people = state.block.people
    both = set(people[union.wife].children) & set(people[union.husband].children)
    return [n for n in sorted(both) if state.alive(n, state.block.today) and state.block.age(people[n], day) < 18]


def protect(state: State, day: int, number: int, children: list[int], grade: str) -> None:
    """The person and the minor children at the same home get the grade and move to a home of their own."""
    block, rng = state.block, state.rng
    home = homes.of(block, number)
    if home is None:
        return
    still = [n for n in children if n in home.members and block.age(block.people[n]) < 18]
    day = max(day, *(s.start + 1 for n in (number, *still) for s in block.people[n].stays))
    if day > block.today:
        day = block.today
    partner = block.people[number].union_on(block.today)
    if partner is not None and partner.other(number) in home.members:
        region = home.address.region if rng.random() < 0.6 else places.region(rng)
        new = homes.found(state, day, number, region)
        for child in still:
            homes.join(state, day, child, new)
    for each in (number, *still):
        _grade(block.people[each], grade, day)


def _grade(person: Person, grade: str, day: int) -> None:
    person.protection = Protection(grade, day, AUTHORITY)
