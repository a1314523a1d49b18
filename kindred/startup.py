"""What must hold before anything is opened."""

from __future__ import annotations

import importlib
from pathlib import Path

from domain.errors import Broken

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
