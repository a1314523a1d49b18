"""What holds for every test: the same examples each time, no way off this machine, and no silent skip when all is
required (`KINDRED_REQUIRE=all`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.loopback import loopback_only

pytest_plugins = ["tests.servers.neo4j.counting"]

settings.register_profile(
    "kindred",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("kindred")

REQUIRE_ALL = os.environ.get("KINDRED_REQUIRE") == "all"


@pytest.fixture(autouse=True, scope="session")
def _stay_on_this_machine() -> Iterator[None]:
    with loopback_only():
        yield


def _skip_fails(report: Any) -> None:
    """Turn a skip into a failure; an expected failure (xfail) is no skip."""
    if REQUIRE_ALL and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped although everything is required: {report.longrepr}"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    outcome: Any = yield
    _skip_fails(outcome.get_result())


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    outcome: Any = yield
    _skip_fails(outcome.get_result())
