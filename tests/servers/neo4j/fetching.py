"""Fetching Neo4j into Maven's own cache: `python -m tests.servers.neo4j.fetching`, which `make services` runs.

What is kept here is the class path alone, beside the digest of the pom it was made from.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

POM = Path(__file__).with_name("pom.xml")
_KEPT = Path(__file__).resolve().parents[3] / "var" / "services" / "neo4j.classpath"
_SECONDS = 600


class Missing(Exception):
    """The server cannot be run here; the text says in one line what to do."""


def class_path() -> str:
    """The class path of a server that is there. Raises Missing, telling what to run, if it is not."""
    if shutil.which("java") is None:
        raise Missing("Neo4j needs Java 17 or 21 on the path")
    try:
        digest, _, kept = _KEPT.read_text("utf-8").strip().partition("\n")
    except OSError:
        digest, kept = "", ""
    if digest != _digest() or not all(Path(jar).exists() for jar in kept.split(os.pathsep)):
        raise Missing("Neo4j is not fetched yet: run `make services`")
    return kept


def fetch() -> str:
    """Resolve the two artifacts that the pom names, about 120 MB the first time; the class path."""
    try:
        return class_path()
    except Missing:
        pass
    if shutil.which("java") is None or shutil.which("mvn") is None:
        raise Missing("Neo4j needs Java 17 or 21, and Maven to fetch it, on the path")
    _KEPT.parent.mkdir(parents=True, exist_ok=True)
    found = _KEPT.with_suffix(".found")
    command = ["mvn", "--batch-mode", "--quiet", "--file", str(POM), "dependency:build-classpath"]
    ended = subprocess.run([*command, f"-Dmdep.outputFile={found}"], timeout=_SECONDS, check=False)
    if ended.returncode:
        raise Missing(f"Maven could not fetch Neo4j (it ended with {ended.returncode})")
    found.write_text(f"{_digest()}\n{found.read_text('utf-8').strip()}\n", "utf-8")
    found.replace(_KEPT)
    return class_path()


def _digest() -> str:
    return sha256(POM.read_bytes()).hexdigest()


if __name__ == "__main__":
    try:
        jars = fetch().split(os.pathsep)
    except Missing as missing:
        sys.exit(str(missing))
    sys.stdout.write(f"neo4j: ready ({len(jars)} jars)\n")
