"""A hub whose agencies are lists in memory: the protocols are left out, all behind them is real."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from connectors.agencies.agency import Agency
from connectors.protocols.page import Page
from tests.worlds.country import Country
from tests.worlds.hub import Hub, hub

Row = dict[str, Any]
_SECRETS = {"tax": {"api_key": ""}, "health": {"bearer": ""}, "casework": {"api_key": ""}}


@dataclass
class Lists:
    """Rows by agency, served `size` at a time; `taken`: all rows in the order in which they were pulled; `pages`: the
    page that each was pulled with."""

    size: int
    rows: dict[str, list[Row]] = field(default_factory=dict)
    taken: list[tuple[str, Row]] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)

    async def pull(self, to: Hub, agency: str, rows: list[Row]) -> None:
        """Serve new rows of one agency and pull them."""
        self.rows.setdefault(agency, []).extend(rows)
        self.taken += [(agency, row) for row in rows]
        first = self.pages[-1] + 1 if self.pages else 0
        self.pages += [first + at // self.size for at in range(len(rows))]
        await to.pull(agency)


@dataclass
class _Source:
    """The protocols' interface over a list; the cursor is the number of rows taken."""

    rows: list[Row]
    size: int

    async def pages(self, cursor: str) -> AsyncIterator[Page]:
        at = int(cursor or "0")
        while at < len(self.rows):
            page = self.rows[at : at + self.size]
            yield Page(tuple(page), str(at) if at else "", str(at + len(page)))
            at += len(page)


def serve(lists: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on every pull is of these lists."""

    def source_of(agency: Agency, *_: object) -> _Source:
        return _Source(lists.rows.setdefault(agency.name, []), lists.size)

    monkeypatch.setattr("connectors.pull.source_of", source_of)


@asynccontextmanager
async def listed(
    lists: Lists, folder: Path, monkeypatch: pytest.MonkeyPatch, keys: Path | None = None
) -> AsyncIterator[Hub]:
    """A hub that pulls from lists. `keys`: a key file to share with another one; `serve` then says whose turn it is."""
    serve(lists, monkeypatch)
    (folder / "keys").mkdir(parents=True)
    (folder / "credentials.json").write_text(json.dumps(_SECRETS))
    (folder / "keys" / "agencies.jwks.json").write_text(json.dumps({"keys": []}))
    async with hub(Country("http://127.0.0.1:9", folder, {}), folder / "hub", keys=keys) as made:
        yield made
