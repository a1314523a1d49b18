"""What can be reached from an object by following attributes, containers, closures and bound methods."""

from __future__ import annotations

import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

Step = tuple[str, object]

_LEAVES = (str, bytes, int, float, complex, bool, type(None), type, types.ModuleType)


def paths_to(
    start: object, sought: Callable[[object], bool], stop: Callable[[object], bool], *, public: bool
) -> list[str]:
    """Paths from `start` to objects that are `sought`; what `stop` names is not entered (the start always is).

    `public`: only attributes without a leading underscore, and nothing that hides in closures.
    """
    seen: set[int] = set()
    kept: list[object] = []  # so that no id is used twice
    waiting: deque[tuple[str, object]] = deque([("", start)])
    found = []
    while waiting:
        path, thing = waiting.popleft()
        if id(thing) in seen or isinstance(thing, _LEAVES):
            continue
        seen.add(id(thing))
        kept.append(thing)
        if sought(thing):
            found.append(path)
            continue
        if path and stop(thing):
            continue
        waiting.extend((path + name, reached) for name, reached in _steps(thing, public))
    return found


def _steps(thing: object, public: bool) -> Iterator[Step]:
    yield from _contents(thing)
    yield from _attributes(thing, public)
    if isinstance(thing, types.MethodType):
        yield ".__self__", thing.__self__
        yield ".__func__", thing.__func__
    elif isinstance(thing, types.FunctionType) and not public:
        for number, cell in enumerate(thing.__closure__ or ()):
            try:
                yield f".cell[{number}]", cell.cell_contents
            except ValueError:
                continue
        yield from ((f".default[{n}]", value) for n, value in enumerate(thing.__defaults__ or ()))


def _contents(thing: object) -> Iterator[Step]:
    if isinstance(thing, dict | types.MappingProxyType):
        for key, value in thing.items():
            yield f"[{key!r}]", value
            yield f".key({key!r})", key
    elif isinstance(thing, list | tuple | set | frozenset | deque):
        yield from ((f"[{number}]", value) for number, value in enumerate(thing))


def _attributes(thing: object, public: bool) -> Iterator[Step]:
    names: dict[str, None] = dict.fromkeys(vars(thing)) if hasattr(thing, "__dict__") else {}
    for kind in type(thing).__mro__:
        names.update(dict.fromkeys(_slots(kind)))
        names.update(dict.fromkeys(name for name, value in vars(kind).items() if isinstance(value, property)))
    for name in names:
        if name.startswith("__") or (public and name.startswith("_")):
            continue
        with suppress(Exception):  # a property may raise anything; then it reaches nothing
            yield f".{name}", getattr(thing, name)


def _slots(kind: type) -> Iterable[str]:
    stated: Any = vars(kind).get("__slots__", ())
    return (stated,) if isinstance(stated, str) else tuple(stated)
