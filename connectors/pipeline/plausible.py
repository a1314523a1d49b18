"""What of a person's claims can hardly be so. Pure: rules over a fold in hand and what is known of the parents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from domain.claims import ClaimKind
from domain.flags import LEAST_AGE, Doubt, Flag
from domain.ids import PersonId
from domain.links import LinkKind
from domain.records.fold import Folded, Held

LINEAGE = frozenset({LinkKind.PARENT_BIRTH, LinkKind.PARENT_ADOPTIVE})
"""The links by which somebody is another's ancestor."""
_MOST_PARENTS = 2
_MOTHER = "F"


class Vital(NamedTuple):
    """When somebody was born and died (ISO), and their sex; None where it is not known."""

    born: str | None
    died: str | None
    sex: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """A doubt and the claims it rests on: those of a link to `other` or to `far`, or those of an event."""

    doubt: Doubt
    other: PersonId | None = None
    far: tuple[str, str] | None = None
    category: str | None = None


def vital_of(folded: Folded) -> Vital:
    """The dates of a fold that rules look at."""
    born, sex = folded.value("identity", "birth_date"), folded.value("identity", "sex")
    return Vital(str(born) if born is not None else None, folded.death_date, str(sex) if sex is not None else None)


def alone(folded: Folded, today: str) -> Iterator[Found]:
    """What is doubtful by the person's own claims. `today`: the civil day (ISO)."""
    born, died = vital_of(folded)[:2]
    if born is not None and born > today:
        yield Found(Doubt.BORN_IN_FUTURE, category="identity")
    if died is not None and died > today:
        yield Found(Doubt.DIED_IN_FUTURE, category="civil_status")
    if born is not None and died is not None and died < born:
        yield Found(Doubt.DIED_BEFORE_BIRTH, category="civil_status")
    if len(folded.deaths) > 1:
        yield Found(Doubt.TWO_DEATHS, category="civil_status")
    if folded.itself:
        yield Found(Doubt.LINK_TO_SELF)
    for far in folded.nobody:
        yield Found(Doubt.LINK_TO_NOBODY, far=far)
    births = [link.other for link in folded.links if link.kind is LinkKind.PARENT_BIRTH]
    if len(births) > _MOST_PARENTS:
        for other in births:
            yield Found(Doubt.TOO_MANY_PARENTS, other=other)


def between(folded: Folded, vital: Callable[[PersonId], Vital | None]) -> Iterator[Found]:
    """What is doubtful between the person and a parent. `vital`: what is known of a parent."""
    born = vital_of(folded).born
    if born is None:
        return
    for link in folded.links:
        parent = vital(link.other) if link.kind in LINEAGE else None
        if parent is None:
            continue
        if parent.born is not None and parent.born >= born:
            yield Found(Doubt.PARENT_YOUNGER, other=link.other)
        elif parent.born is not None and link.kind is LinkKind.PARENT_BIRTH and born < _years_later(parent.born):
            yield Found(Doubt.PARENT_TOO_CLOSE, other=link.other)
        mother = link.kind is LinkKind.PARENT_BIRTH and parent.sex == _MOTHER
        if mother and parent.died is not None and parent.died < born:
            yield Found(Doubt.BORN_AFTER_MOTHERS_DEATH, other=link.other)


def _years_later(day: str) -> str:
    """The same day `LEAST_AGE` years on, as text that compares as days do (29 February may stay one)."""
    return f"{int(day[:4]) + LEAST_AGE:04d}{day[4:]}"


def records_of(
    found: Found, in_force: Sequence[Held], person: PersonId, others: Callable[[tuple[str, str]], PersonId | None]
) -> frozenset[Flag]:
    """The source records that a doubt rests on. `others`: who the far key of a link is."""
    return frozenset(
        Flag(found.doubt, held.body.source, held.body.record_id)
        for held in in_force
        if _rests_on(found, held, person, others)
    )


def _rests_on(found: Found, held: Held, person: PersonId, others: Callable[[tuple[str, str]], PersonId | None]) -> bool:
    body = held.body
    if found.category is not None:
        said = body.items if held.kind is ClaimKind.RECORD and body.category == found.category else ()
        wanted = "birth_date" if found.category == "identity" else "event_date"
        return any(wanted in item and (wanted == "birth_date" or item.get("event") == "death") for item in said)
    if held.kind is not ClaimKind.LINK or body.other is None:
        return False
    if found.far is not None:
        return body.other == found.far
    other = person if found.doubt is Doubt.LINK_TO_SELF else found.other
    return others(body.other) == other and (found.doubt is Doubt.LINK_TO_SELF or body.link in LINEAGE)
