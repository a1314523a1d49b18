"""Logs of other libraries show who, how grave and the kind of an exception; never its text."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys

import pytest

from kindred.logs import Sparing

MARK = "Zhaqypbekova-8712"


def _record(name: str, text: str, failed: bool) -> logging.LogRecord:
    info = None
    if failed:
        try:
            raise ValueError(MARK)
        except ValueError:
            info = sys.exc_info()
    return logging.LogRecord(name, logging.ERROR, __file__, 1, text, None, info)


@pytest.mark.parametrize(("name", "text"), [("asyncio", MARK), ("uvicorn.error", f"fault at {MARK}")])
def test_exceptions_are_named_and_not_quoted(name: str, text: str) -> None:
    line = Sparing().format(_record(name, text, failed=True))
    assert MARK not in line
    assert json.loads(line) == {"level": "error", "logger": name, "kind": "ValueError"}


def test_texts_of_libraries_are_left_out_but_the_servers_own() -> None:
    assert MARK not in Sparing().format(_record("aiohttp.client", MARK, failed=False))
    line = Sparing().format(_record("uvicorn.error", "address already in use", failed=False))
    assert json.loads(line)["event"] == "address already in use"


_EXCHANGED = """
import io, logging, sys, structlog
from kindred.logs import set_up

sys.stderr = first = io.StringIO()
set_up()
told = structlog.get_logger("kindred.tests")
told.info("before")
sys.stderr = second = io.StringIO()
first.close()
told.info("after")
logging.getLogger("uvicorn.error").error("after too")
print(second.getvalue())
"""


def test_logs_go_where_standard_error_is() -> None:
    """Whoever put another stream in its place and closed it does not make the hub fail over a line of its log."""
    child = [sys.executable, "-c", _EXCHANGED]
    ended = subprocess.run(child, capture_output=True, text=True, env=dict(os.environ), check=True, timeout=60)
    assert '"after"' in ended.stdout and '"after too"' in ended.stdout
