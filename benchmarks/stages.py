"""CPU time by stage: how much of the loop's thread each awaited call used, and how much each writing thread."""

from __future__ import annotations

import inspect
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Stages:
    """Adds up CPU nanoseconds by stage. What runs inside another stage on the loop's thread counts for the outer."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, int] = defaultdict(int)
        self._inside = False

    def timed(self, stage: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same callable, plain or async, with its CPU time counted."""

        def run(*given: Any, **named: Any) -> Any:
            result = self._step(stage, lambda: call(*given, **named))
            return _Driven(self, stage, result) if inspect.isawaitable(result) else result

        return run

    def on_thread(self, stage: str, method: Callable[..., Any]) -> Callable[..., Any]:
        """The same method, which runs on a thread of its own, with that thread's CPU time counted."""

        def run(*given: Any, **named: Any) -> Any:
            began = time.thread_time_ns()
            try:
                return method(*given, **named)
            finally:
                self.spent[stage] += time.thread_time_ns() - began

        return run

    async def pages(self, stage: str, pages: AsyncIterator[T]) -> AsyncIterator[T]:
        """The same iterator, with the CPU time of coming to each next item counted."""
        while True:
            try:
                item = await _Driven(self, stage, anext(pages))
            except StopAsyncIteration:
                return
            yield item

    def _step(self, stage: str, call: Callable[[], T]) -> T:
        if self._inside:
            return call()
        self._inside = True
        began = time.thread_time_ns()
        try:
            return call()
        finally:
            self.spent[stage] += time.thread_time_ns() - began
            self._inside = False

    def step(self, stage: str, call: Callable[[], T]) -> T:
        """Run one synchronous piece of a stage."""
        return self._step(stage, call)


class _Driven(Generic[T]):
    """Drives an awaitable from piece to piece between its waits, so that only its own work is counted."""

    def __init__(self, stages: Stages, stage: str, inner: Awaitable[T]) -> None:
        self._stages = stages
        self._stage = stage
        self._inner = inner

    def __await__(self) -> Generator[Any, Any, T]:
        steps = self._inner.__await__()
        step = self._stages.step
        resume: Callable[[], Any] = lambda: steps.send(None)  # noqa: E731 - replaced in the loop below
        while True:
            try:
                waited_for = step(self._stage, resume)
            except StopIteration as stop:
                result: T = stop.value
                return result
            try:
                yield waited_for
            except BaseException as error:  # noqa: BLE001 - handed on to the awaitable, cancellation too
                resume = _thrower(steps, error)
            else:
                resume = lambda: steps.send(None)  # noqa: E731


def _thrower(steps: Generator[Any, Any, Any], error: BaseException) -> Callable[[], Any]:
    return lambda: steps.throw(error)
