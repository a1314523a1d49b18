"""The verbs, put together. Errors end in one line on standard error: code, what is at fault, how to mend it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from domain.errors import KindredError
from kindred.cli import (
    backup,
    demo,
    erase,
    held,
    identity,
    importing,
    keys,
    ledger,
    migrate,
    pull,
    restore,
    schema,
    serve,
    simulate,
    token,
)
from kindred.logs import set_up
from kindred.startup import check_rooms

app = typer.Typer(
    name="kindred",
    help="Joins what agencies know about families, shows each reader only their part, and writes every look down.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
app.command("pull")(pull.pull)
app.command("quarantine")(held.quarantine)
app.command("flags")(held.list_flags)
app.add_typer(importing.app, name="import")
app.command("simulate", context_settings=simulate.PASSED_ON)(simulate.simulate)
app.command("migrate")(migrate.migrate)
app.command("token")(token.token)
app.command("erase")(erase.erase)
app.command("backup")(backup.backup)
app.command("restore")(restore.restore)
app.command("schema")(schema.schema)
app.add_typer(identity.app, name="identity")
app.add_typer(keys.app, name="keys")
app.add_typer(ledger.app, name="ledger")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a verb and exit: 0 when all went well, 1 for an error of ours, 2 for a wrong call."""
    os.umask(0o077)  # whatever is written, stores and exports too, is for its owner alone until they say otherwise
    set_up()
    try:
        check_rooms()
        app(args=None if arguments is None else list(arguments), prog_name="kindred")
    except KindredError as error:
        sys.stderr.write(f"kindred: {told(error)}\n")
        sys.exit(1)


def told(error: KindredError) -> str:
    """An error in one line. The operator sees the private cause; it holds nothing of people."""
    parts = [error.code.value, error.field, error.cause, f"fix: {error.fix}" if error.fix else None]
    return ": ".join(part for part in parts if part)
