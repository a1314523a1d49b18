"""Checks an exported log against a public key and, better, a checkpoint kept elsewhere.

What cannot be told is said: without a checkpoint from elsewhere, a log cut back to an older one looks whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from policy.ledger.canonical import is_canonical
from policy.ledger.export import hashes_beside
from policy.ledger.judging import Signed, Unsure, Verdict, altered, check_leaves, intact, signed, unsure
from policy.ledger.note import Checkpoint
from policy.ledger.tree import Frontier, leaf_hash

_TAIL = 1 << 16
_NOTE_LINES = 3


def verify_export(
    path: Path | str, key: str, checkpoint: str | None = None, hashes: Path | str | None = None
) -> Verdict:
    """Check an exported file: every leaf, the checkpoint at its end, and a checkpoint kept elsewhere.

    `key`: the verifier key's text. `checkpoint`: a note published earlier; the log must have grown from it. `hashes`:
    the leaf hashes written beside an export (by default `<path>.hashes`, if it is there); if they hold, the altered
    leaf is named exactly. Never raises for what the file holds.
    """
    try:
        return _verify(Path(path), key, checkpoint, hashes)
    except Unsure as reason:
        return unsure(reason)
    except OSError as error:
        return unsure(f"file not read ({error.strerror})")


def _verify(path: Path, key: str, checkpoint: str | None, hashes: Path | str | None) -> Verdict:
    end, note = _note_of(path)
    marks: list[Signed] = []
    for text, name in ((note, "checkpoint in the file"), (checkpoint, "given checkpoint")):
        found = None if text is None else signed(text, key, name)
        if isinstance(found, Verdict):
            return found
        if found is not None:
            marks.append(found)
    if note is None:
        return _cut_off(path)
    if len({mark.checkpoint.origin for mark in marks}) > 1:
        raise Unsure("the given checkpoint is of another log")
    own = marks[0].checkpoint
    verdict = check_leaves(_leaf_hashes(path, end), marks)
    if isinstance(verdict, Verdict):
        beside = Path(hashes) if hashes is not None else hashes_beside(path)
        return _located(path, end, beside, own) or verdict
    if verdict.size > own.size:
        return altered(f"leaves from {own.size} on are not signed", own.size)
    for number, line in enumerate(_leaves(path, end)):
        if not is_canonical(line):
            return altered(f"leaf {number} is not canonical JSON", number)
    return intact(own.size, marks[1] if checkpoint is not None else None)


def _located(path: Path, end: int, beside: Path, own: Checkpoint) -> Verdict | None:
    """The altered leaf by number, if the hashes beside the file are those that were signed."""
    try:
        known = [bytes.fromhex(line) for line in beside.read_text("ascii").split()]
    except (OSError, ValueError):
        return None
    if len(known) != own.size or not isinstance(check_leaves(known, [Signed(own, "checkpoint")]), Frontier):
        return None
    found = list(_leaf_hashes(path, end))
    for number, (expected, actual) in enumerate(zip(known, found, strict=False)):
        if expected != actual:
            how = "is not in its place" if expected in found else "is not what was signed"
            return altered(f"leaf {number} {how}", number)
    return None


def _cut_off(path: Path) -> Verdict:
    """An export ends in a checkpoint or was never put in its place: leaves without one were cut afterwards."""
    count = sum(1 for leaf in _leaves(path, path.stat().st_size) if leaf.startswith(b"{") and is_canonical(leaf))
    if count == 0:
        raise Unsure("the file is no export of a log")
    return altered(f"the file is cut off after leaf {count - 1}: no checkpoint follows", count)


def _leaves(path: Path, end: int) -> Iterator[bytes]:
    """The lines of the first `end` bytes."""
    with path.open("rb") as file:
        while end > 0 and (line := file.readline(end)):
            end -= len(line)
            yield line.removesuffix(b"\n")


def _leaf_hashes(path: Path, end: int) -> Iterator[bytes]:
    return (leaf_hash(leaf) for leaf in _leaves(path, end))


def _note_of(path: Path) -> tuple[int, str | None]:
    """Where the leaves end, and the note after them; None where the file does not end in one."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    signatures = tail.rfind("\n\n\N{EM DASH} ".encode())
    if signatures < 0:
        return size, None
    start = signatures
    for _ in range(_NOTE_LINES):
        start = tail.rfind(b"\n", 0, max(0, start))
    try:
        return size - len(tail) + start + 1, tail[start + 1 :].decode()
    except UnicodeDecodeError:
        return size, None
