"""`kindred schema`."""

from __future__ import annotations

import sys

from schema.engine import build


def schema() -> None:
    """Print the GraphQL schema: a federation 2.5 subgraph, for composers and for code generators."""
    sys.stdout.write(build()[1])
