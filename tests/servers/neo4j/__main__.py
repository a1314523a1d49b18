"""`make neo4j`: a server for a developer, in the foreground, until SIGINT or SIGTERM.

python -m tests.servers.neo4j [FOLDER [PORT]]
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from tests.servers.neo4j.fetching import Missing, class_path
from tests.servers.neo4j.server import Neo4jServer

_FOLDER, _PORT = Path("var/neo4j"), 7687


def main(arguments: list[str]) -> int:
    """Start, say where it is and how to use it, wait, end it."""
    folder = Path(arguments[0] if arguments else _FOLDER).resolve()
    port = int(arguments[1]) if len(arguments) > 1 else _PORT
    try:
        server = Neo4jServer(folder, class_path(), port=port)
    except Missing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        server.start()
        sys.stdout.write(
            f"Neo4j answers on {server.address}, its data in {folder}. Ctrl-C ends it.\n\n"
            f"export KINDRED_GRAPH={server.address}\n"
            f"export KINDRED_GRAPH_CREDENTIALS={server.credentials}\n"
        )
        sys.stdout.flush()
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.stop()


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main(sys.argv[1:]))
