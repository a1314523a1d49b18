"""A synthetic country in a child process, as an operator starts it; ended by the test that started it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

_READY_SECONDS = 120


@dataclass(frozen=True)
class Country:
    """A running country: where it serves, its files, and the key with which the hub signs its requests."""

    url: str
    out: Path
    signing_key: dict[str, Any]

    def read(self, name: str) -> Any:
        """One of its JSON files."""
        return json.loads((self.out / name).read_bytes())

    @property
    def sample(self) -> dict[str, Any]:
        """Sample people, officers and cases."""
        found: dict[str, Any] = self.read("sample.json")
        return found

    def manifest(self) -> list[dict[str, Any]]:
        """Every row as served, in served order per agency, with the errors injected."""
        return [json.loads(line) for line in (self.out / "manifest.ndjson").read_bytes().splitlines()]

    def play(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Play an event; its rows can be pulled when this returns."""
        return self._control("/_control/events", {"type": kind, **fields})

    def fault(self, agency: str, kind: str, times: int = 1, delay: float = 0.0) -> None:
        """Make an agency misbehave for a number of calls."""
        self._control("/_control/faults", {"agency": agency, "kind": kind, "times": times, "delay": delay})

    def _control(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "X-Control-Key": self.read("credentials.json")["control"]["key"]}
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers)  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            found: dict[str, Any] = json.loads(answer.read())
            return found


@contextmanager
def country(out: Path, *, people: int, seed: int, options: tuple[str, ...] = ()) -> Iterator[Country]:
    """Start a country of at least `people` and wait until it serves; ended when the block is left."""
    out.mkdir(parents=True, exist_ok=True)
    key = ECKey.generate_key("P-256", {"kid": "kindred-1"}, private=True)
    clients = out / "clients.jwks.json"
    clients.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    command = [sys.executable, "-m", "simulator", "serve", "--people", str(people), "--seed", str(seed)]
    command += ["--out", str(out), "--clients", str(clients), "--with-parent", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        try:
            yield Country(_ready(child, out), out, key.as_dict(private=True))
        finally:
            if child.stdin is not None:
                child.stdin.close()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()


def _ready(child: subprocess.Popen[bytes], out: Path) -> str:
    until = time.monotonic() + _READY_SECONDS
    while not (out / "ready.json").exists():
        if child.poll() is not None or time.monotonic() > until:
            raise RuntimeError("the country did not come up")
        time.sleep(0.02)
    url: str = json.loads((out / "ready.json").read_bytes())["url"]
    return url
