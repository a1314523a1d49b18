"""Telling what somebody is to somebody: the fields of kin that a selection names, and what they tell of whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from domain.ids import PersonId
from domain.texts import Language, Texts, load_texts
from domain.wanted import Wanted
from resolvers.gate.gate import Gate
from resolvers.gate.known import Known
from resolvers.kin.naming import Kinship
from resolvers.kin.traits import Told, Traits

TERMS: Mapping[str, Texts] = {language.value: load_texts("kin", language) for language in Language}
"""Kin terms of each language, loaded once."""

WORKED_OUT = frozenset({"kind", "civil_degree", "line", "side", "full", "term"})
"""Fields of kin that are worked out from the whole way, not from its last link."""


_BY_TRAITS = frozenset({"side", "term"})
"""Fields that may rest on sex and birth of the people on the way."""


class Telling:
    """Tells kin of one walk. `people`: everyone it met, its starts too. What it is to tell it must `learn` first."""

    def __init__(self, gate: Gate, people: Mapping[PersonId, Known]) -> None:
        self._gate = gate
        self._people = people
        self._traits: Mapping[PersonId, Traits] = {}

    async def learn(self, kinships: Iterable[Kinship], selection: Wanted) -> None:
        """Sex and birth of everyone on these ways, as of the gate's moment, if the selection needs them."""
        if not selection.names().isdisjoint(_BY_TRAITS):
            on_the_way = {person for kinship in kinships for person in _people_of(kinship)}
            self._traits = await self._gate.traits([self._people[person] for person in sorted(on_the_way)])

    def fields(self, kinship: Kinship, selection: Wanted, permitted: frozenset[str]) -> dict[str, Any]:
        """The values of the selected fields of `WORKED_OUT` that are permitted. What they tell of anybody is noted."""
        wanted = selection.names() & permitted & WORKED_OUT
        found: dict[str, Any] = {}
        if "kind" in wanted:
            found["kind"] = kinship.kind.value
        if "civil_degree" in wanted:
            found["civil_degree"] = kinship.chain.civil_degree
        if "line" in wanted:
            line = kinship.chain.line
            found["line"] = None if line is None else line.value
        if "full" in wanted:
            found["full"] = kinship.full
        if "side" in wanted:
            side, told = kinship.side(self._known(kinship))
            self._tell(told)
            found["side"] = None if side is None else side.value
        if "term" in wanted:
            found["terms"] = self.terms(kinship, selection)
        return found

    def terms(self, kinship: Kinship, selection: Wanted) -> dict[str, str]:
        """A term for each name that the field `term` has in the answer, in the language asked for there."""
        terms = {}
        for field in selection.named("term"):
            terms[field.key], told = kinship.term(TERMS[field.arguments["language"]], self._known(kinship))
            self._tell(told)
        return terms

    def _known(self, kinship: Kinship) -> Mapping[int, Traits]:
        return {person: self._traits[person] for person in _people_of(kinship)}

    def _tell(self, told: Iterable[Told]) -> None:
        for one in told:
            self._gate.tell(self._people[PersonId(one.person)], one.trait)


def _people_of(kinship: Kinship) -> set[PersonId]:
    return {PersonId(person) for chain in kinship.chains for person in chain.people if person is not None}
