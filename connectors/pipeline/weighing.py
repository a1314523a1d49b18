"""Whom evidence without a national id is about, by weight: docs/reference/identity.md, rule 4. No I/O.

Statements are held for one page, in clear, and only if something on the page has to be weighed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from connectors.agencies.catalogue import SOURCES
from connectors.pipeline.hidden import NOBODY, Hidden
from domain.claims import Address, Claim, ClaimKind, Evidence
from domain.ids import KeyHash, PersonId
from domain.matching import PROTECTED, Candidate, Proposal
from domain.records.fold import Held
from identity.blocking import compounds, sought
from identity.describing import Described, Place, described, of_evidence, place
from identity.model import Model
from identity.weighing import Weighed

NO_ID = "NO_ID"
ID_CONFLICT = "ID_CONFLICT"
MOST_CANDIDATES = 64
"""If more people share a compound with a claim nobody is matched without a human."""
PLACING = frozenset(agency.name for agency in SOURCES.values() if agency.places)
"""The sources that say where people live, or whose kin they are."""
_SHOWN = 8
"""How many candidates a human is shown."""
_Ranked = tuple[PersonId, Weighed]
_STATED = ("surname", "given_name", "patronymic", "birth_surname", "birth_date", "sex")


@dataclass(slots=True)
class Profile:
    """What is known of a person: every statement ever made, and every place; the hashes that protection hangs on;
    whether a source that places people ever spoke of them (`placed`)."""

    statements: dict[Described, None] = field(default_factory=dict)
    places: set[Place] = field(default_factory=set)
    keys: set[KeyHash] = field(default_factory=set)
    placed: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What evidence came to: `person` where it is matched, else None. `asked`: what a human is asked. `held`: the row
    waits for the answer; if not, and nobody is matched, it is about somebody new."""

    person: PersonId | None = None
    asked: tuple[Proposal, ...] = ()
    held: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """Whom a side of a report is or may be, and what cleared stewards are asked where it is not sure."""

    people: tuple[PersonId, ...]
    asked: Proposal | None = None


def is_enough(evidence: Evidence) -> bool:
    """Whether evidence can be weighed at all: two names and a birth date. A number alone, or a name alone, cannot."""
    stated = of_evidence(evidence)
    return bool(stated.surname and stated.given_name and stated.birth_date)


def keys_of(evidence: Evidence) -> frozenset[str]:
    """The compounds under which those whom the evidence may be about are found."""
    return sought(of_evidence(evidence))


