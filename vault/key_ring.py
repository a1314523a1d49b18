"""The key ring: everything that needs a key, made at start from a provider's roots and kept up with them."""

from __future__ import annotations

import threading
from datetime import datetime
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from domain.errors import Broken, KindredError
from vault.blinding import Blinder
from vault.ciphers import Ciphers, Compartment, derive
from vault.hashing import Hasher
from vault.outward import OutwardIds
from vault.provider import KeyProvider, Root, RootKey, Roots, check_roots
from vault.pseudonyms import Pseudonyms
from vault.sealing import Sealer
from vault.signing import CheckpointSigner

MAX_SECTORS = 256
LASTING = (Root.HASHING, Root.DIGEST, Root.PSEUDONYM, Root.SIGNING, Root.DOCKET, Root.PROTECTIVE)
"""Roots whose first version must never change: hashes, ids, pseudonyms, signatures and blinded indexes hang on it."""


class KeyRing:
    """Seals, hashes, signs and names; does not unseal (`vault.unsealing.Unsealer(ring)`, imported by the few who may).

    Safe to share between threads.
    """

    def __init__(self, provider: KeyProvider, *, sealing: bool = True, unsafe_for_tests: bool = False) -> None:
        if not sealing and not unsafe_for_tests:
            raise Broken(cause="a key ring that does not seal is for tests alone")
        self._provider = provider
        self._lock = threading.Lock()
        self._stamp = provider.stamp()
        roots = provider.roots()
        check_roots(roots)
        self._ciphers = Ciphers(roots, self.refresh, clear=not sealing)
        self._blinding = {root: derive(roots[root][0].secret, "blinding") for root in (Root.DOCKET, Root.PROTECTIVE)}
        self._seed = derive(roots[Root.SIGNING][-1].secret, "signing")
        self._pseudonyms = Pseudonyms(roots)
        self.sealer = Sealer(self._ciphers)
        self.hasher = Hasher(roots)
        self._adopt(roots)

    def _adopt(self, roots: Roots) -> None:
        versions = roots[Root.OUTWARD]

        @lru_cache(MAX_SECTORS)
        def outward(sector: str) -> tuple[AESSIV, ...]:
            return tuple(AESSIV(derive(key.secret, f"sector/{sector}", 64)) for key in versions)

        self._ciphers.adopt(roots)
        self.hasher.adopt(roots)
        self._outward = (versions, outward)
        self._roots = roots

    @classmethod
    def open(cls, provider: KeyProvider, *, sealing: bool = True, unsafe_for_tests: bool = False) -> KeyRing:
        """Fetch the roots and make the ring. Raises what the provider raises, Broken for an incomplete key set.

        `sealing=False` stores everything in clear through the same calls, so that a search for markers has its
        positive control; it is refused unless `unsafe_for_tests` says so too.
        """
        return cls(provider, sealing=sealing, unsafe_for_tests=unsafe_for_tests)

    def refresh(self) -> bool:
        """Take over what another process changed about the keys (a rotation); whether there was anything. Never raises.

        Costs a look at the provider's stamp where nothing changed. Keys that cannot be read now, or that are another
        hub's, change nothing: the ring goes on with those it has.
        """
        stamp = self._provider.stamp()
        if stamp == self._stamp:
            return False
        with self._lock:
            try:
                roots = self._provider.roots()
                check_roots(roots)
            except KindredError:
                return False
            if any(roots[root][0].secret != self._roots[root][0].secret for root in LASTING):
                return False
            self._adopt(roots)
            self._stamp = stamp
            return True

    def versions(self, root: Root) -> tuple[RootKey, ...]:
        """The versions of a root that are kept, oldest first."""
        return self._roots[root]

    def outward(self, sector: str, at: datetime | None = None) -> OutwardIds:
        """The outward ids of a sector, as they are honoured at an instant; without one, the newest version's alone."""
        versions, keys = self._outward
        honoured = [at is not None and key.until is not None and at < key.until for key in versions]
        return OutwardIds(list(zip(keys(sector), honoured, strict=True)))

    def signer(self, name: str = "kindred/ledger") -> CheckpointSigner:
        """Signs the ledger's checkpoints under `name` (a log's origin)."""
        return CheckpointSigner(self._seed, name)

    def pseudonyms(self) -> Pseudonyms:
        """Pseudonyms for the ledger's index."""
        return self._pseudonyms

    def blinder(self, name: Compartment) -> Blinder:
        """Blinds hashes for a compartment's own index (docket and protective have one)."""
        return Blinder(self._blinding[Root(name)])
