"""One driver for a graph: reads that are tried again within bounds, writes in managed transactions, one at a time.

All sessions share one bookmark manager: a read waits until its server has what this hub wrote last, whichever server
of a cluster it reaches.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import stamina
from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
    AsyncDriver,
    AsyncGraphDatabase,
    AsyncManagedTransaction,
    AsyncTransaction,
    NotificationMinimumSeverity,
    Query,
    TrustCustomCAs,
    TrustSystemCAs,
    unit_of_work,
)
from neo4j.exceptions import DriverError, Neo4jError

from domain.errors import KindredError, Unavailable
from graph.neo4j_store.access import Access
from graph.neo4j_store.faults import Passing, translate
from graph.neo4j_store.given import as_given

T = TypeVar("T")
Row = list[Any]

_ATTEMPTS = 4
"""How often a read is tried, the first time included, within `read_seconds` altogether."""

_LOCK = "MATCH (m:Meta {one: 1}) SET m.locked = true"
_MOMENT_SECONDS = 3600.0
"""How long reading one moment may take at most."""

_STREAMED = 500
"""Rows that are fetched at once where they come as a stream."""

_WAIT_FIRST, _WAIT_MOST = 0.05, 1.0
_WAITING = 64
"""Writes that may wait for the one under way; one more is turned away."""

# The driver's own log quotes the server's messages, and those statements and values.
logging.getLogger("neo4j").setLevel(logging.CRITICAL + 1)

_FAULTS = (DriverError, Neo4jError, OSError, TimeoutError)


def _final(fault: KindredError) -> KindredError:
    """The fault as others than this file see it."""
    if isinstance(fault, Passing):
        return Unavailable(field=fault.field, fix=fault.fix, cause=fault.cause)
    return fault


class Connection:
    """The driver, opened at first use. To be used from one event loop at a time. After `close` all is Unavailable."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._driver: AsyncDriver | None = None
        self._bookmarks = AsyncGraphDatabase.bookmark_manager()
        self._turn = asyncio.Lock()
        self._writes: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def read(self, statement: str, *, fresh: bool = False, **parameters: Any) -> list[Row]:
        """The rows of one auto-commit statement, each a list, tried again while what hinders it may pass.

        `fresh`: ask the one server that writes go to, so that what another hub has had answered is seen too; else any.
        """
        options = self._access.options
        query = Query(statement, timeout=options.read_seconds)
        try:
            return await self._tried(query, WRITE_ACCESS if fresh else READ_ACCESS, parameters)
        except Passing as fault:
            raise _final(fault) from None

    async def _tried(self, query: Query, mode: str, parameters: dict[str, Any]) -> list[Row]:
        async for attempt in stamina.retry_context(
            on=Passing,
            attempts=_ATTEMPTS,
            timeout=query.timeout,
            wait_initial=_WAIT_FIRST,
            wait_max=_WAIT_MOST,
            wait_jitter=_WAIT_FIRST,
        ):
            with attempt:
                return await self._once(query, mode, parameters)
        raise Unavailable(cause="no attempt was made")

    async def write(
        self,
        work: Callable[[AsyncManagedTransaction], Awaitable[T]],
        *,
        refused: tuple[type[Neo4jError], KindredError] | None = None,
    ) -> T:
        """Run `work` in a managed transaction and answer what it answers, after the commit is durable.

        `work` may run more than once and must do the same each time. Once it has begun it goes on to its end even if
        the caller is cancelled: whole or not at all, and before whatever is written after it. Raises Unavailable if
        too many wait, and if it is not known whether the commit lasted. `refused`: a server's error that is the
        caller's fault here, and what it is to be told as.
        """
        self._check_open()
        if len(self._writes) >= _WAITING:
            raise Unavailable(cause="too many writes wait")
        task = asyncio.ensure_future(self._in_turn(work, refused))
        self._writes.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[AsyncTransaction]:
        """A transaction that keeps all writers waiting, of every hub, and is rolled back: for reading one moment."""
        self._check_open()
        settings = {**self._session(WRITE_ACCESS), "fetch_size": _STREAMED}
        try:
            async with (
                self._turn,
                self._opened().session(**settings) as session,
                await session.begin_transaction(timeout=_MOMENT_SECONDS) as transaction,
            ):
                await (await transaction.run(_LOCK)).consume()
                yield transaction
                await transaction.rollback()
        except _FAULTS as error:
            raise _final(translate(error)) from None

    async def run(self, statement: str) -> list[Row]:
        """The rows of one auto-commit statement of upkeep (what may not stand in a transaction with others)."""
        try:
            return await self._once(Query(statement, timeout=self._access.options.write_seconds), WRITE_ACCESS, {})
        except Passing as fault:
            raise _final(fault) from None

    async def close(self) -> None:
        """Wait for writes that have begun, then let go. A second call changes nothing."""
        self._closed = True
        while self._writes:
            await asyncio.wait(set(self._writes))
        driver, self._driver = self._driver, None
        if driver is not None:
            await driver.close()

    async def _once(self, query: Query, mode: str, parameters: dict[str, Any]) -> list[Row]:
        seconds = query.timeout or 0
        try:
            async with asyncio.timeout(seconds + self._access.options.acquire_seconds):
                async with self._opened().session(**self._session(mode)) as session:
                    result = await session.run(query, as_given(parameters))
                    return await result.values()
        except _FAULTS as error:
            raise translate(error) from None

    async def _in_turn(
        self,
        work: Callable[[AsyncManagedTransaction], Awaitable[T]],
        refused: tuple[type[Neo4jError], KindredError] | None,
    ) -> T:
        seconds = self._access.options.write_seconds
        bounded = unit_of_work(timeout=seconds)(work)
        try:
            async with (
                asyncio.timeout(2 * seconds),
                self._turn,
                self._opened().session(**self._session(WRITE_ACCESS)) as session,
            ):
                return await session.execute_write(bounded)
        except _FAULTS as error:
            if refused is not None and isinstance(error, refused[0]):
                raise refused[1] from None
            raise _final(translate(error)) from None

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._writes.discard(task)
        if not task.cancelled():
            # Looked at, so that the failure of a write that nobody waits for any more is not reported as forgotten.
            task.exception()

    def _session(self, mode: str) -> dict[str, Any]:
        return {
            "database": self._access.options.database,
            "default_access_mode": mode,
            "bookmark_manager": self._bookmarks,
            "fetch_size": -1,
            "disable_auto_commit_retries": True,
        }

    def _check_open(self) -> None:
        if self._closed:
            raise Unavailable(cause="closed")

    def _opened(self) -> AsyncDriver:
        self._check_open()
        if self._driver is None:
            access, options = self._access, self._access.options
            trust = TrustSystemCAs() if options.ca is None else TrustCustomCAs(str(options.ca))
            self._driver = AsyncGraphDatabase.driver(
                access.address,
                auth=(access.user, access.password),
                encrypted=access.encrypted,
                trusted_certificates=trust,
                max_connection_pool_size=options.pool,
                connection_timeout=options.connect_seconds,
                connection_write_timeout=options.write_seconds,
                connection_acquisition_timeout=options.acquire_seconds,
                max_transaction_retry_time=options.write_seconds / 2,
                initial_retry_delay=_WAIT_FIRST,
                notifications_min_severity=NotificationMinimumSeverity.OFF,
                telemetry_disabled=True,
                user_agent="kindred",
            )
        return self._driver
