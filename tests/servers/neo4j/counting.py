"""Which tests ran on a real Neo4j, told at the end. Loaded by tests/conftest.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers.neo4j import shared

_SERVER = "server"
_CONFORMANCE = "tests/conformance/graph/"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Remember where the count stood before the test and its fixtures."""
    item.stash[_BEFORE] = shared.uses()
    yield


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Iterator[None]:
    """Write down what server the test asked for, while there is still a report to come."""
    if call.when == "call" and shared.uses() > item.stash[_BEFORE]:
        item.user_properties.append((_SERVER, shared.version()))
    yield


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The server's own word of what it is with how many tests ran on it, and what those that kill counted."""
    counted: Counter[tuple[str, bool, bool]] = Counter()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            server = dict(report.user_properties).get(_SERVER)
            if report.when == "call" and "kills" in dict(report.user_properties):
                terminalreporter.write_line(f"{report.nodeid}: {dict(report.user_properties)['kills']}")
            if server is not None and report.when == "call":
                counted[server, report.nodeid.startswith(_CONFORMANCE), outcome == "passed"] += 1
    for server in sorted({server for server, _, _ in counted}):
        told = [
            f"{counted[server, suite, True]} {name} passed, {counted[server, suite, False]} failed"
            for suite, name in ((True, "conformance tests"), (False, "other tests"))
        ]
        terminalreporter.write_line(f"on a real {server}: {'; '.join(told)}")


_BEFORE = pytest.StashKey[int]()
