"""Errors of a source say whose source it is: an operator pulls many agencies, and each may fail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from connectors.protocols.page import Page, Source
from domain.errors import KindredError


@contextmanager
def naming(agency: str) -> Iterator[None]:
    """Errors raised inside have the agency in `field`, before whatever stood there: `tax`, `tax.X-Api-Key`."""
    try:
        yield
    except KindredError as error:
        error.field = f"{agency}.{error.field}" if error.field else agency
        raise


class Named:
    """A source whose errors name its agency."""

    def __init__(self, agency: str, inner: Source) -> None:
        self._agency = agency
        self._inner = inner

    async def pages(self, cursor: str) -> AsyncIterator[Page]:
        """As `Source.pages`."""
        with naming(self._agency):
            async for page in self._inner.pages(cursor):
                yield page
