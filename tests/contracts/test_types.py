"""What mypy refuses: a resolver that calls a store's method it may not have.

Imports cannot hold this: whoever is handed an object needs no import to call it. The store's port is split into a
Reader, a Writer and Upkeep, and the types refuse the rest.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.contracts.house import ROOT

REFUSED = "# refused"

SNIPPET = f"""
from collections.abc import Sequence

from connectors.parts import Parts
from domain.ids import KeyHash, PersonId
from graph.port import Reader, Upkeep, Writer
from graph.shapes import Batch
from resolvers.gate.gate import Gate
from resolvers.request import RequestContext
from vault.key_ring import KeyRing


async def through_a_writer(writer: Writer, ids: Sequence[PersonId], keys: Sequence[KeyHash], batch: Batch) -> None:
    await writer.write(batch)
    await writer.claims(ids)
    await writer.facts(ids)  {REFUSED}
    await writer.records(ids, [1])  {REFUSED}
    await writer.links(ids, frozenset())  {REFUSED}
    await writer.find(keys)  {REFUSED}
    await writer.owners(keys)  {REFUSED}
    await writer.search(keys, 1)  {REFUSED}
    await writer.households([])  {REFUSED}
    await writer.lineage(ids)  {REFUSED}
    writer.scan()  {REFUSED}


async def through_a_reader(reader: Reader, ids: Sequence[PersonId], batch: Batch) -> None:
    await reader.facts(ids)
    await reader.write(batch)  {REFUSED}
    await reader.claims(ids)  {REFUSED}
    await reader.pending(1)  {REFUSED}
    await reader.settle([])  {REFUSED}
    await reader.migrate()  {REFUSED}


async def one_for_another(reader: Reader, writer: Writer, upkeep: Upkeep) -> None:
    read: Reader = writer  {REFUSED}
    write: Writer = reader  {REFUSED}
    read_2: Reader = upkeep  {REFUSED}
    keep: Upkeep = writer  {REFUSED}


async def through_the_context(context: RequestContext, ids: Sequence[PersonId]) -> None:
    gate = context.gate
    assert gate is not None
    await gate.know(ids)
    context.reader  {REFUSED}
    context.parts  {REFUSED}
    context.docket  {REFUSED}
    context.ledger  {REFUSED}


async def through_the_gate(gate: Gate, ids: Sequence[PersonId]) -> None:
    gate.reader  {REFUSED}
    gate.parts  {REFUSED}
    gate.opener  {REFUSED}
    gate.docket  {REFUSED}
    gate.ledger  {REFUSED}
    await gate.facts(ids)  {REFUSED}
    await gate.records(ids, [1])  {REFUSED}
    await gate.links(ids, frozenset())  {REFUSED}


def through_the_keys(ring: KeyRing, parts: Parts) -> None:
    ring.sealer
    ring.unsealer  {REFUSED}
    ring.unseal  {REFUSED}
    ring.key  {REFUSED}
    parts.unsealer  {REFUSED}
"""


def refused_lines(folder: Path, text: str) -> set[int]:
    """Numbers of the lines that mypy refuses in a module's text, under the project's own settings."""
    module = folder / "planted_calls.py"
    module.write_text(text, "utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--no-error-summary"]
    run = subprocess.run([*command, str(module)], cwd=ROOT, capture_output=True, text=True, timeout=180)
    assert run.returncode in (0, 1), run.stdout + run.stderr
    # Not the whole path: what mypy remembers of an earlier run names the folder of that run.
    return {int(number) for number in re.findall(rf"{module.name}:(\d+): error:", run.stdout)}


def test_what_resolvers_may_not_call_is_refused(tmp_path: Path) -> None:
    marked = {number for number, line in enumerate(SNIPPET.splitlines(), 1) if REFUSED in line}
    assert len(marked) > 30
    assert refused_lines(tmp_path, SNIPPET) == marked


def test_without_the_split_nothing_would_be_refused(tmp_path: Path) -> None:
    """The control: were everything of any type, the same calls would pass."""
    joined = re.sub(r": (Reader|Writer|Upkeep|Gate|KeyRing|Parts|RequestContext)\b", ": Any", SNIPPET)
    assert refused_lines(tmp_path, "from typing import Any\n" + joined) == set()


def test_private_parts_of_the_gate_are_refused_by_style() -> None:
    """Types let `gate._parts` pass; the style check does not, in any room that has no leave in the project file."""
    snippet = "def through_the_back(gate: object) -> object:\n    return gate._parts\n"
    for room in ("resolvers/reads", "schema", "kindred", "connectors"):
        command = [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--no-cache",
            "--select",
            "SLF001",
            "--output-format",
            "concise",
        ]
        run = subprocess.run(
            [*command, "--stdin-filename", str(ROOT / room / "planted.py"), "-"],
            cwd=ROOT,
            input=snippet,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert "SLF001" in run.stdout, (room, run.stdout, run.stderr)
