"""What a country is made from: with the same options, every file is the same byte for byte.

But for keys, signatures and credentials, which are random and stay in the folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """The arguments of a country; `error_rate` `None` means 1, or 0 with markers."""

    people: int
    seed: int
    out: Path
    today: date
    error_rate: float | None = None
    markers: bool = False

    @property
    def errors(self) -> float:
        """The scale of all error rates."""
        if self.error_rate is not None:
            return self.error_rate
        return 0.0 if self.markers else 1.0

    def files(self) -> Layout:
        """The files of the country."""
        return Layout(self.out)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the files of a country are, under one folder."""

    out: Path

    @property
    def manifest(self) -> Path:
        """Every row served, one a line, with its errors and true people."""
        return self.out / "manifest.ndjson"

    @property
    def world(self) -> Path:
        """The truth, one person, home, union, incident or event a line."""
        return self.out / "world.ndjson"

    @property
    def markers(self) -> Path:
        """In marker countries: which (person, category, field) each marker is of."""
        return self.out / "markers.ndjson"

    @property
    def sample(self) -> Path:
        """Sample officers, people and cases."""
        return self.out / "sample.json"

    @property
    def ready(self) -> Path:
        """URL and process id, written once the agencies answer."""
        return self.out / "ready.json"

    @property
    def credentials(self) -> Path:
        """What clients must present (0600)."""
        return self.out / "credentials.json"

    @property
    def public_keys(self) -> Path:
        """The agencies' public keys."""
        return self.out / "keys" / "agencies.jwks.json"

    @property
    def private_keys(self) -> Path:
        """The agencies' private keys (0600)."""
        return self.out / "keys" / "private" / "agencies.jwks.json"

    def index(self, stream: str) -> Path:
        """Where each row of a stream lies in the manifest."""
        return self.out / "index" / f"{stream}.idx"
