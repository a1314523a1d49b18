"""What must hold before anything is opened."""

from __future__ import annotations

import gc
import importlib
from pathlib import Path

from domain.errors import Broken

_YOUNG, _MIDDLE, _OLD = 20_000, 20, 50

ROOMS = (
    "connectors",
    "docket",
    "domain",
    "graph",
    "identity",
    "kindred",
    "policy",
    "resolvers",
    "schema",
    "signin",
    "vault",
)
"""Our packages. Some names are common, and a package of another's under one of them must never run in ours' place."""


def check_rooms(root: Path | None = None, rooms: tuple[str, ...] = ROOMS) -> None:
    """Raises Broken if one of our packages was imported from elsewhere than beside `kindred` itself."""
    own = (root or Path(__file__).resolve().parents[1]).resolve()
    for room in rooms:
        file = importlib.import_module(room).__file__
        if file is None or Path(file).resolve().parents[1] != own:
            raise Broken(field=room, fix="own_environment", cause="a package of this name comes from elsewhere")


def calm_collector() -> None:
    """Keep the garbage collector off what start-up made: the program itself, which never becomes garbage.

    Call once all is opened. A page of rows makes so many objects that the collector would walk through everything
    dozens of times a second, and stand still with the event loop for a tenth of a second and more each time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
