"""Cards and walks through the whole way out, one at a time: what one reader waits for, at one size of graph."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

import orjson

from benchmarks.scale.families import ACTIVITIES, Family, families, principal
from domain.principals import RoleName
from kindred.demo.roles import CARD
from kindred.settings import Settings
from kindred.wiring import Stores, open_hub
from resolvers.answer import Answering
from resolvers.request import Request
from schema.executor import SchemaExecutor

_KIN = """query Kin($id: ID!) {
  kin(of: $id, depth: %d, first: 50) {
    totalCount
    edges { node { degree relation person { id name { surname givenName } identity { birthDate } } } }
  }
}"""
_WARM = 20
_ALONE = 400
"""Bytes of an answer that tells of one person alone, at most."""


@dataclass(frozen=True, slots=True)
class Waited:
    """Milliseconds that one answer took, ledger's durable entry included: median and 90th percentile; its size."""

    p50: float
    p90: float
    bytes: float
    answers: int


async def measure(settings: Settings, stores: Stores, records: list[str], count: int) -> dict[str, Waited]:
    """Ask for `count` families' cards, and kin to depths 4 and 6, each family once, after a few that do not count."""
    chosen = await families(stores, records, count + _WARM, seed=7)
    hub = open_hub(settings, stores)
    asking = _Asking(stores, hub.answering, hub.executor)
    found = {
        "card": await asking.all(chosen, RoleName.CASEWORKER, CARD),
        "kin to depth 4": await asking.all(chosen, RoleName.INVESTIGATOR, _KIN % 4),
        "kin to depth 6": await asking.all(chosen, RoleName.INVESTIGATOR, _KIN % 6),
    }
    await hub.keys.close()
    return found


class _Asking:
    def __init__(self, stores: Stores, answering: Answering, executor: SchemaExecutor) -> None:
        self._stores = stores
        self._answering = answering
        self._executor = executor

    async def all(self, chosen: Sequence[Family], role: RoleName, query: str) -> Waited:
        """Each family once, in order."""
        who = principal(role, self._stores.clock.now())
        outward = self._stores.ring.outward(who.sector)
        times, sizes = list[float](), list[int]()
        for family in chosen:
            variables = {"id": outward.encode("P", family.person)}
            request = Request(query, None, variables, ACTIVITIES[role], family.cases[role])
            began = time.perf_counter()
            answer = await self._answering.answer(who, request, self._executor)
            times.append((time.perf_counter() - began) * 1e3)
            body = orjson.loads(answer.body)
            assert answer.status == 200 and "errors" not in body, body
            assert all(body["data"].values()), "a family that nobody may see"
            sizes.append(len(answer.body))
        # Who died or moved away stands on the case alone: a small answer that is no family's.
        counted = [took for took, size in zip(times[_WARM:], sizes[_WARM:], strict=True) if size > _ALONE]
        return Waited(
            median(counted), quantiles(counted, n=10)[8], median(size for size in sizes if size > _ALONE), len(counted)
        )
