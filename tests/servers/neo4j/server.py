"""One Neo4j server: a home of its own, Bolt on loopback, ended by its id."""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from neo4j import GraphDatabase, TrustCustomCAs
from neo4j.exceptions import DriverError, Neo4jError

USER = "neo4j"
_MAIN = "org.neo4j.server.CommunityEntryPoint"
_ADMIN = "org.neo4j.cli.AdminTool"
_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
_READY_SECONDS = 120.0
_STOP_SECONDS = 30.0
_POLL_SECONDS = 0.1
_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG: a server does not outlive whoever started it, even if that is killed."""

_OPEN = """SHOW TRANSACTIONS YIELD currentQuery, activeLockCount
    WHERE activeLockCount > 0 AND NOT coalesce(currentQuery, '') STARTS WITH 'SHOW TRANSACTIONS' RETURN count(*)"""

_CONF: Mapping[str, str] = {
    "server.default_listen_address": "127.0.0.1",
    "server.http.enabled": "false",
    "server.https.enabled": "false",
    "dbms.usage_report.enabled": "false",
    "db.tx_log.preallocate": "false",
    "db.tx_log.rotation.retention_policy": "2 files",
    # Else a test with a wrong password would lock the next one out for seconds.
    "dbms.security.auth_max_failed_attempts": "0",
}


class Neo4jServer:
    """A server over a folder: what is in the folder stays there from one start to the next."""

    def __init__(
        self,
        home: Path,
        jars: str,
        *,
        port: int = 0,
        heap_mb: int = 512,
        page_cache_mb: int = 128,
        java: tuple[str, ...] = (),
        conf: Mapping[str, str] | None = None,
    ) -> None:
        """`port` 0 takes a free one, kept for later starts; `java`, `conf`: more options of the JVM, of the server."""
        self.home = home
        self.port = port or _free_port()
        self.credentials = home / "credentials"
        self._jars = jars
        self._java = ("-XX:+UseSerialGC", "-XX:-UsePerfData", f"-Xms{heap_mb // 2}m", f"-Xmx{heap_mb}m", *java)
        self._conf = {
            **_CONF,
            "server.bolt.listen_address": f"127.0.0.1:{self.port}",
            "server.bolt.advertised_address": f"127.0.0.1:{self.port}",
            "server.memory.heap.initial_size": f"{heap_mb // 2}m",
            "server.memory.heap.max_size": f"{heap_mb}m",
            "server.memory.pagecache.size": f"{page_cache_mb}m",
            **(conf or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers, as KINDRED_GRAPH takes it."""
        return f"neo4j://127.0.0.1:{self.port}"

    @property
    def password(self) -> str:
        """The password that the credentials file holds."""
        return self.credentials.read_text("utf-8").strip().partition("/")[2]

    @property
    def pid(self) -> int:
        """The running process's id."""
        assert self._process is not None, "the server was not started"
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def start(self, *, ca: Path | None = None) -> Neo4jServer:
        """Start it, with a password of its own at the first start, and wait until it answers.

        `ca`: its certificate, if it speaks TLS.
        """
        (self.home / "conf").mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = "".join(f"{name}={value}\n" for name, value in sorted(self._conf.items()))
        (self.home / "conf" / "neo4j.conf").write_text(lines, "utf-8")
        if not self.credentials.exists():
            self._set_password()
        log = (self.home / "server.log").open("ab")
        with log:
            self._process = subprocess.Popen(
                self._command(_MAIN, f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        self._wait_until_ready(ca)
        return self

    def _wait_until_ready(self, ca: Path | None) -> None:
        """Wait until it answers a query. Fails with the end of its log if it ends or takes too long."""
        deadline = time.monotonic() + _READY_SECONDS
        secured: dict[str, Any] = (
            {} if ca is None else {"encrypted": True, "trusted_certificates": TrustCustomCAs(str(ca))}
        )
        with GraphDatabase.driver(f"bolt://127.0.0.1:{self.port}", auth=(USER, self.password), **secured) as driver:
            while time.monotonic() < deadline and self.running:
                try:
                    with driver.session(database="neo4j") as session:
                        session.run("RETURN 1").consume()
                except (DriverError, Neo4jError):
                    time.sleep(_POLL_SECONDS)
                else:
                    return
        told = "".join(
            log.read_text("utf-8", "replace")[-2000:]
            for log in (self.home / "logs" / "neo4j.log", self.home / "server.log")
            if log.exists()
        )
        self.kill()
        raise AssertionError(f"Neo4j did not come up:\n{told}")

    def writing(self) -> int:
        """How many transactions of others are open, by the server's own word, that have written something."""
        address = f"bolt://127.0.0.1:{self.port}"
        with GraphDatabase.driver(address, auth=(USER, self.password)) as driver, driver.session() as session:
            return int(session.run(_OPEN).single(strict=True)[0])

    def wait(self) -> int:
        """Wait until it ends by itself; its exit code."""
        return self._process.wait() if self._process is not None else 0

    def kill(self) -> None:
        """SIGKILL, at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """Ask it to end, then make it."""
        if self._process is None:
            return
        if self.running:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def _set_password(self) -> None:
        """Choose one and tell the server's own tool, in a file: a command line could be read by everyone here."""
        password = secrets.token_urlsafe(18)
        arguments = self.home / "password.args"
        _write_private(arguments, f"dbms\nset-initial-password\n{password}\n")
        environment = {**os.environ, "NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")}
        try:
            ended = subprocess.run(
                self._command(_ADMIN, f"@{arguments}"),
                env=environment,
                capture_output=True,
                timeout=_READY_SECONDS,
                check=False,
            )
        finally:
            arguments.unlink()
        assert ended.returncode == 0, f"no password was set: {ended.stderr.decode(errors='replace')[-500:]}"
        _write_private(self.credentials, f"{USER}/{password}\n")

    def _command(self, main: str, *arguments: str) -> list[str]:
        opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED]
        return ["java", *self._java, *opened, "-cp", self._jars, main, *arguments]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
