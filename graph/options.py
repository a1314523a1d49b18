"""What a store may be told besides its address. The embedded store needs none of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class GraphOptions:
    """Bounds are in seconds but for `pool`, the most connections to one server.

    `credentials`: a file `user/password` of mode 0600. `ca`: the authorities to trust instead of the system's (PEM).
    """

    credentials: Path | None = None
    database: str = "neo4j"
    ca: Path | None = None
    pool: int = 32
    connect_seconds: float = 5.0
    acquire_seconds: float = 5.0
    read_seconds: float = 10.0
    write_seconds: float = 60.0
