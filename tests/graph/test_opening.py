"""Addresses of graphs."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import Invalid
from graph.opening import open_graph


@pytest.mark.parametrize(
    "url",
    [
        "",
        "graph.db",
        "sqlite:",
        "sqlite:///",
        "sqlite://host/graph.db",
        "sqlite:///:memory:",
        "sqlite:///graph.db?mode=memory",
        "sqlite:///graph.db#x",
        "postgresql://localhost/graph",
        "neo4j+ssc://localhost",
        "neo4j://",
        "neo4j://user:word@localhost",
        "neo4j://localhost/path",
        "bolt://localhost?policy=x",
        "neo4j://localhost:port",
        "file:///graph.db",
        "sqlite://[broken/graph.db",
    ],
)
def test_other_addresses_are_invalid(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        open_graph(url)
    assert refused.value.field == "KINDRED_GRAPH"


async def test_relative_and_absolute_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for url, file in (("sqlite:///var/g.db", "var/g.db"), (f"sqlite:///{tmp_path}/a%20b%3F.db", "a b?.db")):
        store = open_graph(url)
        assert not (tmp_path / file).exists(), "opening touches nothing"
        await store.upkeep.migrate()
        assert (tmp_path / file).exists()
        await store.upkeep.close()
