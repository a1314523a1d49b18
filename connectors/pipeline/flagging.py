"""Fifth stage: what accepted claims say that can hardly be so, and what was flagged before and is put right now.

It looks only where something changed: at people whose claims grew; at those whom an open flag ties to them; and at the
children of people whose dates changed. For everyone else what was found before still holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from connectors.parts import Keeping
from connectors.pipeline.ancestry import circles
from connectors.pipeline.candidates import Known, brought, vitals
from connectors.pipeline.deciding import Verdict
from connectors.pipeline.folding import After
from connectors.pipeline.opened import Opened
from connectors.pipeline.pace import Pace
from connectors.pipeline.plausible import LINEAGE, Found, Vital, alone, between, records_of, vital_of
from domain.claims import ClaimKind
from domain.flags import BETWEEN, LOOK_AGAIN, Doubt, Flag, Flagged
from domain.ids import KeyHash, PersonId, SourceKey
from domain.records.fold import Held, fold_newest, newest

_WANTED = frozenset({"identity"})
MOST_IN_CIRCLES = 1_000
"""People in circles of parents who are flagged with one page; the rest are when their own records come again."""


class Flags:
    """What a page changes. `first`: to be written before the graph, where nothing is struck off yet, for the page may
    be cut short and come again; `then`: to be written after it. `raised`, `cleared`: how many flags came and went.
    """

    def __init__(self, mark: KeyHash) -> None:
        self._mark = mark
        self.first: list[Flagged] = []
        self.then: list[Flagged] = []
        self.raised = self.cleared = 0

    def add(self, before: Flagged | None, now: Flagged) -> None:
        """A person whose flags were looked at."""
        old = frozenset(before.flags if before is not None else ())
        gone = old.difference(now.flags)
        self.raised += len(frozenset(now.flags) - old)
        self.cleared += len(gone)
        if gone and before is not None:
            flags, keys = tuple(sorted(old.union(now.flags))), dict.fromkeys((*before.keys, *now.keys, self._mark))
            self.first.append(Flagged(now.person, flags, tuple(keys)))
            self.then.append(now)
        elif before is None or old != frozenset(now.flags) or frozenset(before.keys) != frozenset(now.keys):
            self.first.append(now)


class Flagging:
    """Flags for one page. `known` is what the page was decided and folded with; it grows by those it ties to."""

    def __init__(self, parts: Keeping, known: Known) -> None:
        self._parts = parts
        self._known = known
        self._today = parts.clock.today().isoformat()
        self._mark = KeyHash(parts.ring.hasher.label(*LOOK_AGAIN))
        self._pace = Pace()

    async def healed(self, verdict: Verdict) -> frozenset[PersonId]:
        """People who are flagged for a link to nobody, where the page decides who that is; they are taken in hand.

        So are those whose flags an earlier page was about to strike off when it was cut short.
        """
        decided = [self._known.keys[key] for key in verdict.decisions]
        people = await self._parts.docket.flags_about([*decided, self._mark])
        await brought(self._parts, self._known, people)
        return frozenset(person for person in people if person in self._known.people)

    async def raised(self, after: Mapping[PersonId, After], joined: Collection[PersonId] = ()) -> Flags:
        """Everyone whose flags change, with all their flags as they are now. `joined`: people who were made one or
        parted, so that other dates may be theirs though nothing was added."""
        dates = [person for person, one in after.items() if person in joined or self._dates_changed(person, one)]
        lineage = [person for person, one in after.items() if _lineage_changed(one, self._known.people.get(person))]
        seen = dict(after) | await self._tied(after, dates, lineage)
        rounds = await self._rounds(seen, [*lineage, *(person for person in seen if person not in after)])
        seen |= await self._seen([person for person in rounds if person not in seen])
        pairs = dict.fromkeys((*dates, *lineage, *(person for person in seen if person not in after)))
        found = {person: set(alone(one.folded, self._today)) for person, one in seen.items()}
        lives = await self._lives(seen, pairs)
        for person in pairs:
            found[person].update(between(seen[person].folded, lives.get))
        for person, above in rounds.items():
            found[person].update(Found(Doubt.OWN_ANCESTOR, other=other) for other in above)
        found = await self._but_erased(found)
        stored = await self._parts.docket.flags(list(seen))
        flags = Flags(self._mark)
        for person in seen:
            before = stored.get(person)
            if before is not None or found[person]:
                kept = before.flags if before is not None and person not in pairs else ()
                flags.add(before, self._now(person, seen[person], found[person], kept, rounds))
            await self._pace.breathe()
        return flags

    async def struck_off(self) -> None:
        """What a page that was cut short, or an erasure, left to be looked at again: struck off now, if it is put
        right, or if nobody is there any more."""
        waiting = await self._parts.docket.flags_about([self._mark])
        after = await self._seen(await self.healed(Verdict()))
        gone = [Flagged(person, ()) for person in waiting if person not in self._known.people]
        if waiting:
            flags = await self.raised(after)
            await self._parts.docket.intake((), (), [*flags.first, *flags.then, *gone])

    async def _but_erased(self, found: Mapping[PersonId, set[Found]]) -> dict[PersonId, set[Found]]:
        """Without the doubts that a link leads to nobody where it led to somebody who was erased."""
        hashed = self._parts.ring.hasher.source_key
        far = {one.far: hashed(SourceKey(*one.far)) for each in found.values() for one in each if one.far is not None}
        marked = await self._parts.reader.suppressed(list(far.values())) if far else frozenset[KeyHash]()
        return {
            person: {one for one in each if one.far is None or far[one.far] not in marked}
            for person, each in found.items()
        }

    # ── whom to look at ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _tied(
        self, after: Mapping[PersonId, After], dates: Sequence[PersonId], lineage: Sequence[PersonId]
    ) -> dict[PersonId, After]:
        """People beside the page: flagged together with somebody who changed, or children of one whose dates did."""
        known = self._known.people
        changed = [known[person] for person in dict.fromkeys((*dates, *lineage)) if person in known]
        tied: set[PersonId] = set()
        if changed:
            found = await self._parts.docket.flags_about([key for one in changed for key in one.keys])
            tied.update(found)
            circles = [one for one in found.values() if any(f.doubt is Doubt.OWN_ANCESTOR for f in one.flags)]
            if circles:
                tied.update(await self._parts.docket.flags_about([key for one in circles for key in one.keys]))
        parents = [person for person in dates if person in known]
        if parents:
            ties = await self._parts.reader.ties(parents, LINEAGE)
            tied.update(tie.other for tie in ties if not tie.outgoing)
        return await self._seen(tied - after.keys())

    async def _seen(self, people: Iterable[PersonId]) -> dict[PersonId, After]:
        """People who are not of the page, folded as they stand."""
        wanted = list(people)
        await brought(self._parts, self._known, wanted)
        others = {(key.agency, key.source_id): person for key, person in self._known.owners.items()} if wanted else {}
        seen = {}
        for person in wanted:
            if person in self._known.people:
                in_force = newest(self._known.people[person].claims)
                seen[person] = After(fold_newest(in_force, others, person, _WANTED), in_force)
            await self._pace.breathe()
        return seen

    def _dates_changed(self, person: PersonId, one: After) -> bool:
        """Whether a known person's dates of birth or death may be others now than before the page."""
        opened = self._known.people.get(person)
        if opened is None or not one.added:
            return False
        records = {(held.body.source, held.body.record_id) for held in one.added}
        said = (h for h in (*one.added, *opened.claims) if (h.body.source, h.body.record_id) in records)
        if any(held.kind is ClaimKind.RETRACTION or _tells_death(held) for held in said):
            return True
        born = {str(day) for held in opened.claims for day in _births(held)}
        return born != {vital_of(one.folded).born} and bool(born or vital_of(one.folded).born)

    async def _lives(self, seen: Mapping[PersonId, After], people: Collection[PersonId]) -> Mapping[PersonId, Vital]:
        """The dates of the parents of these people."""
        parents = {link.other for person in people for link in seen[person].folded.links if link.kind in LINEAGE}
        lives = {person: vital_of(seen[person].folded) for person in parents if person in seen}
        return lives | await vitals(self._parts, parents - lives.keys())

    async def _rounds(
        self, seen: Mapping[PersonId, After], people: Sequence[PersonId]
    ) -> Mapping[PersonId, Sequence[PersonId]]:
        """Who of them is their own ancestor, with the parents through whom. Somebody without children cannot be."""
        in_hand = {person: _parents(one) for person, one in seen.items()}
        having = {parent for above in in_hand.values() for parent in above}
        asked = [
            person for person in people if person not in having and person in self._known.people and in_hand[person]
        ]
        if asked:
            having.update(tie.person for tie in await self._parts.reader.ties(asked, LINEAGE) if not tie.outgoing)
        start = [person for person in people if person in having and in_hand[person]]
        found = await circles(self._parts.reader, start, in_hand) if start else {}
        return {person: found[person] for person in list(found)[:MOST_IN_CIRCLES]}

    # ── what to write ────────────────────────────────────────────────────────────────────────────────────────────────

    def _now(
        self,
        person: PersonId,
        one: After,
        found: Collection[Found],
        kept: Iterable[Flag],
        rounds: Mapping[PersonId, Sequence[PersonId]],
    ) -> Flagged:
        """All flags of a person. `kept`: those of before, of which the ones between people were not looked at again.

        Keys: the person's own, those that doubtful links lead to, and one for all who are in the same circle.
        """
        flags = {flag for flag in kept if flag.doubt in BETWEEN}
        others = {doubt.other for doubt in found if doubt.other is not None}
        far = {doubt.far for doubt in found if doubt.far is not None}
        keys = dict.fromkeys(held.key for held in one.in_force)
        for doubt in found:
            flags |= records_of(doubt, one.in_force, person, self._owner)
        for held in one.in_force:
            to = held.body.other
            if to is not None and (to in far or self._owner(to) in others):
                keys[self._parts.ring.hasher.source_key(SourceKey(*to))] = None
        if person in rounds:
            keys[KeyHash(self._parts.ring.hasher.label("flags of a circle", str(min(rounds))))] = None
        return Flagged(person, tuple(sorted(flags)), tuple(keys))

    def _owner(self, key: tuple[str, str]) -> PersonId | None:
        return self._known.owners.get(SourceKey(*key))


def _parents(one: After) -> Sequence[PersonId]:
    return [link.other for link in one.folded.links if link.kind in LINEAGE]


def _lineage_changed(one: After, opened: Opened | None) -> bool:
    """Whether the page says anything of whose child somebody is, or takes back what was said; a healed link too."""
    if not one.added:
        return True
    records = {(held.body.source, held.body.record_id) for held in one.added}
    before = opened.claims if opened is not None else ()
    return any(
        held.body.link in LINEAGE
        for held in (*one.added, *before)
        if (held.body.source, held.body.record_id) in records
    )


def _births(held: Held) -> Iterator[str | int | bool]:
    if held.body.category == "identity":
        yield from (item["birth_date"] for item in held.body.items if "birth_date" in item)


def _tells_death(held: Held) -> bool:
    return held.body.category == "civil_status" and any(item.get("event") == "death" for item in held.body.items)
