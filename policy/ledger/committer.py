"""Group commit: what queued while the last group went to disk is the next group. No timer, no window.

Appends are handed to the one writing thread once a turn of the event loop. Each lane is bounded; the reserved lane is
taken first, so that a flood in the other cannot stop it.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from domain.errors import Unavailable
from policy.ledger.leaves import Prepared
from policy.ledger.store import Receipt

GROUP = 256
"""Most entries in one transaction: the wait of whoever comes next stays short."""

_Waiter = tuple[Prepared, asyncio.Future[Receipt]]


class Committer:
    """Owns the writing thread.

    `commit` gets each group, `mark` is called every `every` seconds (and at the end) between groups, both on that
    thread. A failing `mark` is tried again at its next time; `fault` tells of the last failure of either.
    """

    def __init__(
        self,
        commit: Callable[[Sequence[Prepared]], Sequence[Receipt]],
        mark: Callable[[], object],
        *,
        every: float,
        limit: int,
        reserved: int,
        patience: float,
    ) -> None:
        self._commit = commit
        self._mark = mark
        self._every = every
        self._limits = (limit, reserved)
        self._patience = patience
        self._held = [0, 0]
        self._handing: tuple[list[_Waiter], list[_Waiter]] = ([], [])
        self._lanes: tuple[deque[_Waiter], deque[_Waiter]] = (deque(), deque())
        self._ready = threading.Condition()
        self._scheduled: asyncio.AbstractEventLoop | None = None
        self._closing = False
        self.fault: str | None = None
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._thread.start()

    async def append(self, prepared: Prepared, *, reserved: bool) -> Receipt:
        """Wait until the entry is durable.

        Raises Unavailable if the lane is full, the store failed, or nothing was heard within `patience` seconds: the
        entry may then be written still, and the same key appended again tells. Cancelling one wait leaves its entry
        and all others as they are.
        """
        lane = int(reserved)
        loop = asyncio.get_running_loop()
        with self._ready:
            if self._closing or self._held[lane] >= self._limits[lane]:
                raise Unavailable(cause="ledger closed" if self._closing else "ledger queue full")
            self._held[lane] += 1
            first = self._scheduled is not loop
            self._scheduled = loop
            future: asyncio.Future[Receipt] = loop.create_future()
            self._handing[lane].append((prepared, future))
        if first:
            loop.call_soon(self._hand_over)
        timer = loop.call_later(self._patience, _give_up, future)
        try:
            return await future
        finally:
            timer.cancel()

    async def close(self) -> bool:
        """Write what is queued, mark, and stop. False if the store hung longer than `patience`."""
        self._hand_over()
        with self._ready:
            self._closing = True
            self._ready.notify()
        await asyncio.to_thread(self._thread.join, self._patience)
        return not self._thread.is_alive()

    def _hand_over(self) -> None:
        with self._ready:
            for handing, lane in zip(self._handing, self._lanes, strict=True):
                lane.extend(handing)
                handing.clear()
            self._scheduled = None
            self._ready.notify()

    def _run(self) -> None:
        due = time.monotonic() + self._every
        while (group := self._next(due)) is not None:
            if group:
                self._write(group)
            if time.monotonic() >= due:
                self._try_mark()
                due = time.monotonic() + self._every
        self._try_mark()

    def _next(self, due: float) -> list[tuple[int, _Waiter]] | None:
        """The next group; empty when it is time to mark, None when all is written and the end was asked for."""
        normal, reserved = self._lanes
        with self._ready:
            while not (normal or reserved):
                if self._closing:
                    return None
                left = due - time.monotonic()
                if left <= 0:
                    return []
                self._ready.wait(left)
            group = [(1, reserved.popleft()) for _ in range(min(GROUP, len(reserved)))]
            group.extend((0, normal.popleft()) for _ in range(min(GROUP - len(group), len(normal))))
            return group

    def _write(self, group: list[tuple[int, _Waiter]]) -> None:
        receipts: Sequence[Receipt] | None = None
        try:
            receipts = self._commit([prepared for _, (prepared, _) in group])
            self.fault = None
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody may wait for ever or be told "done"
            self.fault = getattr(error, "cause", None) or type(error).__name__
        waiting: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Receipt], Receipt | None]]] = {}
        for number, (_, (_, future)) in enumerate(group):
            answer = None if receipts is None else receipts[number]
            waiting.setdefault(future.get_loop(), []).append((future, answer))
        with self._ready:
            for lane, _ in group:
                self._held[lane] -= 1
        for loop, answers in waiting.items():
            try:
                loop.call_soon_threadsafe(_answer, answers, self.fault)
            except RuntimeError:
                continue  # that loop is closed: nobody waits there any more

    def _try_mark(self) -> None:
        try:
            self._mark()
        except Exception as error:  # noqa: BLE001 - the log itself is whole; the next time will tell
            self.fault = getattr(error, "cause", None) or type(error).__name__


def _answer(answers: list[tuple[asyncio.Future[Receipt], Receipt | None]], fault: str | None) -> None:
    for future, receipt in answers:
        if future.done():
            continue  # cancelled, or given up
        if receipt is None:
            future.set_exception(Unavailable(cause=fault))
        else:
            future.set_result(receipt)


def _give_up(future: asyncio.Future[Receipt]) -> None:
    if not future.done():
        future.set_exception(Unavailable(cause="ledger did not answer in time"))
