"""Who was reached for through a case, gathered over one request whatever moments it speaks of."""

from __future__ import annotations

from domain.ids import PersonId
from resolvers.gate.notes import Notes


class Reaching:
    """Asking for kin or households from somebody on the case, visible or not, reaches for everyone on it: whom it
    really meets hangs on who is hidden on the way, and no one's own log may tell that.
    """

    def __init__(self, notes: Notes, on_case: frozenset[PersonId]) -> None:
        self._notes = notes
        self._on_case = on_case
        self._family_asked = False
        self._case_met = False

    def asks_for_family(self) -> None:
        """The caller asks for kin or households."""
        self._family_asked = True
        self._note()

    def meets_case(self) -> None:
        """Somebody on the case was asked for or met."""
        self._case_met = True
        self._note()

    def _note(self) -> None:
        if self._family_asked and self._case_met:
            self._notes.attempted(self._on_case)
