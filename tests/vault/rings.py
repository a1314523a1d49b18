"""Key rings for tests: roots derived from a name, so that the same name is the same keys."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from vault.key_ring import KeyRing
from vault.provider import Root, RootKey


class NamedProvider:
    """Roots derived from `name`, `versions` of each."""

    def __init__(self, name: str, versions: int = 1) -> None:
        self._name = name
        self._versions = versions

    def roots(self) -> Mapping[Root, tuple[RootKey, ...]]:
        return {
            root: tuple(RootKey(version, self._secret(root, version)) for version in range(1, self._versions + 1))
            for root in Root
        }

    def stamp(self) -> object:
        return self._versions

    def _secret(self, root: Root, version: int) -> bytes:
        return hashlib.sha256(f"{self._name} {root} {version}".encode()).digest()


def ring(name: str = "tests", versions: int = 1) -> KeyRing:
    return KeyRing.open(NamedProvider(name, versions))


def clear_ring(name: str = "tests") -> KeyRing:
    return KeyRing.open(NamedProvider(name), sealing=False, unsafe_for_tests=True)
