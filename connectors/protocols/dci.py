"""DCI sync search (spdci registries): signed envelopes, changes after a `change_seq`.

Requests are strict and signed; answers are read tolerantly once their signature holds. Raw query expressions are
never sent.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping
from datetime import UTC
from typing import Any

import aiohttp
import msgspec

from connectors.protocols.access import AgencyAccess
from connectors.protocols.http import call, joined
from connectors.protocols.page import Page, decoded, member, moved
from connectors.protocols.signed import Keys, digest, signed, verify_envelope
from domain.clock import Clock
from domain.errors import Invalid, Unavailable

_SENDER = "kindred"


class Dci:
    """One registry. The cursor is the `change_seq` of the last row taken; `clock` stamps the requests."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        access: AgencyAccess,
        paths: tuple[str, ...],
        options: Mapping[str, str],
        clock: Clock,
    ) -> None:
        if access.signing_key is None:
            raise Invalid(field="signing_key", fix="agency.access", cause="requests have to be signed")
        self._session = session
        self._access = access
        self._clock = clock
        self._url = joined(access.base_url, paths[0])
        self._reg_type, self._issuer = options["reg_type"], options["issuer"]
        self._key = access.signing_key
        self._keys = Keys(access.keys)

    async def pages(self, cursor: str) -> AsyncIterator[Page]:
        """As `Source.pages`. An answer whose signature is missing or wrong is refused as Unavailable."""
        while True:
            rows = await self._after(cursor or "0")
            following = _last(rows) if rows else cursor
            if not moved(cursor, following, len(rows)):
                return
            yield Page(tuple(rows), cursor, following)
            cursor = following
            if len(rows) < self._access.page_size:
                return

    async def _after(self, sequence: str) -> list[Any]:
        header, message = self._request(sequence)
        signature = signed(self._key, digest(header, message))
        body = msgspec.json.encode({"signature": signature, "header": header, "message": message})
        answer = await call(
            self._session, self._access, self._url, body=body, headers={"Content-Type": "application/json"}
        )
        if answer.status in (401, 403):
            raise Invalid(field="signing_key", fix="agency.access", cause=f"status {answer.status}")
        if answer.status != 200:
            raise Unavailable(cause=f"status {answer.status}")
        envelope = decoded(answer.body)
        member(envelope, "message", dict)
        # Canonical form and digest of a large page take long enough to be worth a thread.
        await asyncio.to_thread(verify_envelope, self._keys, self._issuer, envelope)
        return _records(envelope, message["transaction_id"])

    def _request(self, sequence: str) -> tuple[dict[str, Any], dict[str, Any]]:
        now = self._clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        header = {
            "version": "1.0.0",
            "message_id": str(uuid.uuid4()),
            "message_ts": now,
            "action": "search",
            "sender_id": _SENDER,
            "total_count": 1,
        }
        after = {"attribute_name": "change_seq", "operator": "gt", "attribute_value": sequence}
        criteria = {
            "reg_type": self._reg_type,
            "reg_event_type": "all",
            "query_type": "predicate",
            "query": [{"seq_num": 1, "expression1": after}],
            "sort": [{"attribute_name": "change_seq", "sort_order": "asc"}],
            "pagination": {"page_size": self._access.page_size, "page_number": 1},
        }
        search = {"reference_id": str(uuid.uuid4()), "timestamp": now, "search_criteria": criteria}
        return header, {"transaction_id": str(uuid.uuid4()), "search_request": [search]}


def _records(envelope: dict[str, Any], transaction: str) -> list[Any]:
    """The rows of a verified answer to our own transaction. A search that failed is Unavailable."""
    if member(envelope, "header", dict).get("status") != "succ":
        raise Unavailable(cause="the registry could not search")
    message = member(envelope, "message", dict)
    if message.get("transaction_id") != transaction:
        raise Unavailable(cause="the answer is to another transaction")
    responses = member(message, "search_response", list)
    if len(responses) != 1 or not isinstance(responses[0], dict) or responses[0].get("status") != "succ":
        raise Unavailable(cause="the search failed")
    rows: list[Any] = member(member(responses[0], "data", dict), "reg_records", list)
    return rows


def _last(rows: list[Any]) -> str:
    """The place of the last row that has one; a row without spoils itself alone, a page without ends the pull."""
    for row in reversed(rows):
        sequence = row.get("change_seq") if isinstance(row, dict) else None
        if isinstance(sequence, int) and not isinstance(sequence, bool):
            return str(sequence)
    raise Unavailable(cause="rows without a place in the sequence")
