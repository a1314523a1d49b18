"""Each import contract bites: one bad import is planted for each, and each is told by its own contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contracts.house import contracts, copy_of_the_house, lint_imports, plant

PLANTS: dict[str, list[tuple[str, str]]] = {
    "floors": [
        ("domain/planted_floors.py", "import vault.hashing"),
        ("vault/planted_floors.py", "import graph.shapes"),
        ("graph/planted_floors.py", "import docket.port"),
        ("policy/planted_floors.py", "import identity.names"),
        ("signin/planted_floors.py", "import resolvers.request"),
        ("connectors/planted_floors.py", "import resolvers.gate.gate"),
        ("resolvers/planted_floors.py", "import schema.selection"),
        ("schema/planted_floors.py", "import kindred.settings"),
    ],
    "door": [("schema/planted_door.py", "import graph.port"), ("schema/planted_door_2.py", "import signin.verifier")],
    "pure-identity": [("identity/planted_pure_identity.py", "import vault.hashing")],
    "pure": [
        ("policy/decision/planted_pure.py", "import sqlite3"),
        ("policy/grants/planted_pure.py", "import socket"),
        ("identity/planted_pure.py", "import os"),
        ("resolvers/kin/planted_pure.py", "import asyncio"),
        ("connectors/agencies/planted_pure.py", "import aiohttp"),
    ],
    "mappings": [("connectors/agencies/planted_mappings.py", "import graph.port")],
    "country": [("simulator/planted_country.py", "import domain.iin")],
    "country-apart": [("kindred/planted_country_apart.py", "import simulator")],
    "unsealing": [
        ("resolvers/reads/planted_unsealing.py", "import vault.unsealing"),
        ("resolvers/planted_unsealing.py", "from vault.unsealing import Unsealer"),
        ("connectors/planted_unsealing.py", "from vault import unsealing"),
        ("kindred/planted_unsealing.py", "import vault.unsealing"),
    ],
    "graph-port": [
        ("resolvers/reads/planted_graph_port.py", "from graph.port import Reader"),
        ("kindred/planted_graph_port.py", "from graph.port import Writer"),
    ],
    "graph-stores": [
        ("resolvers/gate/planted_graph_stores.py", "import graph.opening"),
        ("connectors/pipeline/planted_graph_stores.py", "import graph.sqlite_store.reading"),
    ],
    "cryptography": [("signin/planted_cryptography.py", "import cryptography")],
    "joserfc": [("resolvers/planted_joserfc.py", "import joserfc.jwt")],
    "http-client": [("resolvers/planted_http_client.py", "import aiohttp")],
    "sql": [("policy/decision/planted_sql.py", "import sqlalchemy"), ("graph/planted_sql.py", "import sqlalchemy")],
    "graphql": [
        ("resolvers/planted_graphql.py", "import strawberry"),
        ("kindred/planted_graphql.py", "import graphql"),
    ],
    "web": [("resolvers/planted_web.py", "import starlette.requests")],
    "roof": [("schema/planted_roof.py", "import pydantic"), ("connectors/planted_roof.py", "import rich.progress")],
    "rules": [("resolvers/gate/planted_rules.py", "import cedarpy")],
    "training": [("kindred/planted_training.py", "import splink"), ("identity/planted_training.py", "import duckdb")],
    "gedcom": [
        ("connectors/agencies/planted_gedcom.py", "import ged4py.date"),
        ("kindred/planted_gedcom.py", "import convertdate"),
    ],
    "neo4j": [("docket/planted_neo4j.py", "import neo4j")],
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each contract says of a house with all the bad imports planted."""
    root = copy_of_the_house(tmp_path_factory.mktemp("planted") / "house")
    plant(root, {path: f"{line}\n" for plants in PLANTS.values() for path, line in plants})
    code, told = lint_imports(root)
    assert code == 1
    return told


def test_the_house_as_it_is_keeps_them_all(tmp_path: Path) -> None:
    code, told = lint_imports(copy_of_the_house(tmp_path / "house"))
    assert (code, {identity: text for identity, text in told.items() if text}) == (0, {})


def test_each_contract_is_tried() -> None:
    assert set(PLANTS) == set(contracts())


@pytest.mark.parametrize("identity", sorted(PLANTS))
def test_a_contract_tells_what_was_planted(identity: str, broken: dict[str, str]) -> None:
    for path, _ in PLANTS[identity]:
        module = path.removesuffix(".py").replace("/", ".")
        assert f"{module} " in broken[identity], f"{identity} does not tell of {module}"
