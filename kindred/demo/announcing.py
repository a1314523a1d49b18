"""What the demo prints once it serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule


def announce(console: Console, url: str, file: str, content: Mapping[str, Any]) -> None:
    """Tokens and queries for each role; tokens stand on lines of their own, uncut, so that they can be copied."""
    for name, role in content["roles"].items():
        console.print(Rule(f"[bold]{name}[/bold]", align="left"))
        case = f"   Kindred-Case: {role['case']}" if role["case"] else ""
        console.print(f"Kindred-Activity: {role['activity']}{case}", highlight=False)
        console.print(escape(role["query"]), highlight=False, style="cyan", soft_wrap=True)
        if role["variables"]:
            console.print(f"variables: {escape(str(role['variables']).replace(chr(39), chr(34)))}", soft_wrap=True)
        console.print(role["token"], highlight=False, soft_wrap=True, style="dim")
    console.print(Rule())
    console.print(f"Serving on [bold]{url}[/bold] (open it in a browser to try queries).", highlight=False)
    console.print(f"All of the above is in {file}. Tokens are good for 8 hours. Ctrl-C ends everything.")
