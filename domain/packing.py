"""Entries on their way to the ledger, as bytes. They name nobody: what was shown goes to the ledger at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import msgspec

from domain.entries import Entry


def packed(entry: Entry) -> bytes:
    """An entry that shows nobody, as bytes."""
    body = asdict(entry)
    del body["shown"]
    return msgspec.msgpack.encode(body)


def unpacked(body: bytes) -> Entry:
    """The entry that `packed` packed. Raises msgspec.ValidationError for other bytes."""
    read: Mapping[str, Any] = msgspec.msgpack.decode(body)
    return msgspec.convert(read, Entry)
