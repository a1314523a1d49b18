"""`kindred identity train`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from domain.clock import SystemClock
from domain.errors import Invalid
from identity.model import Figures, packed, read_model
from kindred.settings import read_settings

app = typer.Typer(help="Models that tell who is the same person.", no_args_is_help=True)

From = Annotated[list[Path], typer.Option("--from", help="File of statements, one a line of JSON; may be repeated.")]
To = Annotated[Path, typer.Option("--to", help="Where to write the model.")]
Name = Annotated[str, typer.Option("--name", help="The model's name; its version is this and a digest.")]
People = Annotated[int, typer.Option("--people", min=2, help="How many people the hub is to know.")]
Pairs = Annotated[int, typer.Option("--pairs", min=1000, help="How many random pairs to learn coincidence from.")]
Seed = Annotated[int, typer.Option("--seed", help="Which random pairs.")]
Source = Annotated[str, typer.Option("--source", help="What the statements are, to stand in the model.")]


@app.callback()
def _identity() -> None:
    """Models that tell who is the same person."""


@app.command("train")
def train(
    files: From,
    to: To,
    name: Name = "trained",
    people: People = 20_000,
    pairs: Pairs = 2_000_000,
    seed: Seed = 1,
    source: Source = "statements given by path",
) -> None:
    """Learn a model from statements, in memory alone, with Splink (the extra `identity`), and write it to a file."""
    figures = _trained(files, name, people, pairs, seed, source)
    content = packed(figures)
    version = read_model(content).version
    to.write_bytes(content)
    print(version)


def _trained(files: list[Path], name: str, people: int, pairs: int, seed: int, source: str) -> Figures:
    try:
        from kindred.training.hub_model import model_of
        from kindred.training.statements import read_statements
    except ModuleNotFoundError:
        raise Invalid(field="identity", fix="pip install kindred[identity]", cause="Splink is not installed") from None
    today = SystemClock(read_settings().zone).today()
    return model_of(read_statements(files), name, people, today, pairs, seed, source)
