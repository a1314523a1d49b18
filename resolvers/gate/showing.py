"""What a caller may be shown of one person, at the moment of which the gate speaks."""

from __future__ import annotations

from collections.abc import Iterable

from domain.records.catalogue import ORIGIN
from domain.records.category import PROVENANCE, Category, Detail
from domain.records.civil_status import CIVIL_STATUS
from policy.activity import Activity
from policy.decision.permit import Permit
from policy.decision.table import DecisionTable
from resolvers.gate.known import Known
from resolvers.gate.moment import PRESENT, Moment, tells_origin


class Showing:
    """Look-ups in the decision table for one activity, narrowed by a moment."""

    def __init__(self, table: DecisionTable, activity: Activity, moment: Moment) -> None:
        self._table = table
        self._activity = activity
        self.moment = moment

    def fields(self, known: Known, category: Category, wanted: Iterable[str]) -> tuple[frozenset[str], Detail]:
        """The wanted outward fields of a category that may be shown of this person, and at which detail."""
        permit = self._permit(known, category)
        names = frozenset(wanted)
        shown = self._shown(known, category, permit)
        if PROVENANCE in names and shown and tells_origin(permit, self._permit(known, ORIGIN)):
            shown |= {PROVENANCE}
        return shown & names, permit.detail

    def anything(self, known: Known, category: Category) -> bool:
        """Whether anything of a category may be shown of this person."""
        permit = self._permit(known, category)
        return bool(permit) and (self.moment is PRESENT or bool(self._shown(known, category, permit)))

    def origin(self, known: Known) -> frozenset[str]:
        """What of provenance may be told about a person's values, where it may be told of at all."""
        permit = self._permit(known, ORIGIN)
        return ORIGIN.visible(permit.detail, permit.locating)

    def unions(self, known: Known) -> bool:
        """Whether links that begin and end may be followed to this person: on a day only where the civil status acts
        may be read, which tell when."""
        return self.moment.on is None or bool(self.fields(known, CIVIL_STATUS, {"event_date"})[0])

    def _permit(self, known: Known, category: Category) -> Permit:
        return self._table.read(self._activity, category.name, known.standing)

    def _shown(self, known: Known, category: Category, permit: Permit) -> frozenset[str]:
        if self.moment is PRESENT:
            return category.visible(permit.detail, permit.locating)
        return self.moment.shown(category, permit, self._permit(known, ORIGIN))
