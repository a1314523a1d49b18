"""What the fields of one running document are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from domain.errors import Broken
from domain.wanted import Wanted
from schema.reads import Commands, Reads

if TYPE_CHECKING:
    from resolvers.gate.gate import Gate


@dataclass(frozen=True, slots=True)
class Running:
    """The gate, the register of activities, and the selections of the root fields by their names in the answer."""

    gate_or_none: Gate | None
    activities: Mapping[str, Any]
    wanted: Mapping[str, Wanted]
    reads: Reads
    commands_or_none: Commands | None = None

    @property
    def gate(self) -> Gate:
        """The gate. Raises Broken for a document that was taken for public: it has none, so it can read nothing."""
        if self.gate_or_none is None:
            raise Broken(cause="a public document reached for the gate")
        return self.gate_or_none

    @property
    def commands(self) -> Commands:
        """The commands. Raises Broken where the door was opened for reading alone."""
        if self.commands_or_none is None:
            raise Broken(cause="a mutation where there are no commands")
        return self.commands_or_none
