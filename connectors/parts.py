"""What a pull is handed: stores, keys, network, time and the ledger. Made by the wiring alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Protocol

import aiohttp

from connectors.protocols.access import AgencyAccess
from docket.port import Docket
from domain.clock import Clock
from domain.entries import Entry
from graph.port import Reader, Writer
from identity.model import Model, read_model
from vault.key_ring import KeyRing

Append = Callable[[Entry], Awaitable[object]]
"""Appends an entry to the ledger; returns once it is durable. The same `Entry.key` twice makes one entry."""

Open = Callable[[bytes, bytes], bytes]
"""Opens a sealed entry of an outbox: (sealed, label) → plaintext. Opens nothing else."""


@cache
def shipped_model() -> Model:
    """The model of identity that comes with Kindred, trained on the synthetic country."""
    return read_model(files("identity").joinpath("models", "kz-synthetic.json").read_bytes())


class Looking(Protocol):
    """What looking people up takes."""

    @property
    def reader(self) -> Reader: ...

    @property
    def docket(self) -> Docket: ...

    @property
    def writer(self) -> Writer: ...

    @property
    def ring(self) -> KeyRing: ...

    @property
    def clock(self) -> Clock: ...


@dataclass(frozen=True, slots=True)
class Keeping:
    """What carrying out a decision touches: the stores and no network. `reader` goes to the pipeline's candidates
    alone."""

    reader: Reader
    writer: Writer
    docket: Docket
    ring: KeyRing
    clock: Clock
    append: Append
    open_entry: Open
    policy_hash: str = ""
    model: Model = field(default_factory=shipped_model)


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that a pull touches. `reader` goes to the pipeline's candidates alone; `model` weighs who is who where
    no national id is stated."""

    reader: Reader
    writer: Writer
    docket: Docket
    ring: KeyRing
    session: aiohttp.ClientSession
    access: Mapping[str, AgencyAccess]
    clock: Clock
    append: Append
    open_entry: Open
    policy_hash: str = ""
    model: Model = field(default_factory=shipped_model)

    @property
    def keeping(self) -> Keeping:
        """The same without the network."""
        return Keeping(
            self.reader,
            self.writer,
            self.docket,
            self.ring,
            self.clock,
            self.append,
            self.open_entry,
            self.policy_hash,
            self.model,
        )
