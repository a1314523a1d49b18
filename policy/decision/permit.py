"""What a decision about one category says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from domain.records.category import Detail


@dataclass(frozen=True, slots=True)
class Permit:
    """How much of a category may be seen. `locating`: whether its locating fields may be seen too.

    `Category.visible(permit.detail, permit.locating)` gives the fields.
    """

    detail: Detail
    locating: bool

    NONE: ClassVar[Permit]

    def __bool__(self) -> bool:
        """Whether anything may be seen."""
        return self.detail is not Detail.NONE


Permit.NONE = Permit(Detail.NONE, False)
