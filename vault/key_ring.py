"""The key ring: everything that needs a key, made once at start from a provider's roots."""

from __future__ import annotations

from functools import lru_cache

from domain.errors import Broken
from vault.blinding import Blinder
from vault.ciphers import Ciphers, Compartment, derive
from vault.hashing import Hasher
from vault.outward import OutwardIds
from vault.provider import KeyProvider, Root, check_roots
from vault.pseudonyms import Pseudonyms
from vault.sealing import Sealer
from vault.signing import CheckpointSigner

MAX_SECTORS = 256


class KeyRing:
    """Seals, hashes, signs and names; does not unseal (`vault.unsealing.Unsealer(ring)`, imported by the few who may).

    Safe to share between threads.
    """

    def __init__(self, provider: KeyProvider, *, sealing: bool = True, unsafe_for_tests: bool = False) -> None:
        if not sealing and not unsafe_for_tests:
            raise Broken(cause="a key ring that does not seal is for tests alone")
        roots = provider.roots()
        check_roots(roots)
        self._ciphers = Ciphers(roots, clear=not sealing)
        self._blinding = {root: derive(roots[root][0].secret, "blinding") for root in (Root.DOCKET, Root.PROTECTIVE)}
        self._seed = derive(roots[Root.SIGNING][-1].secret, "signing")
        self._pseudonyms = Pseudonyms(roots)
        self.sealer = Sealer(self._ciphers)
        self.hasher = Hasher(roots)
        outward_root = roots[Root.OUTWARD][0].secret

        @lru_cache(MAX_SECTORS)
        def outward(sector: str) -> OutwardIds:
            return OutwardIds(derive(outward_root, f"sector/{sector}", 64))

        self._outward = outward

    @classmethod
    def open(cls, provider: KeyProvider, *, sealing: bool = True, unsafe_for_tests: bool = False) -> KeyRing:
        """Fetch the roots and make the ring. Raises what the provider raises, Broken for an incomplete key set.

        `sealing=False` stores everything in clear through the same calls, so that a search for markers has its
        positive control; it is refused unless `unsafe_for_tests` says so too.
        """
        return cls(provider, sealing=sealing, unsafe_for_tests=unsafe_for_tests)

    def outward(self, sector: str) -> OutwardIds:
        """The outward ids of a sector."""
        return self._outward(sector)

    def signer(self, name: str = "kindred/ledger") -> CheckpointSigner:
        """Signs the ledger's checkpoints under `name` (a log's origin)."""
        return CheckpointSigner(self._seed, name)

    def pseudonyms(self) -> Pseudonyms:
        """Pseudonyms for the ledger's index."""
        return self._pseudonyms

    def blinder(self, name: Compartment) -> Blinder:
        """Blinds hashes for a compartment's own index (docket and protective have one)."""
        return Blinder(self._blinding[Root(name)])
