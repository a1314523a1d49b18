"""The gate: one request's only way to people. It knows, reads, notes; what it refuses is never unsealed.

Every question is asked for all ids of a depth together, with empty lists too, so that hidden and nonexistent make the
same sequence of store calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from domain.clock import instant_text
from domain.entries import Act, Entry, Reach
from domain.errors import Code, Refused
from domain.ids import HouseholdId, KeyHash, PersonId
from domain.links import Family, LinkKind
from domain.principals import Mandate
from domain.records.catalogue import BY_NAME, KINSHIP, MEMBERSHIP
from domain.records.category import Category, Detail
from domain.records.identity import IDENTITY
from graph.shapes import Facts
from policy.activity import Activity, RootRead
from policy.decision import bits
from policy.decision.facts import Asking, Protections
from policy.decision.standing import standing as standing_of
from resolvers.gate.asked import Asked
from resolvers.gate.cursors import CallerNames, OutwardNames
from resolvers.gate.dwellings import on_day, residents, stated
from resolvers.gate.known import Known
from resolvers.gate.log_reading import LogReading
from resolvers.gate.moment import PRESENT, Moment
from resolvers.gate.notes import Notes
from resolvers.gate.opening import OpenMembership, OpenPerson
from resolvers.gate.ordering import Score, by_agreement
from resolvers.gate.parts import GateParts
from resolvers.gate.people import People
from resolvers.gate.protecting import Watch
from resolvers.gate.reaching import Reaching
from resolvers.gate.records import read_records
from resolvers.gate.relations import Relation, hop, relations
from resolvers.gate.showing import Showing
from resolvers.gate.stewarding import Stewarding
from resolvers.gate.subjects import around_of, protections_of, subject_of, unreadable_subject
from resolvers.gate.surroundings import Surroundings
from resolvers.gate.tie_sources import TieSources
from resolvers.gate.traits import traits
from resolvers.kin.traits import Trait, Traits
from vault.hashing import Hasher

SEARCH_LIMIT = 200
"""More candidates than this are answered as if there were none."""


class Attempts(Enum):
    """Who counts as reached for: those asked for one by one who stay hidden, everyone of the case, or nobody.

    Of the case also who is visible and merely stands past the page's end: who is looked at must not hang on who else
    is hidden, or protection of one would change the other's own log.
    """

    NONE = 0
    ON_CASE = 1
    ALL = 2


class Gate:
    """Bound to one mandate and one request; made by `admit` alone."""

    def __init__(
        self, parts: GateParts, mandate: Mandate, activity: Activity, surroundings: Surroundings, people: People
    ) -> None:
        self._parts = parts
        self._people = people
        self.mandate = mandate
        self.activity = activity
        self._around = surroundings
        outward = parts.ring.outward(mandate.principal.sector, parts.clock.now())
        self.names = CallerNames(outward, mandate.principal)
        self._outward = OutwardNames(outward, mandate.principal)
        self.notes = Notes()
        self.asked: Asked | None = None
        """What identifies the request in the log; set once its document is read."""
        self.altered: Entry | None = None
        """The entry of what the request altered, in the ledger already."""
        self.reviewed: frozenset[PersonId] = frozenset()
        """Whom the identity reviews are about that were opened so far."""
        self.stewarding = Stewarding(self, parts)
        self.log = LogReading(self, parts, self._outward)
        self._reaching = Reaching(self.notes, surroundings.case.people)
        self.watch = Watch(parts.docket)
        self.today: date = parts.clock.today()
        self.now: datetime = parts.clock.now()
        self.showing = Showing(parts.table, activity, PRESENT)

    async def at(self, as_of: datetime | None, on: date | None) -> Gate:
        """This gate, speaking of another moment: of what the graph knew at an instant, of what held on a day.

        It permits what this one does or less, and notes into the same notes. One store call where an instant is given.
        """
        if as_of is None and on is None:
            return self
        sequence = None if as_of is None else await self._parts.reader.sequence_at(instant_text(as_of))
        return self._speaking(Moment(sequence, on))

    def present(self) -> Gate:
        """This gate, speaking of now."""
        return self._speaking(PRESENT)

    def reaching(self, people: Iterable[Known]) -> Gate:
        """This gate, which a walk of today has let reach these people under the warrant."""
        return self._speaking(replace(self.moment, walked={known.person: known for known in people}))

    def _speaking(self, moment: Moment) -> Gate:
        other = copy(self)
        other.showing = Showing(self._parts.table, self.activity, moment)
        return other

    @property
    def moment(self) -> Moment:
        """Of which moment this gate speaks."""
        return self.showing.moment

    # --- whom the caller may know -------------------------------------------------------------------------------

    async def know(
        self,
        ids: Iterable[PersonId],
        *,
        facts: Facts | None = None,
        distance: int | None = None,
        attempts: Attempts = Attempts.NONE,
    ) -> dict[PersonId, Known]:
        """Those of the people whom the caller may know, by id. Who cannot be opened is known to nobody.

        `facts`: read already, by a hop. `distance`: in links from the subjects of the warrant, by a walk. `attempts`:
        who of them is noted as reached for.
        """
        asked = sorted(set(ids))
        known = {}
        for i, (one, standing) in (await self._standings(asked, facts, distance)).items():
            if one is not None and self._parts.table.know(self.activity, standing):
                known[i] = Known(one, standing)
            elif attempts is Attempts.ALL:
                self.notes.attempted([i])
            if attempts is not Attempts.NONE and standing & bits.ON_CASE:
                self.notes.attempted([i])
                self._reaching.meets_case()
        return known

    async def under_a_grade(self, ids: Iterable[PersonId]) -> frozenset[PersonId]:
        """Those of the ids that name somebody whom a grade reaches, or may reach; asked as `know` asks."""
        found = await self._standings(sorted(set(ids)), None, None)
        return frozenset(i for i, (one, standing) in found.items() if one is None or standing & bits.PROTECTED)

    async def _standings(
        self, asked: Sequence[PersonId], facts: Facts | None, distance: int | None
    ) -> dict[PersonId, tuple[OpenPerson | None, int]]:
        """Those of the ids that name somebody, opened as far as they can be, with how they stand to the caller."""
        if facts is None:
            facts = await self._people.facts(asked)
        else:
            self._people.met(asked, facts)
        opened = {i: one for i, shape in facts.people.items() if (one := self._people.whole(shape)) is not None}
        around = around_of(opened, facts, self._people, self.today)
        own_keys = {key for person in opened.values() for key in person.shape.keys}
        matters = await self.watch.protections(own_keys.union(*(one.keys for one in around.values())))
        reviewed = frozenset(shape.person for i, shape in facts.people.items() if i in self.reviewed)
        asking = self._asking(protections_of(matters), asked if distance is not None else [], distance or 0, reviewed)
        found: dict[PersonId, tuple[OpenPerson | None, int]] = {}
        for i in asked:
            if i in facts.people:
                one = opened.get(i)
                subject = subject_of(one, around[i], self.today) if one else unreadable_subject(facts.people[i])
                found[i] = (one, standing_of(asking, subject))
        return found

    def _asking(
        self, protections: Protections, walked: Iterable[PersonId], distance: int, reviewed: frozenset[PersonId]
    ) -> Asking:
        around = self._around
        return Asking(
            mandate=self.mandate,
            activity=self.activity,
            today=self.today,
            owner=around.owner,
            case=around.case,
            protections=protections,
            near=around.near,
            reached=dict.fromkeys(walked, distance),
            reviewed=reviewed,
        )

    async def find(self, nationals: Sequence[KeyHash]) -> tuple[PersonId, ...]:
        """People to whom a national id was stated, before any decision; hand them to `know`."""
        self.notes.did(Act.SEARCH)
        found = await self._parts.reader.find(nationals)
        return tuple(dict.fromkeys(person for key in nationals for person in found.get(key, ())))

    async def search(self, keys: Sequence[KeyHash]) -> tuple[PersonId, ...]:
        """People under any of the search keys; none if there are more than SEARCH_LIMIT."""
        self.notes.did(Act.SEARCH)
        found = await self._parts.reader.search(keys, SEARCH_LIMIT)
        return found if len(found) <= SEARCH_LIMIT else ()

    async def residents(self, households: Sequence[HouseholdId]) -> dict[HouseholdId, tuple[PersonId, ...]]:
        """Everyone ever in the households, as known at the moment; `dwellings` tells who was on its day."""
        return await residents(self._parts.reader, self.moment, households)

    async def step(
        self, frontier: Iterable[PersonId], kinds: frozenset[LinkKind], distance: int
    ) -> tuple[Relation, ...]:
        """One step of a walk: links from the frontier to people whom the caller may know, `distance` from its start.

        At another moment no distance counts under a warrant: whom it reaches is what a walk of today told (`reaching`).
        """
        now = self.moment is PRESENT
        links, facts = await hop(self._parts.reader, self.moment, frontier, kinds)
        far = {link.other for link in links}
        reached = distance if self.mandate.warrant and now else None
        known = await self.know(far, facts=facts, distance=reached, attempts=Attempts.ON_CASE)
        if now:
            return relations(links, known, self._parts.opener, self.today)
        known.update((person, self.moment.walked[person]) for person in far & self.moment.walked.keys())
        told = {person: one for person, one in known.items() if self.permits(one, KINSHIP.name)}
        dated = frozenset(person for person, one in told.items() if self.showing.unions(one))
        return relations(links, told, self._parts.opener, self.moment.day(self.today), dated)

    @property
    def tie_sources(self) -> TieSources:
        """Where memberships and links came from, as of the moment."""
        return TieSources(self, self._parts, self._outward)

    def reach_for_family(self) -> None:
        """The caller asks for kin or households."""
        self._reaching.asks_for_family()

    def walkable(self, starts: Sequence[Known]) -> list[Known]:
        """Those from whom the caller may walk: under a warrant its subjects, else everyone they know; at another moment
        those whose kinship at that moment they may be told."""
        warrant = self.mandate.warrant
        if self.moment is not PRESENT:
            starts = [known for known in starts if self.permits(known, KINSHIP.name)]
        if warrant is None:
            return list(starts)
        return [known for known in starts if not warrant.subjects.isdisjoint(known.open.shape.keys)]

    async def dwellings(self, people: Sequence[Known]) -> dict[PersonId, tuple[OpenMembership, ...]]:
        """The memberships in force on the moment's day, as known then, of those whose membership the caller may see."""
        stays = await stated(self._parts, self.moment, people)
        here = [known.person for known in people if self.permits(known, MEMBERSHIP.name)]
        return {person: on_day(stays, person, self.moment.day(self.today)) for person in here}

    @property
    def walks_in_the_past(self) -> bool:
        """Whether a walk needs one of today before it: whom a warrant reaches is decided by today's links."""
        return self.moment is not PRESENT and self.mandate.warrant is not None

    def walk_depth(self, depth: int) -> int:
        """How far a walk may go, of the depth that was asked for."""
        warrant = self.mandate.warrant
        return depth if warrant is None else min(depth, warrant.depth)

    def walk_families(self) -> frozenset[Family]:
        """Over which families of links a walk may go."""
        warrant = self.mandate.warrant
        return frozenset(Family) if warrant is None else frozenset(f for f in Family if f.value in warrant.families)

    async def sequence(self) -> int:
        """The graph's newest sequence, for the entry of what was read."""
        return await self._parts.reader.sequence()

    def gone(self, ids: Iterable[PersonId]) -> frozenset[PersonId]:
        """Those of the ids, all asked about before, that name nobody."""
        return self._people.absent(ids)

    def look_anew(self) -> None:
        """Forget what was read: it was altered by the request itself."""
        self._people = People(self._parts.reader, self._parts.opener)
        self.watch = Watch(self._parts.docket)

    async def unchanged(self) -> bool:
        """The last look: whether the docket still says what it said of everyone, and the graph who they are."""
        kept = await self.watch.unchanged()
        return await self._people.unchanged() and kept

    def own(self) -> list[PersonId]:
        """The caller's own person, where there is one."""
        return [self._around.owner.person] if self._around.owner is not None else []

    # --- what the caller may read -------------------------------------------------------------------------------

    def permitted(self, known: Known, category: Category, wanted: Iterable[str]) -> tuple[frozenset[str], Detail]:
        """The wanted outward fields of a category that the caller may see of this person, and at which detail."""
        return self.showing.fields(known, category, wanted)

    def disclose(self, known: Known, category: str, wanted: Iterable[str]) -> frozenset[str]:
        """Permit and note fields of a category that is computed (membership, kinship)."""
        fields, detail = self.permitted(known, BY_NAME[category], wanted)
        if fields:
            told = fields | self.moment.decides_by(BY_NAME[category])
            self.notes.disclosed(known.person, category, told, detail)
        return fields

    def permits(self, known: Known, category: str) -> bool:
        """Whether the caller may see anything of a category that is computed."""
        return self.showing.anything(known, BY_NAME[category])

    def on_case(self, known: Known) -> bool:
        """Whether the person stands on the caller's case."""
        return bool(known.standing & bits.ON_CASE)

    def contact(self, known: Known) -> str | None:
        """Whom to contact about somebody under a grade whose location is withheld; told to cleared roles alone."""
        withheld = not self._parts.table.read(self.activity, "residence", known.standing).locating
        if self.activity.cleared and withheld and known.standing & bits.PROTECTED:
            self.notes.disclosed(known.person, "contact", {"contact_unit"}, Detail.FULL)
            return self._parts.contact_unit
        return None

    def may(self, act: RootRead) -> bool:
        """Whether the activity lists this act. What lies below another read is empty without it, as what is denied."""
        return act in self.activity.acts

    def require(self, act: RootRead) -> None:
        """Raises Refused if the activity does not list this act, and notes that it was tried."""
        if not self.may(act):
            self.notes.refused(act)
            raise Refused(Code.ACTIVITY_REFUSED, field="Kindred-Activity", fix="name_an_activity_with_this_act")

    @property
    def hasher(self) -> Hasher:
        """Keyed hashes of what the caller asked with."""
        return self._parts.ring.hasher

    async def traits(self, people: Sequence[Known]) -> Mapping[PersonId, Traits]:
        """What terms of kin may rest on, of each of the people, as of the moment. What of it is told, and only that, is
        noted by `tell`. Two store calls where an instant was named."""
        return await traits(self, self._parts, people)

    def tell(self, known: Known, trait: Trait) -> None:
        """Note that a term of kin, whoever's it is, tells this of a person."""
        _, detail = self.permitted(known, IDENTITY, ())
        self.notes.shown(known.person, Reach.OPENED if self.on_case(known) else Reach.LISTED)
        self.notes.disclosed(known.person, IDENTITY.name, {trait.value}, detail)

    def today_of(self, person: PersonId) -> PersonId:
        """Whom an id that `know` was asked about names today: another, where it was merged."""
        return self._people.today_of(person)

    # --- what the caller learns --------------------------------------------------------------------------------

    def show(self, known: Known, reach: Reach) -> str:
        """Note that the caller learns of this person; their outward id.

        Whoever is on the case was asked for by naming it, by whatever list they were found.
        """
        self.notes.shown(known.person, Reach.OPENED if self.on_case(known) else reach)
        return self._outward.person(known.person)

    def show_household(self, household: HouseholdId) -> str:
        """Note that the caller learns that somebody visible is of this household; its outward id."""
        self.notes.told = True
        return self._outward.household(household)

    def count(self, people: Sequence[object]) -> None:
        """Note that the caller learns how many of them there are, whoever of them stands on the page."""
        self.notes.told |= bool(people)

    async def read(
        self, people: Sequence[Known], wanted: Mapping[str, frozenset[str]]
    ) -> dict[PersonId, dict[str, list[Any]]]:
        """Masked views of records: person → category → items, with the wanted fields that are permitted, noted.

        One store call whatever is permitted, one more where provenance is wanted, one more at another recorded moment.
        A category of which nothing is permitted is absent, as is one of which nothing is known.
        """
        return await read_records(self, self._parts, self._outward, people, wanted)

    async def by_agreement(self, people: Sequence[Known], category: str, score: Score) -> list[Known]:
        """The people, those first who agree best by what the caller may read; see `resolvers/gate/ordering.py`."""
        return await by_agreement(self._parts, self.permitted, people, BY_NAME[category], score)
