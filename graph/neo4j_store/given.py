"""How statements are given their parameters: all as one map.

Neo4j keeps a plan for a statement and the types of its parameters, and of a list its order of magnitude is part of the
type: a statement with six lists is planned anew dozens of times, each a third of a second of the server's. Of a map it
looks at nothing.
"""

from __future__ import annotations

from typing import Any

from neo4j import AsyncManagedTransaction, AsyncResult, AsyncTransaction


def as_given(parameters: dict[str, Any]) -> dict[str, Any]:
    """Parameters as statements refer to them: `$given.ids`."""
    return {"given": parameters}


async def run(
    transaction: AsyncManagedTransaction | AsyncTransaction, statement: str, **parameters: Any
) -> AsyncResult:
    """Run a statement inside a transaction."""
    return await transaction.run(statement, as_given(parameters))
