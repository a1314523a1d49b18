"""The command line: one verb a file."""

from __future__ import annotations

from kindred.cli.verbs import main

__all__ = ["main"]
