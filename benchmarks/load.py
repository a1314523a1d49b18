"""Load in a process of its own: `python -m benchmarks.load`, the job on standard input, the result on standard output.

A fixed number of keep-alive connections, each with one request under way; it ends by count or by time, whichever comes
first. Every answer is compared with the first one.
"""

from __future__ import annotations

import asyncio
import sys
import time
from statistics import quantiles

import msgspec
import uvloop


class Job(msgspec.Struct):
    """What to send, where, by how many clients, and when to stop."""

    port: int
    request: bytes
    clients: int
    requests: int
    seconds: float


class Result(msgspec.Struct):
    """Answers, the seconds they took together, latencies in milliseconds, and how many were wrong."""

    answers: int
    seconds: float
    p50: float
    p99: float
    wrong: int
    body: bytes


class _Run:
    def __init__(self, job: Job) -> None:
        self._job = job
        self._left = job.requests
        self._until = 0.0
        self.body: bytes | None = None
        self.wrong = 0
        self.latencies: list[float] = []

    async def run(self) -> float:
        began = time.perf_counter()
        self._until = began + self._job.seconds
        await asyncio.gather(*(self._client() for _ in range(self._job.clients)))
        return time.perf_counter() - began

    async def _client(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._job.port)
        while self._left > 0 and time.perf_counter() < self._until:
            self._left -= 1
            began = time.perf_counter()
            writer.write(self._job.request)
            status, body = await _answer(reader)
            self.latencies.append(time.perf_counter() - began)
            if self.body is None:
                self.body = body
            self.wrong += status != b"200" or body != self.body
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    length = next(int(line[15:]) for line in lines if line.lower().startswith(b"content-length:"))
    return lines[0].split(b" ")[1], await reader.readexactly(length)


def request(port: int, token: str, headers: dict[str, str], body: bytes) -> bytes:
    """The bytes of one POST to /graphql."""
    lines = [
        "POST /graphql HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def main() -> None:
    """Do the job."""
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    run = _Run(job)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        seconds = runner.run(run.run())
    cuts = quantiles(run.latencies, n=100)
    result = Result(len(run.latencies), seconds, cuts[49] * 1e3, cuts[98] * 1e3, run.wrong, run.body or b"")
    sys.stdout.buffer.write(msgspec.json.encode(result))


if __name__ == "__main__":
    main()
