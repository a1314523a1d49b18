"""X-Road REST (message protocol for REST, v1): changes of a service, since a cursor."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Mapping

import aiohttp

from connectors.protocols.access import AgencyAccess
from connectors.protocols.http import Answer, call, joined
from connectors.protocols.page import Page, decoded, member, moved
from domain.errors import Invalid, Unavailable


class XRoad:
    """One service of a provider, `path` = INSTANCE/CLASS/MEMBER/SUBSYSTEM/SERVICE.

    The header X-Road-Client stands in `access.headers`. Nothing that comes back in an X-Road header grants anything.
    """

    def __init__(
        self, session: aiohttp.ClientSession, access: AgencyAccess, paths: tuple[str, ...], options: Mapping[str, str]
    ) -> None:
        self._session = session
        self._access = access
        self._url = joined(access.base_url, f"r1/{paths[0]}")

    async def pages(self, cursor: str) -> AsyncIterator[Page]:
        """As `Source.pages`. A fault of the X-Road layer is told by its type; those of 4xx are Invalid."""
        more = True
        while more:
            params = {"limit": str(self._access.page_size)} | ({"since": cursor} if cursor else {})
            message = str(uuid.uuid4())
            answer = await call(self._session, self._access, self._url, params=params, headers={"X-Road-Id": message})
            _check(answer, message)
            body = decoded(answer.body)
            rows, following = tuple(member(body, "items", list)), member(body, "next", str)
            more = member(body, "more", bool)
            if not moved(cursor, following, len(rows)):
                return
            yield Page(rows, cursor, following)
            cursor = following


def _check(answer: Answer, message: str) -> None:
    fault = answer.headers.get("X-Road-Error")
    if fault is not None or answer.status != 200:
        cause = f"X-Road status {answer.status}"
        if 400 <= answer.status < 500:
            raise Invalid(field="X-Road-Client", fix="agency.access", cause=cause)
        raise Unavailable(cause=cause)
    if answer.headers.get("X-Road-Id", message) != message:
        raise Unavailable(cause="the answer is to another message")
