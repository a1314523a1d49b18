"""Bounds on what anybody may send before we know who they are: size and time of a request's head, open connections."""

from __future__ import annotations

from asyncio import Transport
from asyncio.events import TimerHandle
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from domain.errors import Code, Invalid
from resolvers.answer import error_body

LARGEST_HEAD = 64 * 1024
"""Bytes of request line and headers, and of whatever else a message may hold that is not its body."""

_SLICE = 16 * 1024
_MOST_PIPELINED = 8


class _TooMany(Exception):
    """Raised inside the parser to end a connection."""


class Connection(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, which alone reads heads of any size for any time over any number of connections.

    Heads, trailers and chunk framing are bounded by `LARGEST_HEAD` plus one slice (16 KiB): 431 and the end of the
    connection. A head that is not whole `head_seconds` after the connection opened, or after its own first byte, ends
    it without a word, and so does a body that goes on that long after its request was answered. At most `most`
    connections are open: one more ends the one that has waited longest without a request under way, so that idle ones
    shut nobody out; if all are at work, the new one is closed.
    """

    most = 1024
    head_seconds = 10.0

    _unread = 0
    _deadline: TimerHandle | None = None
    quiet_since = 0.0
    ended = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Start the clock of the first head, and make room if this is one connection too many."""
        full = len(self.connections) >= self.most
        super().connection_made(transport)
        self.quiet_since = self.loop.time()
        self._start_clock()
        if full:
            self._longest_quiet().end()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of the clock with the connection."""
        self._stop_clock()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser a slice at a time, and count what it keeps that is no body."""
        for start in range(0, len(data), _SLICE):
            if self.transport.is_closing():
                return
            part = data[start : start + _SLICE]
            self._unread += len(part)
            super().data_received(part)
            if self._unread > LARGEST_HEAD and not self.transport.is_closing():
                self._refuse_head()
        if self.is_quiet() and not self.transport.is_closing():
            self._start_clock()

    def on_message_begin(self) -> None:
        """A head begins. Many requests sent at once, before any is answered, end the connection."""
        if len(self.pipeline) >= _MOST_PIPELINED:
            raise _TooMany
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._stop_clock()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body, which has bounds of its own."""
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The message is whole: the next one's head counts anew."""
        self._unread = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Answered: from now on this connection waits."""
        self.quiet_since = self.loop.time()
        super().on_response_complete()

    def timeout_keep_alive_handler(self) -> None:
        """End an idle connection, also one whose peer never fetched its answer: closing would wait for that."""
        self.end()

    def is_quiet(self) -> bool:
        """Whether no request is under way: none was sent yet, or all are answered."""
        # uvicorn's own type leaves out that there is no cycle before the first request.
        return bool(getattr(self.cycle, "response_complete", True))

    def end(self) -> None:
        """End the connection now, whatever of an answer its peer has not fetched."""
        self.ended = True
        self.transport.abort()

    def _longest_quiet(self) -> Connection:
        """The connection to end for a new one; the new one itself where all others are at work."""
        others = (other for other in self.connections if isinstance(other, Connection) and other is not self)
        waiting = (other for other in others if other.is_quiet() and not other.ended)
        return min(waiting, key=lambda other: other.quiet_since, default=self)

    def _start_clock(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.head_seconds, self._too_late)

    def _stop_clock(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._deadline = None
        self.end()

    def _refuse_head(self) -> None:
        _, body = error_body(Invalid(Code.TOO_LARGE, field="headers", fix=f"at_most_{LARGEST_HEAD}_bytes"))
        head = [
            b"content-type: application/json\r\n",
            b"cache-control: no-store\r\n",
            b"content-length: %d\r\n" % len(body),
            b"connection: close\r\n\r\n",
        ]
        self.transport.write(b"".join([STATUS_LINE[431], *head, body]))
        self.transport.close()


def connections(most: int, head_seconds: float) -> type[Connection]:
    """The protocol with these bounds, for a server's configuration."""
    bounds: dict[str, Any] = {"most": most, "head_seconds": head_seconds}
    return type("BoundedConnection", (Connection,), bounds)
