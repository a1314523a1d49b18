"""How tests run: on this machine alone, and without a silent skip where everything is required."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.contracts.house import ROOT
from tests.loopback import OutsideWorld


@pytest.mark.parametrize("address", ["192.0.2.1", "example.org", "0.0.0.0"])
def test_nothing_leaves_this_machine(address: str) -> None:
    with socket.socket() as one:
        with pytest.raises(OutsideWorld):
            one.connect((address, 9))
        with pytest.raises(OutsideWorld):
            one.bind((address, 0))
    with pytest.raises(OutsideWorld):
        socket.create_connection((address, 9), timeout=1)


async def test_not_through_a_client_either() -> None:
    async with aiohttp.ClientSession() as session:
        for url in ("http://192.0.2.1/", "http://example.org/"):
            with pytest.raises((OutsideWorld, aiohttp.ClientError)) as caught:
                await session.get(url, timeout=aiohttp.ClientTimeout(total=5))
            assert isinstance(caught.value, OutsideWorld) or "outside loopback" in str(caught.value)


def test_loopback_works() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        client.connect(server.getsockname())


# The text of a planted test file, by which it is tried that a skip fails where all is required.
SKIPPING = """
import pytest

def test_passes(): pass
def test_skips(): pytest.skip("no server")

@pytest.mark.xfail
def test_expected(): assert False
"""


@pytest.mark.parametrize(("require", "code"), [("all", 1), ("", 0)])
def test_a_skip_fails_where_all_is_required(tmp_path: Path, require: str, code: int) -> None:
    (tmp_path / "test_skipping.py").write_text(SKIPPING, "utf-8")
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text("utf-8"), "utf-8")
    environment = {**os.environ, "KINDRED_REQUIRE": require, "PYTHONPATH": str(ROOT)}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert run.returncode == code, run.stdout + run.stderr
    assert ("1 failed, 1 passed, 1 xfailed" if code else "1 passed, 1 skipped, 1 xfailed") in run.stdout
