"""What a pull took so far, in a file beside its stores: a run that was stopped goes on, and its sittings are added up.

The file is written a few times a minute and when a sitting ends. What a killed one did after that is in the stores and
in no figure, of either side.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from benchmarks.scale.beside import Spent


class AgencyPulled(msgspec.Struct, frozen=True):
    """One agency's part, all sittings added up: source rows, claims, what the hub took and what the bare side did;
    the most memory that the hub's process had in one of them, MiB."""

    agency: str
    rows: int = 0
    claims: int = 0
    refolded: int = 0
    hub: Spent = Spent()
    bare: Spent = Spent()
    peak_mib: int = 0
    whole: bool = False

    def and_then(self, later: AgencyPulled) -> AgencyPulled:
        """Both sittings as one."""
        return AgencyPulled(
            self.agency,
            self.rows + later.rows,
            self.claims + later.claims,
            self.refolded + later.refolded,
            self.hub + later.hub,
            self.bare + later.bare,
            max(self.peak_mib, later.peak_mib),
            later.whole,
        )


class _Kept(msgspec.Struct):
    sittings: int = 0
    agencies: dict[str, AgencyPulled] = {}


class Sittings:
    """The figures of one pull, kept in `file`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kept = msgspec.json.decode(file.read_bytes(), type=_Kept) if file.exists() else _Kept()

    @property
    def count(self) -> int:
        """In how many sittings the pull was done."""
        return self._kept.sittings

    @property
    def agencies(self) -> tuple[AgencyPulled, ...]:
        """What is known of each agency, in the order in which they were pulled."""
        return tuple(self._kept.agencies.values())

    def sit_down(self) -> None:
        """A sitting begins that has something to do."""
        self._kept.sittings += 1

    def of(self, agency: str) -> AgencyPulled:
        """What the sittings before this one did."""
        return self._kept.agencies.get(agency, AgencyPulled(agency))

    def put(self, pulled: AgencyPulled) -> None:
        """Keep what all sittings did, this one included."""
        self._kept.agencies[pulled.agency] = pulled
        made = self._file.with_suffix(".new")
        made.write_bytes(msgspec.json.format(msgspec.json.encode(self._kept)))
        made.rename(self._file)
