"""`kindred ledger export` and `kindred ledger verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from domain.errors import Invalid, Unavailable
from kindred.settings import Settings, read_settings
from policy.ledger.auditing import verify_store
from policy.ledger.export import export_ledger
from policy.ledger.judging import Outcome, Verdict
from policy.ledger.publishing import publish_first
from policy.ledger.verifying import verify_export
from vault.key_ring import KeyRing
from vault.provider import FileProvider

app = typer.Typer(help="Export the ledger and check it.", no_args_is_help=True)

To = Annotated[Path, typer.Option("--to", help="File to write: one leaf a line, then the signed checkpoint.")]
File = Annotated[Path | None, typer.Option("--file", help="An export to check; the ledger itself by default.")]
Key = Annotated[Path | None, typer.Option("--key", help="The ledger's public verifier key; the settings' by default.")]
Checkpoint = Annotated[
    Path | None, typer.Option("--checkpoint", help="A checkpoint kept elsewhere, from which the log must have grown.")
]


@app.command("export")
def export(to: To) -> None:
    """Write the ledger, as signed now, to a file that can be checked anywhere."""
    settings = read_settings()
    ring = KeyRing.open(FileProvider(settings.keys))
    print(f"{export_ledger(settings.ledger, ring, to)} leaves")


@app.command("publish")
def publish() -> None:
    """Publish the ledger's checkpoint where KINDRED_LEDGER_CHECKPOINT says, for the first time.

    Look at the ledger first (`kindred ledger verify`): from then on this is what it has to have grown from.
    """
    settings = read_settings()
    if settings.ledger_checkpoint is None:
        raise Invalid(field="KINDRED_LEDGER_CHECKPOINT", fix="name_a_file", cause="no file named")
    publish_first(settings.ledger, KeyRing.open(FileProvider(settings.keys)), settings.ledger_checkpoint)
    print("published")


@app.command("verify")
def verify(file: File = None, key: Key = None, checkpoint: Checkpoint = None) -> None:
    """Check the ledger or an export of it. Exits with 0 if it is intact, 1 if altered (says where), 2 if unsure."""
    settings = read_settings()
    verdict = _verdict(settings, file, key or settings.ledger_key, checkpoint)
    print(verdict.text)
    raise typer.Exit(int(verdict.outcome))


def _verdict(settings: Settings, file: Path | None, key: Path | None, checkpoint: Path | None) -> Verdict:
    if key is None:
        return Verdict(Outcome.CANNOT_TELL, "name the ledger's public key with --key")
    try:
        verifier = key.read_text(encoding="utf-8")
        note = checkpoint.read_text(encoding="utf-8") if checkpoint is not None else None
    except (OSError, UnicodeDecodeError):
        return Verdict(Outcome.CANNOT_TELL, "key or checkpoint cannot be read")
    if file is not None:
        return verify_export(file, verifier, note)
    return verify_store(settings.ledger, verifier, note, _ring(settings))


def _ring(settings: Settings) -> KeyRing | None:
    """The hub's keys, where they are at hand: whoever checks without them is told what stays open."""
    try:
        return KeyRing.open(FileProvider(settings.keys))
    except (Invalid, Unavailable):
        return None