class Weighing:
    """The people in hand, by what they share with claims.

    `hidden`: who of them is under protection. `crowded`: compounds under which there are too many to have in hand. Not
    `active`: nothing on the page has to be weighed, and nobody is described.
    """

    def __init__(
        self, model: Model, hidden: Hidden = NOBODY, crowded: Collection[str] = (), active: bool = True
    ) -> None:
        self._model = model
        self._own = set(hidden.own)
        self._protected = self._own | hidden.by_others
        self._crowded = frozenset(crowded)
        self._active = active
        self._people: dict[PersonId, Profile] = {}
        self._sharing: dict[str, dict[PersonId, None]] = {}

    def know(self, person: PersonId, claims: Iterable[Held], keys: Iterable[KeyHash]) -> None:
        """Somebody who was known before the page, by their claims."""
        if self._active:
            profile = self._profile(person)
            profile.keys.update(keys)
            known = tuple(claims)
            self._state(person, profile, statements_of(known))
            for held in known:
                profile.places.update(places_of(held.body.category, held.body.items))
                profile.placed |= held.body.source in PLACING

    def learn(self, person: PersonId, evidence: Evidence, claims: Iterable[Claim], keys: Iterable[KeyHash]) -> None:
        """What an accepted row says of a person."""
        if self._active:
            profile = self._profile(person)
            profile.keys.update(keys)
            profile.placed |= evidence.key.agency in PLACING
            self._state(person, profile, [replace(of_evidence(evidence), places=frozenset())])
            for claim in claims:
                if claim.key == evidence.key and claim.kind is ClaimKind.RECORD:
                    profile.places.update(places_of(claim.body.category, claim.body.items))

    def guard(self, key: KeyHash) -> None:
        """From here on a grade hangs on whoever has this key."""
        self._own.add(key)
        self._protected.add(key)

    def find(self, evidence: Evidence, others: Collection[PersonId] = (), *, places: bool = False) -> Found:
        """Whom evidence without a national id is about; it is none of `others`, by its source's own word.

        What is found is what would be if nobody under protection were known; if one of them may be meant, cleared
        stewards are asked beside it. Only where the row `places` people it is then about somebody new: where she lives
        must stand on nobody else's card. Any other row is matched with nobody whom no such source ever spoke of: else
        whoever feeds the hub could set up a namesake there, and wait for what comes in about her.

        Somebody whom a grade only reaches by others, who is sure and alone, is matched as ever: nobody is shown
        anything by it, and their own account would lack the row from the day of the grade.
        """
        near, crowded = self._near(evidence, others)
        openly = [one for one in near if not self._is_protected(one[0])]
        others_meant = self._plausible(openly)
        if not crowded and not others_meant and self._is_matched_as_ever(near, places):
            return Found(near[0][0])
        plausible = self._plausible(near)
        hidden = any(self._is_protected(person) for person, _ in plausible)
        asked: tuple[Proposal, ...] = ()
        if hidden and (self._is_protected(near[0][0]) or not self._sure(near)):
            asked = (self._proposal(evidence, PROTECTED, plausible, cleared=True),)
            if places:
                return Found(asked=asked)
        if crowded:
            return Found(asked=(self._proposal(evidence, NO_ID, ()), *asked), held=True)
        if self._may_match(openly, places):
            return Found(openly[0][0], asked)
        if others_meant:
            return Found(asked=(self._proposal(evidence, NO_ID, others_meant), *asked), held=True)
        return Found(asked=asked)

    def about(self, evidence: Evidence) -> Side:
        """Whom a side of a protective report is: protection hides nobody there. Where it is not sure it is everyone
        whom it may be, until cleared stewards say who. Of a number alone nothing can be said: there is nobody to
        choose from."""
        if not is_enough(evidence):
            return Side(())
        near, crowded = self._near(evidence)
        plausible = self._plausible(near)
        if plausible and not crowded and self._sure(near):
            return Side((near[0][0],))
        return Side(tuple(person for person, _ in plausible), self._proposal(evidence, NO_ID, plausible, cleared=True))

    def conflict(self, evidence: Evidence, people: Iterable[PersonId]) -> Proposal:
        """What a human is asked where a national id and what is known under it do not agree, or two of a row are one;
        with candidates as far as they are in hand."""
        ranked = self._ranked(of_evidence(evidence), people)
        cleared = any(self._is_protected(person) for person, _ in ranked)
        return self._proposal(evidence, ID_CONFLICT, ranked, cleared=cleared)

    def keys(self, person: PersonId) -> tuple[KeyHash, ...]:
        """The hashes of all source keys and national ids of somebody in hand."""
        return tuple(sorted(self._people[person].keys))

    def _near(self, evidence: Evidence, others: Collection[PersonId] = ()) -> tuple[list[_Ranked], bool]:
        """Who shares a compound with it, best first; whether there are too many to tell, and then only those of them
        who are under protection. They do not count here: nobody is to learn of them by how many there are. Among those
        who are looked up together they do (`crowded`), for who is under protection is known of people in hand alone."""
        claim = of_evidence(evidence)
        shared = sought(claim)
        people = {person for compound in shared for person in self._sharing.get(compound, ())}.difference(others)
        under = {person for person in people if self._is_protected(person)}
        crowded = len(people) - len(under) > MOST_CANDIDATES or not self._crowded.isdisjoint(shared)
        return self._ranked(claim, under if crowded else people), crowded

    def _plausible(self, ranked: Iterable[_Ranked]) -> list[_Ranked]:
        return [one for one in ranked if one[1].weight >= self._model.thresholds.review]

    def _sure(self, ranked: Sequence[_Ranked]) -> bool:
        """Whether it is the first of these for sure: above the threshold, far ahead, and nothing speaks against."""
        if not ranked:
            return False
        limits, best = self._model.thresholds, ranked[0][1]
        ahead = len(ranked) < 2 or best.weight - ranked[1][1].weight >= limits.margin
        return best.weight >= limits.match and ahead and not best.contradicted

    def _may_match(self, ranked: Sequence[_Ranked], places: bool) -> bool:
        return self._sure(ranked) and (places or self._people[ranked[0][0]].placed)

    def _is_matched_as_ever(self, ranked: Sequence[_Ranked], places: bool) -> bool:
        """Whether the first of these is under protection by others alone, and matched without it."""
        if not self._may_match(ranked, places):
            return False
        keys = self._people[ranked[0][0]].keys
        return self._own.isdisjoint(keys) and not self._protected.isdisjoint(keys)

    def _profile(self, person: PersonId) -> Profile:
        return self._people.setdefault(person, Profile())

    def _state(self, person: PersonId, profile: Profile, statements: Iterable[Described]) -> None:
        for one in statements:
            if one not in profile.statements:
                profile.statements[one] = None
                for compound in compounds([one]):
                    self._sharing.setdefault(compound, {})[person] = None

    def _ranked(self, claim: Described, people: Iterable[PersonId]) -> list[_Ranked]:
        weighed = [(person, self._weighed(claim, self._people[person])) for person in people if person in self._people]
        return sorted(weighed, key=lambda one: (-one[1].weight, one[0]))

    def _weighed(self, claim: Described, profile: Profile) -> Weighed:
        places = frozenset(profile.places)
        statements = [replace(one, places=places) for one in profile.statements] or [Described()]
        return max((self._model.scale.weigh(claim, one) for one in statements), key=lambda one: one.weight)

    def _is_protected(self, person: PersonId) -> bool:
        return not self._protected.isdisjoint(self._people[person].keys)

    def _proposal(self, evidence: Evidence, reason: str, ranked: Iterable[_Ranked], cleared: bool = False) -> Proposal:
        candidates = tuple(
            Candidate(person, one.weight, one.probability, one.comparisons) for person, one in list(ranked)[:_SHOWN]
        )
        return Proposal(evidence.key, reason, candidates, self._model.version, cleared)


Item = dict[str, str | int | bool]


def statements_of(claims: Iterable[Held]) -> list[Described]:
    """Who claims say that their person is, each statement once: most of a person's rows say the same."""
    items = (item for held in claims if held.body.category == "identity" for item in held.body.items)
    stated = dict.fromkeys(tuple([_text(item, name) for name in _STATED]) for item in items)
    return [described(values[0], values[1], values[2], values[3], values[4], values[5]) for values in stated]


def places_of(category: str | None, items: Iterable[Item]) -> list[Place]:
    """Where a claim says that its person lives or lived."""
    if category != "residence":
        return []
    parts = ("region", "locality", "street", "house")
    return [place(Address(*(_text(item, name) for name in parts))) for item in items]


def _text(item: Item, name: str) -> str | None:
    value = item.get(name)
    return value if isinstance(value, str) else None
