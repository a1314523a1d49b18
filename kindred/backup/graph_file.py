"""A dump of the graph as a file: pages as msgpack, each after its length in four bytes. Sealed as it is stored."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec

from domain.errors import Broken, Unavailable
from graph.shapes import DumpPage

_LENGTH = 4
_LONGEST = 1 << 30
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(tuple[str, tuple[tuple[Any, ...], ...]])


async def write_dump(pages: AsyncIterator[DumpPage], path: Path) -> int:
    """Write all pages, durably, for the owner alone; how many rows. Raises Unavailable."""
    rows = 0
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            async for page in pages:
                body = _encoder.encode((page.table, page.rows))
                file.write(len(body).to_bytes(_LENGTH, "big") + body)
                rows += len(page.rows)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Unavailable(field=path.name, cause=f"backup not written: errno {error.errno}") from None
    return rows


async def read_dump(path: Path) -> AsyncIterator[DumpPage]:
    """The pages of a file. Raises Broken where it is none, Unavailable."""
    try:
        with path.open("rb") as file:
            while head := file.read(_LENGTH):
                length = int.from_bytes(head, "big")
                body = file.read(length) if len(head) == _LENGTH and length <= _LONGEST else b""
                if not body or len(body) != length:
                    raise Broken(field=path.name, cause="the graph's dump is cut off")
                try:
                    table, rows = _decoder.decode(body)
                except msgspec.MsgspecError:
                    raise Broken(field=path.name, cause="the graph's dump cannot be read") from None
                yield DumpPage(table, rows)
    except OSError as error:
        raise Unavailable(field=path.name, cause=f"backup not read: errno {error.errno}") from None
