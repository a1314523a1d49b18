"""Reads that answer everything with everything filled, and remember what was wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from domain.errors import KindredError
from domain.records.catalogue import CATEGORIES
from domain.records.category import Category, Kind
from domain.wanted import Wanted
from resolvers.views.pages import Edge, Page, PageInfo
from resolvers.views.people import HouseholdView, KinPathView, KinStepView, KinView, MemberView, MeView, PersonView
from resolvers.views.records import OverruledView, ProvenanceView
from resolvers.views.reviews import CandidateView, ChoiceView, ComparisonView, ReviewView, StatedView
from schema.executor import SchemaExecutor

_VALUES: Mapping[Kind, Any] = {
    Kind.TEXT: "text",
    Kind.DATE: "2001-02-03",
    Kind.MONTH: "2026-01",
    Kind.INTEGER: 7,
    Kind.MONEY: 5_000_000_000,
    Kind.FLAG: True,
}


class AnyPage(dict[str, Page[Any]]):
    """A page under every name, made when it is asked for."""

    def __init__(self, node: Any) -> None:
        super().__init__()
        self._node = node

    def get(self, _key: str, _default: Any = None) -> Page[Any]:
        return Page([Edge("cursor", self._node())], PageInfo(), 1)


class AnyTerm(dict[str, str]):
    """A term under every name."""

    def get(self, _key: str, _default: Any = None) -> str:
        return "parent"


def record(category: Category) -> Any:
    """A record with all outward fields filled."""
    values = {n: _VALUES[f.kind if c is None else c.kind] for n, (f, c) in category.outward().items()}
    return SimpleNamespace(**values, provenance=[line(name) for name in values])


def line(name: str) -> ProvenanceView:
    """Where a field came from."""
    place = {"source": "civil", "source_id": "AK-1", "retrieved_at": "2026-01-01T00:00:00.000Z", "claim": "q"}
    return ProvenanceView(name, **place, overruled=[OverruledView("text", True, **place)])


def person(id_: str = "p") -> PersonView:
    """A person with everything."""
    records = {c.name: [record(c)] if c.many else record(c) for c in CATEGORIES}
    return PersonView(
        id_,
        **records,
        contact_unit="unit",
        households=[household()],
        pages=AnyPage(_kin),
    )


def _kin() -> KinView:
    return KinView(
        person("k"), 1, ["parent_birth"], "blood", 1, "ascending", "maternal", True, AnyTerm(), [line("relation")]
    )


def household(id_: str = "h") -> HouseholdView:
    """A household with a member under every name."""
    return HouseholdView(id_, AnyPage(_member))


def _member() -> MemberView:
    return MemberView(person("m"), "head", "2020-01-01", "2026-01-01", [line("role")])


def review() -> ReviewView:
    """An identity review with everything."""
    stated = StatedView("s", "g", "p", "b", "f", "2001-02-03", "i")
    choice = ChoiceView("match", ["p"], "because", "steward", "2026-01-01T00:00:00Z")
    candidate = CandidateView(person(), 7.5, 0.9, [ComparisonView("surname", "exact", 7.5)])
    return ReviewView("r", 1, "open", "NO_ID", "health", "m", True, stated, [candidate], choice, choice, [stated])


class FakeReads:
    """Answers every read; `failure` makes it raise instead, `seen` holds (name, arguments, wanted)."""

    def __init__(self, failure: BaseException | None = None) -> None:
        self.failure = failure
        self.seen: list[tuple[str, tuple[Any, ...], Wanted | None]] = []

    def _answer(self, name: str, arguments: tuple[Any, ...], wanted: Wanted | None, value: Any) -> Any:
        self.seen.append((name, arguments, wanted))
        if self.failure is not None:
            raise self.failure
        return value

    async def person(self, gate: Any, id: str, wanted: Wanted) -> Any:
        return self._answer("person", (id,), wanted, person(id))

    async def household(self, gate: Any, id: str, wanted: Wanted) -> Any:
        return self._answer("household", (id,), wanted, household(id))

    async def node(self, gate: Any, id: str, wanted: Wanted) -> Any:
        return self._answer("node", (id,), wanted, household(id) if id.startswith("h") else person(id))

    async def entities(self, gate: Any, keys: Sequence[tuple[str, str]], wanted: Wanted) -> Any:
        found = [person(id_) if name == "Person" else household(id_) for name, id_ in keys]
        return self._answer("entities", (tuple(keys),), wanted, found)

    async def me(self, gate: Any, wanted: Wanted) -> Any:
        return self._answer("me", (), wanted, MeView("a", "caseworker", "g", "u", "r", "act", person()))

    async def find_person(self, gate: Any, *arguments: Any) -> Any:
        return self._answer("find_person", arguments[:-1], arguments[-1], Page([Edge("c", person())], PageInfo(), 1))

    async def kin(self, gate: Any, *arguments: Any) -> Any:
        page = Page([Edge("c", _kin())], PageInfo(), 1)
        return self._answer("kin", arguments[:-1], arguments[-1], page)

    async def kin_path(self, gate: Any, *arguments: Any) -> Any:
        steps = [KinStepView(person("k"), "parent_birth", AnyTerm(), [line("relation")])]
        return self._answer("kin_path", arguments[:-1], arguments[-1], [KinPathView(1, "blood", steps)])

    async def access_log(self, gate: Any, first: int, after: str | None, wanted: Wanted, **filters: Any) -> Any:
        return self._answer("access_log", (first, after, filters), wanted, Page())

    async def my_access_log(self, gate: Any, *arguments: Any) -> Any:
        return self._answer("my_access_log", arguments[:-1], arguments[-1], Page())

    async def identity_blast_radius(self, gate: Any, *arguments: Any) -> Any:
        return self._answer("identity_blast_radius", arguments[:-1], arguments[-1], Page())

    async def identity_reviews(self, gate: Any, *arguments: Any) -> Any:
        page = Page([Edge("c", review())], PageInfo(), None)
        return self._answer("identity_reviews", arguments[:-1], arguments[-1], page)

    async def resolve_identity(self, gate: Any, *arguments: Any) -> Any:
        return self._answer("resolve_identity", arguments[:-1], arguments[-1], review())

    def processing_activities(self, activities: Any, language: str) -> Any:
        return self._answer("processing_activities", (), None, [])


def asked(
    query: str, variables: Mapping[str, Any] | None = None, operation: str | None = None, may_alter: bool = True
) -> Any:
    """A request in the shape that the executor reads."""
    given = {"query": query, "variables": variables or {}, "operation": operation, "may_alter": may_alter}
    return SimpleNamespace(**given, activity=None, case=None)


EXECUTOR = SchemaExecutor(FakeReads(), FakeReads())
"""One executor for tests that keep nothing of it; building a schema takes a while."""


async def run(executor: SchemaExecutor, query: str, variables: Mapping[str, Any] | None = None) -> Any:
    """Prepare and run; the gate and the register are stand-ins, since the fake reads do not look at them."""
    request = asked(query, variables)
    prepared = executor.prepare(request)
    return await executor.run(prepared, request, SimpleNamespace(gate=object(), activities={}))  # type: ignore[arg-type]


def refusal(executor: SchemaExecutor, query: str, variables: Mapping[str, Any] | None = None) -> KindredError | None:
    """The error with which preparing refuses, or None."""
    try:
        executor.prepare(asked(query, variables))
    except KindredError as error:
        return error
    return None
