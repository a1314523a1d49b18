"""The one server of a test process: started at the first test that needs it, emptied between tests, killed at the end.

A process of pytest-xdist has its own: Community edition has one database, which two tests cannot share.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from neo4j import GraphDatabase

from tests.servers.neo4j.fetching import Missing, class_path
from tests.servers.neo4j.server import USER, Neo4jServer

_CLEAR = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 2000 ROWS"


@dataclass
class _Shared:
    """What this process has: how often its server was asked for, and which version that said it is."""

    server: Neo4jServer | None = None
    uses: int = 0
    version: str = ""


_shared = _Shared()


def neo4j_server(*, restarted: bool = False) -> Neo4jServer:
    """The running server, started now if it is not. Skips the test if it was not fetched.

    `restarted`: it has just been killed by a test; start it again over what is there.
    """
    if _shared.server is None:
        try:
            jars = class_path()
        except Missing as missing:
            pytest.skip(str(missing))  # what was not fetched, and the verb for it; fails where all is required
        home = Path(tempfile.mkdtemp(prefix="kindred-neo4j-"))
        # The first compiler alone: a test run is too short for the second to pay.
        _shared.server = Neo4jServer(home, jars, heap_mb=384, page_cache_mb=64, java=("-XX:TieredStopAtLevel=1",))
        atexit.register(_end, _shared.server)
    if not _shared.server.running:
        _shared.server.start()
    if not restarted:
        _shared.uses += 1
    if not _shared.version:
        _shared.version = _said(_shared.server)
    return _shared.server


def empty_neo4j() -> Neo4jServer:
    """The running server without a node in it; constraints and indexes stay."""
    server = neo4j_server()
    with GraphDatabase.driver(server.address, auth=(USER, server.password)) as driver, driver.session() as session:
        session.run(_CLEAR).consume()
    return server


def bare_neo4j() -> Neo4jServer:
    """The running server as it was at its first start: no node, no constraint, no index."""
    server = empty_neo4j()
    with GraphDatabase.driver(server.address, auth=(USER, server.password)) as driver, driver.session() as session:
        for name in session.run("SHOW CONSTRAINTS YIELD name").value():
            session.run(f"DROP CONSTRAINT `{name}`").consume()
        for name in session.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name").value():
            session.run(f"DROP INDEX `{name}`").consume()
    return server


def uses() -> int:
    """How often tests of this process asked for the server."""
    return _shared.uses


def version() -> str:
    """What the server says it is; empty if none was started."""
    return _shared.version


def _said(server: Neo4jServer) -> str:
    with GraphDatabase.driver(server.address, auth=(USER, server.password)) as driver, driver.session() as session:
        row = session.run("CALL dbms.components() YIELD name, versions, edition RETURN versions[0], edition").single()
    assert row is not None
    return f"Neo4j {row[0]} {row[1]}"


def _end(server: Neo4jServer) -> None:
    server.kill()
    shutil.rmtree(server.home, ignore_errors=True)
