"""What the gate is measured against: the same answers without a decision. It lives here and nowhere in the product.

Allow-all: nobody's standing is worked out, no activity, grant or protection is asked, nothing is noted or written down.
What remains is what the answer itself needs: who lives where, the sealed records, keys, unsealing, views, execution.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from domain.entries import Reach
from domain.ids import PersonId
from domain.principals import Mandate, Principal
from domain.records.catalogue import BY_NAME
from domain.records.category import Category, Detail
from domain.records.payload import MembershipTerms, PersonFacts, decode, membership_label
from graph.shapes import Facts, MemberRow, PersonShape
from policy.activity import RootRead
from policy.decision.facts import NOBODY_ON_CASE
from resolvers.answer import Answering
from resolvers.gate.gate import Attempts, Gate
from resolvers.gate.known import Known
from resolvers.gate.notes import Notes
from resolvers.gate.opening import OpenMembership, OpenPerson
from resolvers.gate.parts import GateParts
from resolvers.gate.people import People
from resolvers.gate.surroundings import Surroundings
from resolvers.request import Answer, Executor, Request, RequestContext
from vault.unsealing import Unsealer

_NOBODY = Surroundings(owner=None, near=frozenset(), case=NOBODY_ON_CASE)
_NO_FACTS = PersonFacts(None, None, None)
_WIDTH = 16


class Memberships:
    """Keys and memberships of people, and nothing of whoever is around them: what no store of the hub's reads alone."""

    def __init__(self, file: Path, unsealer: Unsealer) -> None:
        self._connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, check_same_thread=False)
        self._unsealer = unsealer
        marks = ",".join("?" * _WIDTH)
        self._people = f"SELECT id, version, wrapped FROM person WHERE id IN ({marks})"  # noqa: S608 - marks alone
        self._homes = f"SELECT person, household, sealed FROM membership WHERE person IN ({marks})"  # noqa: S608

    def of(self, ids: Iterable[PersonId]) -> dict[PersonId, Known]:
        """Everyone of the ids who is here, with memberships unsealed."""
        asked, found = sorted(set(ids)), dict[PersonId, Known]()
        for start in range(0, len(asked), _WIDTH):
            part = asked[start : start + _WIDTH]
            padded = (*part, *(part[-1:] * (_WIDTH - len(part))))
            homes: dict[int, list[Any]] = {}
            for row in self._connection.execute(self._homes, padded):
                homes.setdefault(row[0], []).append(row)
            for person, version, wrapped in self._connection.execute(self._people, padded).fetchall():
                found[PersonId(person)] = self._known(person, version, wrapped, homes.get(person, []))
        return found

    def _known(self, person: PersonId, version: int, wrapped: bytes, homes: list[Any]) -> Known:
        key, memberships = self._unsealer.key(wrapped), []
        for _, household, sealed in homes:
            terms = decode(
                MembershipTerms, self._unsealer.unseal_with(key, sealed, membership_label(person, household))
            )
            memberships.append(OpenMembership(household, terms.role, terms.since, terms.until))
        rows = tuple(MemberRow(*row) for row in homes)
        shape = PersonShape(person, version, wrapped, b"", (), rows, ())
        return Known(OpenPerson(shape, lambda: _NO_FACTS, tuple(memberships)), 0)


class NoNotes(Notes):
    """Forgets at once."""

    def shown(self, person: PersonId, reach: Reach) -> None:
        """Nothing."""

    def disclosed(self, person: PersonId, category: str, fields: Iterable[str], detail: Detail) -> None:
        """Nothing."""


class OpenGate(Gate):
    """Lets everything through."""

    def __init__(self, parts: GateParts, mandate: Mandate, memberships: Memberships | None) -> None:
        people = People(parts.reader, parts.opener)
        super().__init__(parts, mandate, parts.activities[mandate.activity], _NOBODY, people)
        self._all = memberships
        self.notes = NoNotes()

    async def know(
        self,
        ids: Iterable[PersonId],
        *,
        facts: Facts | None = None,
        distance: int | None = None,
        attempts: Attempts = Attempts.NONE,
    ) -> dict[PersonId, Known]:
        """Everyone who is here; with the hub's own read of shapes and facts where no other is given."""
        if self._all is not None:
            return self._all.of(ids)
        found = facts or await self._people.facts(ids)
        opened = ((i, self._opened(shape)) for i, shape in found.people.items())
        return {i: Known(one, 0) for i, one in opened if one is not None}

    def _opened(self, shape: PersonShape) -> OpenPerson | None:
        return self._people.open(shape)

    def permitted(self, known: Known, category: Category, wanted: Iterable[str]) -> tuple[frozenset[str], Detail]:
        """All that is wanted."""
        return frozenset(wanted), Detail.FULL

    def disclose(self, known: Known, category: str, wanted: Iterable[str]) -> frozenset[str]:
        """All that is wanted."""
        return self.permitted(known, BY_NAME[category], wanted)[0]

    def permits(self, known: Known, category: str) -> bool:
        """Yes."""
        return True

    def on_case(self, known: Known) -> bool:
        """Yes."""
        return True

    def contact(self, known: Known) -> str | None:
        """Nothing is withheld."""
        return None

    def require(self, act: RootRead) -> None:
        """Whatever it is."""


class OpenAnswering(Answering):
    """Executes behind an open gate and encodes; neither entry nor last look.

    `memberships`: reads no facts at all; None: reads people the way the hub does, those around them too.
    """

    def __init__(self, parts: GateParts, memberships: Memberships | None) -> None:
        super().__init__(parts)
        self._memberships = memberships

    async def answer(self, principal: Principal, request: Request, executor: Executor) -> Answer:
        """As the hub's, without all that makes it safe."""
        parts = self._parts
        mandate = Mandate(principal, request.activity or "", None, None, parts.request_id(principal))
        prepared = executor.prepare(request)
        context = RequestContext(OpenGate(parts, mandate, self._memberships), parts.activities)
        payload: Mapping[str, Any] = await executor.run(prepared, request, context)
        return Answer(200, orjson.dumps(payload, option=orjson.OPT_NON_STR_KEYS))


def open_answering(parts: GateParts, memberships: Memberships | None) -> OpenAnswering:
    """The baseline over the same parts, with a ledger that is never asked."""
    return OpenAnswering(replace(parts), memberships)
