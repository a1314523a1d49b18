"""What a check of the log concludes, and the check itself: the tree must pass through every signed checkpoint."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from domain.errors import Broken, Invalid
from policy.ledger.note import Checkpoint, parse
from policy.ledger.tree import Frontier
from vault.signing import open_note


class Outcome(IntEnum):
    """How a check ended; the command line's exit code."""

    INTACT = 0
    ALTERED = 1
    CANNOT_TELL = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """`leaf` is the first leaf known or suspected to be altered (counted from 0); `text` says it for people."""

    outcome: Outcome
    text: str
    leaf: int | None = None


class Unsure(Exception):
    """The check cannot be made; the text says why."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint whose signature holds, and what to call it."""

    checkpoint: Checkpoint
    name: str


def altered(text: str, leaf: int | None = None) -> Verdict:
    """The verdict on something that was signed otherwise."""
    return Verdict(Outcome.ALTERED, f"altered: {text}", leaf)


def signed(note: str, key: str, name: str) -> Signed | Verdict:
    """The checkpoint that a note holds. An altered one is a verdict; raises Unsure where another key signed it."""
    try:
        return Signed(parse(open_note(note, key)), name)
    except Invalid:
        raise Unsure("the key is not a verifier key") from None
    except Broken as error:
        if not _claims(note, key):
            raise Unsure(f"the {name} is not signed by this key") from None
        return altered(f"the {name} does not hold ({error.cause})")


def _claims(note: str, key: str) -> bool:
    """Whether a signature line says that this key made it."""
    name, key_id, *_ = [*key.strip().split("+", 2), ""]
    for line in note.split("\n"):
        parts = line.split(" ")
        if len(parts) == 3 and parts[:2] == ["\N{EM DASH}", name]:
            try:
                return base64.b64decode(parts[2])[:4].hex() == key_id
            except ValueError:
                return True
    return False


def check_leaves(hashes: Iterable[bytes], marks: Iterable[Signed]) -> Verdict | Frontier:
    """Whether the tree over these leaf hashes passes through every checkpoint. Gives the whole tree's right edge.

    The leaf named is the first that the failing checkpoint covers and no earlier one does.
    """
    waiting = sorted(marks, key=lambda mark: mark.checkpoint.size)
    frontier = Frontier()
    attested = 0
    stream = iter(hashes)
    for mark in waiting:
        size = mark.checkpoint.size
        while frontier.size < size and (hashed := next(stream, None)) is not None:
            frontier.add(hashed)
        if frontier.size < size:
            return altered(f"leaves from {frontier.size} on are missing: the {mark.name} has {size}", frontier.size)
        if frontier.root() != mark.checkpoint.root:
            inside = f"leaf {attested}" if size == attested + 1 else f"one of the leaves {attested} to {size - 1}"
            return altered(f"{inside} is not what the {mark.name} signed", attested)
        attested = size
    for hashed in stream:
        frontier.add(hashed)
    return frontier


def intact(size: int, given: Signed | None, *open_questions: str) -> Verdict:
    """The verdict on a log that passes, which says what this check could not tell."""
    grown = "" if given is None else f", grown from the given checkpoint of {given.checkpoint.size}"
    unseen = [
        *(["a cut at the end takes a checkpoint kept elsewhere"] if given is None else []),
        *open_questions,
        "of attempts, leaves tell that and by whom, not at whom",
    ]
    return Verdict(Outcome.INTACT, f"intact: {size} leaves{grown} (not covered: {'; '.join(unseen)})")


def unsure(reason: object) -> Verdict:
    """The verdict where nothing can be concluded."""
    return Verdict(Outcome.CANNOT_TELL, f"cannot tell: {reason}")
