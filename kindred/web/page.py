"""The demo's query page: one file, no network, no script of others."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "page.html"


@cache
def page_html() -> str:
    """The page."""
    return _FILE.read_text(encoding="utf-8")


@cache
def page_headers() -> dict[str, str]:
    """A policy under which the page's own script and style run, nothing else does, and it speaks to its host alone."""
    script, style = (_hash(_between(page_html(), f"<{tag}>", f"</{tag}>")) for tag in ("script", "style"))
    policy = (
        f"default-src 'none'; script-src {script}; style-src {style}; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    return {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}


def _between(text: str, opening: str, closing: str) -> str:
    return text.partition(opening)[2].partition(closing)[0]


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
