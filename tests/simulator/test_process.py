"""The program: it says when it is ready, takes events by command, ends when told or with its parent."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "simulator"]


@contextmanager
def _served(out: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    arguments = [*PROGRAM, "serve", "--people", "100", "--seed", "2", "--out", str(out), *more]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        try:
            ready, until = out / "ready.json", time.monotonic() + 30
            while not ready.exists():
                assert child.poll() is None
                assert time.monotonic() < until
                time.sleep(0.02)
            assert json.loads(ready.read_bytes())["pid"] == child.pid
            yield child
        finally:
            if child.poll() is None:
                child.kill()


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    with _served(tmp_path, "--with-parent") as child:
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(10) == 0
        assert not (tmp_path / "ready.json").exists()


def test_it_stays_when_stdin_ends_without_being_told(tmp_path: Path) -> None:
    with _served(tmp_path) as child:
        assert child.stdin is not None
        child.stdin.close()
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.5)
        child.send_signal(signal.SIGTERM)
        assert child.wait(10) == 0


def test_events_by_command(tmp_path: Path) -> None:
    with _served(tmp_path):
        record = json.loads((tmp_path / "sample.json").read_bytes())["family_member"]["recordId"]
        command = [*PROGRAM, "event", "--dir", str(tmp_path), "grade", f"recordId={record}"]
        played = subprocess.run([*command, "grade=strict"], capture_output=True, check=True)
        assert json.loads(played.stdout)["rows"][0]["recordId"] == record
        refused = subprocess.run([*command, "grade=none"], capture_output=True, check=False)
        assert refused.returncode == 1
        assert b"no such grade" in refused.stderr


def test_memory_does_not_grow_with_the_people(tmp_path: Path) -> None:
    peaks = []
    for people in ("1000", "4500"):
        command = [*PROGRAM, "generate", "--people", people, "--out", str(tmp_path)]
        told = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": "0"})
        found = re.search(rb"peak (\d+) MB", told.stderr)
        assert found is not None
        peaks.append(int(found[1]))
    assert max(peaks) < 150
    assert peaks[1] - peaks[0] < 12
