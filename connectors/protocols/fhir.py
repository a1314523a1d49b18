"""FHIR R4 search by `_lastUpdated`, one resource type after the other, following the server's `next` links.

`ge` asks for the last instant once more, because more may have been written in it; what was taken of it already is
passed over. The cursor says how far each type was taken: an instant, and how often each version was seen at it. A
server that stamps more than `MOST_AT_ONCE` versions with one instant (a bulk load) cannot be pulled past it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msgspec

from connectors.protocols.access import AgencyAccess
from connectors.protocols.http import call, joined
from connectors.protocols.page import Page, decoded, member
from domain.errors import Invalid, Unavailable

_MOST_LINKS = 100_000
MOST_AT_ONCE = 10_000
"""Versions that may share one `lastUpdated`: the cursor names each of those at its last instant."""


class _Place(msgspec.Struct):
    """How far a type was taken: the last instant, and what was seen at it (`id/version` → times)."""

    instant: str = ""
    seen: dict[str, int] = msgspec.field(default_factory=dict)

    def take(self, resource: Any) -> None:
        instant, version = _stamp(resource, self.instant)
        if instant != self.instant:
            self.instant, self.seen = instant, {}
        self.seen[version] = self.seen.get(version, 0) + 1
        if len(self.seen) > MOST_AT_ONCE:
            raise Unavailable(cause="too many resources share one lastUpdated")


class Fhir:
    """One server. The bearer key stands in `access.headers`; it is never sent to another origin than the server's."""

    def __init__(
        self, session: aiohttp.ClientSession, access: AgencyAccess, paths: tuple[str, ...], options: Mapping[str, str]
    ) -> None:
        self._session = session
        self._access = access
        self._paths = paths

    async def pages(self, cursor: str) -> AsyncIterator[Page]:
        """As `Source.pages`. Pages are cut by count, not where the server cuts, so that they are the same again."""
        places = _places(cursor)
        for path in self._paths:
            rows: list[Any] = []
            place = places.setdefault(path, _Place())
            asked = cursor
            async for resource in self._fresh(path, place.instant, dict(place.seen)):
                place.take(resource)
                rows.append(resource)
                if len(rows) == self._access.page_size:
                    cursor = _text(places)
                    yield Page(tuple(rows), asked, cursor)
                    rows, asked = [], cursor
            if rows:
                cursor = _text(places)
                yield Page(tuple(rows), asked, cursor)

    async def _fresh(self, path: str, instant: str, seen: dict[str, int]) -> AsyncIterator[Any]:
        """The resources of a type from an instant on, without those that were taken before."""
        async for resource in self._search(path, instant):
            at, version = _stamp(resource, instant)
            if at == instant and seen.get(version, 0) > 0:
                seen[version] -= 1
                continue
            yield resource

    async def _search(self, path: str, instant: str) -> AsyncIterator[Any]:
        url = joined(self._access.base_url, path)
        params: dict[str, str] | None = {"_count": str(self._access.page_size)}
        if instant and params is not None:
            params["_lastUpdated"] = f"ge{instant}"
        for _ in range(_MOST_LINKS):
            answer = await call(self._session, self._access, url, params=params)
            if answer.status in (401, 403):
                raise Invalid(field="Authorization", fix="agency.access", cause=f"status {answer.status}")
            if answer.status != 200:
                raise Unavailable(cause=f"status {answer.status}")
            bundle = decoded(answer.body)
            if member(bundle, "resourceType", str) != "Bundle":
                raise Unavailable(cause="the answer is no bundle")
            for entry in _listed(bundle, "entry"):
                yield member(entry, "resource", dict)
            following = _next(bundle)
            if following is None:
                return
            url, params = self._own(following), None
        raise Unavailable(cause="the links have no end")

    def _own(self, url: str) -> str:
        mine, other = urlsplit(self._access.base_url), urlsplit(url)
        if (mine.scheme, mine.netloc) != (other.scheme, other.netloc):
            raise Unavailable(cause="the next link leads elsewhere")
        return url


def _listed(bundle: dict[str, Any], name: str) -> list[Any]:
    """A member that FHIR leaves out where it would be empty."""
    if bundle.get(name) is None:
        return []
    found: list[Any] = member(bundle, name, list)
    return found


def _next(bundle: dict[str, Any]) -> str | None:
    for link in _listed(bundle, "link"):
        if isinstance(link, dict) and link.get("relation") == "next":
            return str(member(link, "url", str))
    return None


def _stamp(resource: Any, before: str) -> tuple[str, str]:
    """When a resource was last updated, and its id and version. One that does not say stands where the last one stood,
    so that it spoils itself alone.
    """
    meta = resource.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    instant = meta.get("lastUpdated")
    return instant if isinstance(instant, str) else before, f"{resource.get('id')}/{meta.get('versionId')}"


def _places(cursor: str) -> dict[str, _Place]:
    if not cursor:
        return {}
    return msgspec.json.decode(cursor, type=dict[str, _Place])


def _text(places: dict[str, _Place]) -> str:
    return msgspec.json.encode(places, order="sorted").decode()
