"""A checkpoint's text (C2SP tlog-checkpoint): origin, size, root. Signing and verifying it is `vault.signing`'s."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from domain.errors import Broken
from policy.ledger.tree import HASH_BYTES


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a signer attested: the log named `origin` had `size` leaves with this root."""

    origin: str
    size: int
    root: bytes


def text(origin: str, size: int, root: bytes) -> str:
    """Three lines: origin, size, root in base64."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def parse(note: str) -> Checkpoint:
    """Of a note or its text; lines after the third are passed over. Raises Broken. Does not verify the signature."""
    lines = note.split("\n")
    if len(lines) < 4 or not lines[0] or not lines[1].isascii() or not lines[1].isdigit():
        raise Broken(cause="not a checkpoint")
    if lines[1] != str(int(lines[1][:20])):
        raise Broken(cause="checkpoint with a malformed size")
    try:
        root = base64.b64decode(lines[2].encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Broken(cause="checkpoint with a malformed root") from None
    if len(root) != HASH_BYTES:
        raise Broken(cause="checkpoint with a malformed root")
    return Checkpoint(lines[0], int(lines[1]), root)
