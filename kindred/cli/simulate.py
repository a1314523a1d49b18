"""`kindred simulate`."""

from __future__ import annotations

import subprocess
import sys

import typer

from kindred.demo.country import country_environment

PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def simulate(context: typer.Context) -> None:
    """Run the synthetic country, a program of its own: what follows is passed on (try `simulate --help`)."""
    command = [sys.executable, "-m", "simulator", *context.args]
    try:
        done = subprocess.run(command, env=country_environment(), check=False)  # noqa: S603 - our own program, no shell
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    raise typer.Exit(done.returncode)
