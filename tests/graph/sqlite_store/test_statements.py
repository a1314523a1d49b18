"""The number of statements does not depend on how many are asked for or found, and each of them uses an index."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from domain.ids import HouseholdId, PersonId
from domain.links import LinkKind
from graph.opening import GraphStore
from tests.conformance.graph.making import batch, claim, decided, hashed, link, person
from tests.graph.sqlite_store.inside import statements

Call = Callable[[GraphStore, list[int]], Callable[[], Any]]

READS: dict[str, Call] = {
    "facts": lambda store, n: lambda: store.reader.facts([PersonId(i) for i in n]),
    "links": lambda store, n: lambda: store.reader.links([PersonId(i) for i in n], frozenset(LinkKind)),
    "links at": lambda store, n: lambda: store.reader.links([PersonId(i) for i in n], frozenset(LinkKind), 1),
    "memberships": lambda store, n: lambda: store.reader.memberships([PersonId(i) for i in n]),
    "memberships at": lambda store, n: lambda: store.reader.memberships([PersonId(i) for i in n], 1),
    "records at": lambda store, n: lambda: store.reader.records([PersonId(i) for i in n], [0], 1),
    "origins": lambda store, n: lambda: store.reader.origins([hashed(f"claim c{i}") for i in n]),
    "former": lambda store, n: lambda: store.reader.former([PersonId(i) for i in n]),
    "decisions": lambda store, n: lambda: store.reader.decisions([PersonId(i) for i in n]),
    "suppressed": lambda store, n: lambda: store.reader.suppressed([hashed(f"k{i}") for i in n]),
    "households at": lambda store, n: lambda: store.reader.households([HouseholdId(i) for i in n], 1),
    "households": lambda store, n: lambda: store.reader.households([HouseholdId(i) for i in n]),
    "records": lambda store, n: lambda: store.reader.records([PersonId(i) for i in n], [0]),
    "lineage": lambda store, n: lambda: store.reader.lineage([PersonId(i) for i in n]),
    "find": lambda store, n: lambda: store.reader.find([hashed(f"n{i}") for i in n]),
    "owners": lambda store, n: lambda: store.reader.owners([hashed(f"k{i}") for i in n]),
    "search": lambda store, n: lambda: store.reader.search([hashed(f"s{i}") for i in n], 1000),
}
AT_MOST = {"facts": 12, "links": 15, "links at": 17, "memberships at": 5, "records at": 5, "decisions": 6}
"""Most take two between BEGIN and COMMIT: whom the ids name today, and what is asked."""


async def _fill(store: GraphStore) -> None:
    people = [
        person(
            i,
            records={0: b"r"},
            homes=[(i + 3) // 4],
            links=[link(i, i - 1, LinkKind.PARENT_BIRTH, f"k{i}")] if i > 1 else [],
            searches=[f"s{i}"],
            nationals=[f"n{i}"],
        )
        for i in range(1, 401)
    ]
    await store.writer.write(
        batch(
            *people,
            keys=[decided(f"k{i}", i) for i in range(1, 401)],
            claims=[claim(f"c{i}", f"k{i}") for i in range(1, 401)],
        )
    )


@pytest.mark.parametrize("name", sorted(READS))
async def test_the_same_statements_for_none_one_many_and_unknown(store: GraphStore, name: str) -> None:
    await _fill(store)
    asked: list[list[int]] = [[], [1], [1, 2, 3, 4], list(range(1, 401)), [9001, 9002]]
    counts = {len(await statements(store, READS[name](store, ids))) for ids in asked}
    assert len(counts) == 1
    assert counts.pop() <= AT_MOST.get(name, 4)


@pytest.mark.parametrize("name", sorted(READS))
async def test_no_read_goes_through_a_whole_table(store: GraphStore, path: Path, name: str) -> None:
    await _fill(store)
    plans = []
    with closing(sqlite3.connect(path)) as connection:
        for statement in await statements(store, READS[name](store, list(range(1, 200)))):
            if statement.startswith("SELECT"):
                plans += [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
        control = connection.execute("EXPLAIN QUERY PLAN SELECT * FROM claim WHERE seq = 1").fetchone()[3]
    assert control.startswith("SCAN")
    assert plans
    # AUTOMATIC: an index built for this one statement out of the whole table. SCAN s, SCAN step: the ids found so far.
    found = [plan for plan in plans if plan not in {"SCAN s", "SCAN step"}]
    assert not [plan for plan in found if plan.startswith("SCAN") or "AUTOMATIC" in plan]


async def test_the_statement_cache_holds_every_text(store: GraphStore) -> None:
    """Lists of all lengths use few texts, or each new length would be compiled anew."""
    await _fill(store)
    texts: set[int] = set()
    for count in range(1, 400):
        seen = await statements(store, READS["owners"](store, list(range(1, count + 1))))
        # The trace shows expanded values: the number of them stands for the text.
        texts |= {statement.count("x'") for statement in map(str.lower, seen) if statement.startswith("select")}
    assert len(texts) == 10
