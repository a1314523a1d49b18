"""Rows that a test made, taken in as an agency's, without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from connectors.agencies.catalogue import BY_NAME
from connectors.parts import Parts
from connectors.progress import Summary
from connectors.protocols.page import Page
from connectors.pull import take_in


class Listed:
    """A source of rows, a page for each list; the cursor counts pages."""

    def __init__(self, pages: Sequence[Sequence[Any]]) -> None:
        self._pages = pages

    async def pages(self, cursor: str) -> AsyncIterator[Page]:
        """As `Source.pages`."""
        for n in range(int(cursor or "0"), len(self._pages)):
            yield Page(tuple(self._pages[n]), str(n), str(n + 1))


class Sending:
    """An agency that sends page after page."""

    def __init__(self, agency: str) -> None:
        self._agency = BY_NAME[agency]
        self.sent: list[Sequence[Any]] = []

    async def send(self, parts: Parts, *rows: Any) -> Summary:
        """Take a page of rows in."""
        self.sent.append(rows)
        return await take_in(self._agency, parts, Listed(self.sent), self._agency.name)
