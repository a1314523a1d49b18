"""The manifest's rows in the order in which a hub takes them: agency after agency, round after round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tests.oracle.said import SourceNumber
from tests.worlds.country import Country

ORDER = ("population", "civil", "tax", "health", "casework", "police")
RESOURCES = (None, "Patient", "Coverage", "Condition")
Line = dict[str, Any]


@dataclass
class Rounds:
    """What has been served so far, round by round; a round is what there was to pull at a time."""

    country: Country
    lines: list[Line] = field(default_factory=list)
    _served: Counter[tuple[str, str | None]] = field(default_factory=Counter)

    def pulled(self) -> list[Line]:
        """The rows of the round that begins now, in the order taken; call it before anything else is played."""
        fresh = [line for line in self.country.manifest() if line["position"] >= self._served[_stream(line)]]
        self._served.update(_stream(line) for line in fresh)
        fresh.sort(key=lambda line: (ORDER.index(line["agency"]), RESOURCES.index(_stream(line)[1]), line["position"]))
        self.lines += fresh
        return fresh

    @property
    def rows(self) -> list[tuple[str, dict[str, Any]]]:
        """(agency, row) of everything pulled, in the order taken."""
        return [(line["agency"], line["row"]) for line in self.lines]

    def signed(self, row: dict[str, Any]) -> bool:
        """Whether one of the published keys signed a casework row."""
        keys = KeySet.import_key_set(self.country.read("keys/agencies.jwks.json"))
        try:
            jws.deserialize_compact(row["jws"], keys, algorithms=["ES256"])
        except (JoseError, ValueError):
            return False
        return True


def _stream(line: Line) -> tuple[str, str | None]:
    return line["agency"], line.get("resource")


def truth(lines: Iterable[Line]) -> dict[SourceNumber, str]:
    """Source key → the person it truly is."""
    return {(line["agency"], number): person for line in lines for number, person in line["truth"].items()}
