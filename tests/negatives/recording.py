"""Stores that write down how they are called: which store, which method, and of what kind each argument is.

Of lists the kind is all that is written, never the length: how many ids a call carries may differ, which calls are
made may not.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import Any

from tests.worlds.hub import Hub

Call = tuple[str, str, tuple[str, ...]]


@dataclass
class Calls:
    """Every call, in order."""

    made: list[Call] = field(default_factory=list)

    def since(self, mark: int) -> tuple[Call, ...]:
        """The calls made after the first `mark` ones."""
        return tuple(self.made[mark:])


class Recorded:
    """Stands before a store; hands every call on and writes it down before it is answered."""

    def __init__(self, store: Any, name: str, calls: Calls) -> None:
        self._store = store
        self._name = name
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if not callable(found):
            return found

        def call(*given: Any, **named: Any) -> Any:
            kinds = [_kind(value) for value in given]
            kinds += [f"{key}={_kind(value)}" for key, value in sorted(named.items())]
            self._calls.made.append((self._name, name, tuple(kinds)))
            return found(*given, **named)

        assert inspect.iscoroutinefunction(found) or inspect.isasyncgenfunction(found), (self._name, name)
        return call


def _kind(value: Any) -> str:
    return type(value).__name__


def recorded(here: Hub) -> tuple[Hub, Calls]:
    """The same hub with all three stores recorded, in one sequence."""
    calls = Calls()
    parts = here.parts
    return here.with_parts(
        reader=Recorded(parts.reader, "graph", calls),
        docket=Recorded(parts.docket, "docket", calls),
        ledger=Recorded(parts.ledger, "ledger", calls),
    ), calls
