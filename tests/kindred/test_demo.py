"""The demo as people start it: a child process, its file, every role's query, and nothing left after it ends."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from domain.errors import Invalid, Unavailable
from kindred.demo.folder import MARK, DemoFolder

_ROOT = Path(__file__).resolve().parents[2]
_ROLES = {"caseworker", "benefits_officer", "investigator", "dv_unit", "privacy_officer", "family_member"}


@dataclass
class Started:
    """A demo under way."""

    process: subprocess.Popen[bytes]
    folder: Path
    content: dict[str, Any]

    def ask(self, role: str, query: str | None = None, variables: Any = None) -> Any:
        """A role's query, or another one as that role."""
        reader = self.content["roles"][role]
        headers = {
            "Authorization": f"Bearer {reader['token']}",
            "Content-Type": "application/json",
            "Kindred-Activity": reader["activity"],
        }
        if reader["case"]:
            headers["Kindred-Case"] = reader["case"]
        given = reader["variables"] if variables is None else variables
        body = orjson.dumps({"query": query or reader["query"], "variables": given})
        address = urlsplit(self.content["url"])
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
        connection.request("POST", address.path, body, headers)
        try:
            return orjson.loads(connection.getresponse().read())
        finally:
            connection.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    folder = tmp_path_factory.mktemp("var") / "demo"
    log = (folder.parent / "log").open("wb")
    code = f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from kindred.cli import main; main()"
    arguments = ["demo", "--people", "1", "--port", "0", "--dir", str(folder)]
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=folder.parent, stdout=log, stderr=log)
    try:
        until = time.monotonic() + 120
        while not (folder / "demo.json").exists():
            assert process.poll() is None, (folder.parent / "log").read_text()
            assert time.monotonic() < until, (folder.parent / "log").read_text()
            time.sleep(0.1)
        yield Started(process, folder, orjson.loads((folder / "demo.json").read_bytes()))
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        log.close()


def test_the_file_says_all_that_was_promised(demo: Started) -> None:
    content = demo.content
    assert set(content) == {"url", "env", "roles", "case_without_warrant", "people"}
    assert set(content["roles"]) == _ROLES
    assert all(set(r) == {"token", "activity", "case", "query", "variables"} for r in content["roles"].values())
    assert set(content["people"]) == {"own_region", "other_region", "protected", "nobody"}
    assert all(set(p["ids"]) == _ROLES for p in content["people"].values())
    assert {"KINDRED_GRAPH", "KINDRED_DOCKET", "KINDRED_LEDGER"} <= set(content["env"])
    assert {"graph.db", "docket.db", "ledger.db", "ledger.pub"} <= {p.name for p in demo.folder.iterdir()}


@pytest.mark.parametrize("role", sorted(_ROLES))
def test_every_role_reads_what_it_is_for(demo: Started, role: str) -> None:
    answer = demo.ask(role)
    assert "errors" not in answer
    assert all(value is not None for value in answer["data"].values())


def test_ids_differ_by_sector_and_hidden_equals_nobody(demo: Started) -> None:
    people = demo.content["people"]
    assert len(set(people["own_region"]["ids"].values())) == len(_ROLES)
    query = "query($id: ID!) { person(id: $id) { id } }"
    seen = {n: demo.ask("caseworker", query, {"id": p["ids"]["caseworker"]})["data"] for n, p in people.items()}
    assert seen["own_region"]["person"]
    assert seen["other_region"] == seen["protected"] == seen["nobody"] == {"person": None}


def test_ends_all_that_it_started(demo: Started) -> None:
    """Last in this file: it ends the demo."""
    country = orjson.loads((demo.folder / "country" / "ready.json").read_bytes())["pid"]
    os.kill(country, 0)
    demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(20) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(country, 0)
    assert (demo.folder / "demo.json").exists()


def test_a_folder_of_others_is_not_emptied(tmp_path: Path) -> None:
    precious = tmp_path / "thesis.txt"
    precious.write_text("years of work")
    with pytest.raises(Invalid):
        DemoFolder(tmp_path).take()
    assert precious.read_text() == "years of work"


def test_an_own_folder_is_emptied_and_serves_one_demo_at_a_time(tmp_path: Path) -> None:
    first = DemoFolder(tmp_path / "demo")
    first.take()
    (tmp_path / "demo" / "graph.db").write_text("old")
    (tmp_path / "demo" / "country").mkdir()
    with pytest.raises(Unavailable):
        DemoFolder(tmp_path / "demo").take()
    assert (tmp_path / "demo" / "graph.db").exists()
    first.release()
    again = DemoFolder(tmp_path / "demo")
    again.take()
    assert [p.name for p in (tmp_path / "demo").iterdir()] == [MARK]
    again.release()
