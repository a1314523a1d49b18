"""The way out, top to bottom: mandate → execute behind the gate → entry, durable → last look → and only then bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import structlog

from domain.entries import Entry
from domain.error_texts import PUBLIC_TEXT
from domain.errors import Broken, Code, Invalid, KindredError, Refused, Unavailable
from domain.ids import PersonId
from domain.principals import Principal
from policy.ledger.ledger import Ledger
from resolvers.gate.admit import admit, mandate_for
from resolvers.gate.asked import Asked
from resolvers.gate.entry import disclosure, named, not_sent, refusal
from resolvers.gate.gate import Gate
from resolvers.gate.parts import GateParts
from resolvers.request import Answer, Executor, Prepared, Request, RequestContext

_ATTEMPTS = 2
"""One answer, and one fresh answer if protection changed while the first was written down."""

_log = structlog.get_logger(__name__)


class Answering:
    """Answers requests of verified principals."""

    def __init__(self, parts: GateParts) -> None:
        self._parts = parts
        self._ledger: Ledger = parts.ledger

    async def answer(self, principal: Principal, request: Request, executor: Executor) -> Answer:
        """Status and body. Never raises KindredError; no data is in the body that the ledger does not have."""
        try:
            if request.activity is None:
                prepared = executor.prepare(request)
                if prepared.public:
                    return _encoded(await executor.run(prepared, request, self._context(None)))
            return await self._behind_the_gate(principal, request, executor)
        except KindredError as error:
            _log.info("refused", code=error.code.value, cause=error.cause)
            status, body = error_body(error)
            return Answer(status, body)

    async def _behind_the_gate(self, principal: Principal, request: Request, executor: Executor) -> Answer:
        told: frozenset[PersonId] = frozenset()
        for attempt in range(_ATTEMPTS):
            asked = self._asked(principal, request)
            try:
                gate = await admit(self._parts, principal, asked.request_id, request.activity, request.case)
            except Refused as refused:
                await self._append(refusal(self._parts, principal, asked, refused.code.value))
                raise
            prepared = executor.prepare(request)
            asked = gate.asked = self._asked(principal, request, asked.request_id, prepared)
            payload = await executor.run(prepared, request, self._context(gate))
            encoded = _encoded(payload)
            sequence = await gate.sequence()
            told |= named(gate.altered) if gate.altered is not None else frozenset()
            entry = disclosure(self._parts, gate, asked, sequence, told)
            await self._append(entry)
            if await self._still_so(principal, request, gate):
                return encoded
            await self._append(not_sent(self._parts, gate, asked, sequence, attempt))
            told |= named(entry)
            if prepared.alters:
                break  # it is done and in the ledger: who asks again with what they read is told so
        raise Unavailable(cause="protection changed twice while answering")

    async def _append(self, entry: Entry) -> None:
        """Raises Unavailable whatever the ledger fails with: an error of none of ours means no data too."""
        try:
            await self._ledger.append(entry)
        except KindredError:
            raise
        except Exception as error:  # noqa: BLE001 - a disk, a driver, a bug: nothing leaves, and the caller may try again
            raise Unavailable(cause=f"the ledger failed: {type(error).__name__}") from None

    async def _still_so(self, principal: Principal, request: Request, gate: Gate) -> bool:
        """The last look: protection and people as they were when read, and the case and warrant still in force."""
        if not await gate.unchanged():
            return False
        try:
            request_id = gate.mandate.request_id
            again = await mandate_for(self._parts, principal, request_id, request.activity, request.case)
        except Refused:
            return False
        return again == gate.mandate

    def _context(self, gate: Gate | None) -> RequestContext:
        return RequestContext(gate, self._parts.activities)

    def _asked(
        self, principal: Principal, request: Request, request_id: str | None = None, prepared: Prepared | None = None
    ) -> Asked:
        return Asked(
            request_id=request_id or self._parts.request_id(principal),
            document_hash=prepared.document_hash if prepared else "",
            variables=request.variables,
            activity=request.activity,
            case=request.case,
        )


def _encoded(payload: Mapping[str, Any]) -> Answer:
    return Answer(200, orjson.dumps(payload, option=orjson.OPT_NON_STR_KEYS))


_STATUS: dict[type[KindredError], int] = {Invalid: 400, Refused: 403, Unavailable: 503, Broken: 500}
_STATUS_OF_CODE = {Code.UNAUTHENTICATED: 401, Code.TOO_LARGE: 413, Code.TOO_MANY_REQUESTS: 429}


def error_body(error: KindredError) -> tuple[int, bytes]:
    """HTTP status and GraphQL error body of an error: its code, and field and fix where the caller can mend it."""
    status = _STATUS_OF_CODE.get(error.code) or next(
        (status for kind, status in _STATUS.items() if isinstance(error, kind)), 500
    )
    return status, orjson.dumps({"errors": [public_error(error)]})


def public_error(error: KindredError) -> dict[str, Any]:
    """What a caller is told of an error: never its cause, never a value."""
    extensions: dict[str, Any] = {"code": error.code.value}
    if error.field is not None:
        extensions["field"] = error.field
    if error.fix is not None:
        extensions["fix"] = error.fix
    return {"message": PUBLIC_TEXT[error.code], "extensions": extensions}
