"""What goes wrong between hub and server: killed, unreachable, refused; what is said of it, and what is left."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from neo4j.exceptions import ClientError, DatabaseError, ServiceUnavailable, TransientError

from domain.errors import Broken, Invalid, KindredError, Unavailable
from graph.neo4j_store.committing import commit
from graph.neo4j_store.connection import Connection
from graph.neo4j_store.faults import Passing, translate
from graph.opening import GraphStore, open_graph
from graph.options import GraphOptions
from graph.port import Stale
from tests.conformance.graph.factories import at
from tests.conformance.graph.making import batch, claim, decided, ids, person
from tests.graph.neo4j_store.inside import ask
from tests.servers.neo4j.server import Neo4jServer
from tests.servers.neo4j.shared import neo4j_server

PEOPLE = 40


def _numbered(n: int) -> Any:
    """The n-th batch (from 1): it writes 40 new people, moves the cursor, hands over an entry."""
    first = (n - 1) * PEOPLE + 1
    span = range(first, first + PEOPLE)
    return batch(
        *(person(i, records={0: b"r" * 300}, homes=[n]) for i in span),
        keys=[decided(f"k{i}", i) for i in span],
        claims=[claim(f"c{i}", f"k{i}") for i in span],
        cursor=("population", b"%d" % n),
        outbox=[f"e{n}"],
    )


async def _there(store: GraphStore, n: int) -> list[int]:
    """How much of the n-th batch there is, in each place."""
    first = (n - 1) * PEOPLE + 1
    people = ids(*range(first, first + PEOPLE))
    return [
        len((await store.reader.facts(people)).people),
        len(await store.reader.records(people, [0])),
        len(await store.reader.lineage(people)),
    ]


@asynccontextmanager
async def _opened(address: str, **options: Any) -> AsyncIterator[GraphStore]:
    store = open_graph(address, GraphOptions(**options))
    try:
        yield store
    finally:
        await store.upkeep.close()


async def test_a_batch_under_a_killed_server_is_whole_or_absent_and_may_be_repeated(
    server: Neo4jServer, store: GraphStore
) -> None:
    await store.writer.write(_numbered(1))
    async with _opened(server.address, credentials=server.credentials, write_seconds=4, read_seconds=1) as hasty:
        await hasty.writer.settle([])
        task = asyncio.ensure_future(hasty.writer.write(_numbered(2)))
        await asyncio.sleep(0.03)
        server.kill()
        acknowledged = not isinstance((await asyncio.gather(task, return_exceptions=True))[0], Unavailable)
        with pytest.raises(Unavailable):
            await hasty.reader.sequence()
    neo4j_server(restarted=True)
    assert await _there(store, 1) == [PEOPLE] * 3, "what was acknowledged is there"
    found = await _there(store, 2)
    assert found in ([0] * 3, [PEOPLE] * 3), "torn"
    assert not acknowledged or found == [PEOPLE] * 3
    assert await store.writer.cursor("population") == (b"2" if found[0] else b"1")
    if found[0]:
        with pytest.raises(Stale):
            await store.writer.write(_numbered(2))
        assert (await store.writer.write(replace(_numbered(2), people=()))).claims_new == 0
    else:
        await store.writer.write(_numbered(2))
    assert await _there(store, 2) == [PEOPLE] * 3
    assert len(await store.writer.pending(9)) == 2


async def test_a_commit_whose_answer_was_lost_is_told_as_unsure_and_repeats_as_nothing(
    store: GraphStore, server: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has committed, the driver says that the connection broke: the caller may write the same again."""
    inner = Connection._in_turn

    async def deaf(self: Connection, *given: Any) -> Any:
        await inner(self, *given)
        raise Unavailable(cause="IncompleteCommit")

    monkeypatch.setattr(Connection, "_in_turn", deaf)
    with pytest.raises(Unavailable):
        await store.writer.write(_numbered(1))
    monkeypatch.undo()
    assert await _there(store, 1) == [PEOPLE] * 3
    with pytest.raises(Stale):
        await store.writer.write(_numbered(1))
    assert (await store.writer.write(replace(_numbered(1), people=()))).claims_new == 0
    assert ask(server, "MATCH (o:Outbox) RETURN count(*)") == [[1]]


