"""Paged JSON with a change cursor: `{"data": […], "cursor": "…", "has_more": …}`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import aiohttp

from connectors.protocols.access import AgencyAccess
from connectors.protocols.http import call, joined
from connectors.protocols.page import Page, decoded, member, moved
from domain.errors import Invalid, Unavailable


class PagedJson:
    """One list of changes. The key stands in `access.headers`."""

    def __init__(
        self, session: aiohttp.ClientSession, access: AgencyAccess, paths: tuple[str, ...], options: Mapping[str, str]
    ) -> None:
        self._session = session
        self._access = access
        self._url = joined(access.base_url, paths[0])

    async def pages(self, cursor: str) -> AsyncIterator[Page]:
        """As `Source.pages`."""
        more = True
        while more:
            params = {"limit": str(self._access.page_size)} | ({"cursor": cursor} if cursor else {})
            answer = await call(self._session, self._access, self._url, params=params)
            if answer.status in (401, 403):
                raise Invalid(field="X-Api-Key", fix="agency.access", cause=f"status {answer.status}")
            if answer.status != 200:
                raise Unavailable(cause=f"status {answer.status}")
            body = decoded(answer.body)
            rows, following = tuple(member(body, "data", list)), member(body, "cursor", str)
            more = member(body, "has_more", bool)
            if not moved(cursor, following, len(rows)):
                return
            yield Page(rows, cursor, following)
            cursor = following