async def test_a_transaction_that_is_run_again_does_the_same_once(
    store: GraphStore, server: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The function fails at its very end for a reason that passes: the driver runs it again, whole."""
    runs = 0

    async def shaky(transaction: Any, batch: Any) -> Any:
        nonlocal runs
        written = await commit(transaction, batch)
        runs += 1
        if runs < 3:
            raise _server_error(TransientError, "Neo.TransientError.Transaction.DeadlockDetected")
        return written

    monkeypatch.setattr("graph.neo4j_store.writer.commit", shaky)
    written = await store.writer.write(_numbered(1))
    assert runs == 3
    assert (written.sequence, written.claims_new) == (1, PEOPLE)
    assert ask(server, "MATCH (b:Batch) RETURN count(*)") == [[1]]
    assert ask(server, "MATCH (c:Claim) RETURN max(c.n), count(*)") == [[PEOPLE, PEOPLE]]


def _server_error(kind: type[Exception], code: str) -> Any:
    error = kind("a text that quotes")
    error._neo4j_code = code  # type: ignore[attr-defined]
    error._retryable = kind is TransientError  # type: ignore[attr-defined]
    return error


@pytest.mark.parametrize("failures", [1, 3, 4])
async def test_reads_are_tried_four_times_and_no_more(
    store: GraphStore, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    inner, asked = Connection._once, 0

    async def failing(self: Connection, *given: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked <= failures:
            raise Passing(cause="ServiceUnavailable")
        return await inner(self, *given)

    monkeypatch.setattr(Connection, "_once", failing)
    if failures < 4:
        assert await store.reader.sequence() == 0
    else:
        with pytest.raises(Unavailable) as refused:
            await store.reader.sequence()
        assert type(refused.value) is Unavailable
    assert asked == min(failures + 1, 4)


async def test_a_wrong_password_is_told_and_not_tried_again(server: Neo4jServer, tmp_path: Path) -> None:
    wrong = tmp_path / "credentials"
    wrong.touch(mode=0o600)
    wrong.write_text("neo4j/not the password")
    async with _opened(server.address, credentials=wrong) as store:
        begun = time.monotonic()
        for call in (store.reader.sequence(), store.writer.write(batch())):
            with pytest.raises(Unavailable) as refused:
                await call
            assert (refused.value.field, refused.value.fix) == ("KINDRED_GRAPH_CREDENTIALS", "graph.credentials")
            assert "password" not in f"{refused.value.cause} {refused.value!r}".lower().replace("not the", "")
        assert time.monotonic() - begun < 20
        assert not await store.upkeep.ready()


async def test_an_unreachable_server_is_told_within_bounds(server: Neo4jServer) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        address = f"neo4j://127.0.0.1:{free.getsockname()[1]}"
    quick = {"credentials": server.credentials, "connect_seconds": 1, "read_seconds": 2, "write_seconds": 2}
    async with _opened(address, **quick) as store:
        for call in (store.reader.sequence(), store.writer.write(batch()), store.upkeep.migrate()):
            begun = time.monotonic()
            with pytest.raises(Unavailable) as refused:
                await call
            assert (refused.value.field, refused.value.fix) == ("KINDRED_GRAPH", "graph.reachable")
            assert time.monotonic() - begun < 20


@contextmanager
def _silent_server() -> Iterator[int]:
    """A port that accepts and never says a word."""
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        yield silent.getsockname()[1]


async def test_a_server_that_says_nothing_is_left_within_bounds(server: Neo4jServer) -> None:
    quick = {"credentials": server.credentials, "connect_seconds": 1, "acquire_seconds": 1, "read_seconds": 1}
    with _silent_server() as port:
        async with _opened(f"bolt://127.0.0.1:{port}", **quick) as store:
            begun = time.monotonic()
            with pytest.raises(Unavailable):
                await store.reader.sequence()
            assert time.monotonic() - begun < 20


async def test_tls_to_a_server_without_it_is_refused(server: Neo4jServer) -> None:
    quick = {"credentials": server.credentials, "connect_seconds": 2, "read_seconds": 2}
    address = server.address.replace("neo4j://", "bolt+s://")
    async with _opened(address, **quick) as store:
        with pytest.raises(Unavailable) as refused:
            await store.reader.sequence()
        assert refused.value.field in {"KINDRED_GRAPH", "KINDRED_GRAPH_CA"}


async def test_another_database_is_told(server: Neo4jServer) -> None:
    async with _opened(server.address, credentials=server.credentials, database="other") as store:
        with pytest.raises(Unavailable) as refused:
            await store.reader.sequence()
        assert (refused.value.field, refused.value.fix) == ("KINDRED_GRAPH_DATABASE", "graph.database")


@pytest.mark.parametrize(
    ("address", "mode", "content", "field", "fix"),
    [
        ("neo4j://a:b@127.0.0.1", 0o600, "neo4j/word", "KINDRED_GRAPH", "graph.no_credentials"),
        ("neo4j://a@127.0.0.1", 0o600, "neo4j/word", "KINDRED_GRAPH", "graph.no_credentials"),
        ("neo4j://127.0.0.1", 0o644, "neo4j/word", "KINDRED_GRAPH_CREDENTIALS", "keys.mode_0600"),
        ("neo4j://127.0.0.1", 0o600, "no slash", "KINDRED_GRAPH_CREDENTIALS", "graph.user_slash_password"),
        ("neo4j://127.0.0.1", 0o600, "/word", "KINDRED_GRAPH_CREDENTIALS", "graph.user_slash_password"),
    ],
)
def test_what_cannot_get_in_is_invalid_before_anything_is_reached(
    tmp_path: Path, address: str, mode: int, content: str, field: str, fix: str
) -> None:
    file = tmp_path / "credentials"
    file.write_text(content)
    os.chmod(file, mode)
    with pytest.raises(Invalid) as refused:
        open_graph(address, GraphOptions(credentials=file))
    assert (refused.value.field, refused.value.fix) == (field, fix)


def test_no_credentials_or_a_certificate_without_tls_are_invalid(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        open_graph("neo4j://127.0.0.1")
    assert refused.value.field == "KINDRED_GRAPH_CREDENTIALS"
    file = tmp_path / "credentials"
    file.touch(mode=0o600)
    file.write_text("neo4j/word")
    with pytest.raises(Invalid) as refused:
        open_graph("neo4j://127.0.0.1", GraphOptions(credentials=file, ca=file))
    assert refused.value.field == "KINDRED_GRAPH_CA"
    with pytest.raises(Unavailable):
        open_graph("neo4j://127.0.0.1", GraphOptions(credentials=tmp_path / "missing"))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ServiceUnavailable("text"), Passing),
        (OSError("text"), Passing),
        (_server_error(TransientError, "Neo.TransientError.General.DatabaseUnavailable"), Passing),
        (_server_error(ClientError, "Neo.ClientError.Transaction.TransactionTimedOut"), Unavailable),
        (_server_error(ClientError, "Neo.ClientError.Statement.SyntaxError"), Broken),
        (_server_error(ClientError, "Neo.ClientError.Schema.ConstraintValidationFailed"), Broken),
        (_server_error(DatabaseError, "Neo.DatabaseError.General.UnknownError"), Unavailable),
    ],
)
def test_errors_say_what_to_do_and_quote_nothing(error: Exception, kind: type[KindredError]) -> None:
    fault = translate(error)
    assert type(fault) is kind
    assert "text" not in f"{fault!r} {fault.cause} {fault.field} {fault.fix}"


async def test_a_hub_of_a_later_layout_is_not_touched(store: GraphStore, server: Neo4jServer) -> None:
    ask(server, "MATCH (m:Meta) SET m.layout = 99")
    assert not await store.upkeep.ready()
    with pytest.raises(Broken):
        await store.upkeep.migrate()
    assert ask(server, "MATCH (m:Meta) RETURN m.layout") == [[99]]


async def test_another_database_than_ours_is_not_touched(server: Neo4jServer) -> None:
    ask(server, "CREATE (:Movie {title: 'other'})")
    store = at(server)
    try:
        with pytest.raises(Broken):
            await store.upkeep.migrate()
        assert not await store.upkeep.ready()
        with pytest.raises(Broken):
            await store.writer.write(batch())
    finally:
        await store.upkeep.close()
