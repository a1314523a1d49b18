"""The authority table as the reference page states it: how items are told apart, which agencies may state a field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "authority.md"


@dataclass(frozen=True, slots=True)
class Authority:
    """`item_key`: category → fields that tell its items apart; `fields`: category → field → agencies, best first."""

    item_key: dict[str, tuple[str, ...]]
    fields: dict[str, dict[str, tuple[str, ...]]]

    @property
    def categories(self) -> tuple[str, ...]:
        """All categories that hold records."""
        return tuple(self.fields)


def written(page: Path = PAGE) -> Authority:
    """The table of the page. Raises ValueError where a section has no item key or no field."""
    authority = Authority({}, {})
    for section in page.read_text().split("\n## ")[1:]:
        category = section.split("\n", 1)[0].strip()
        key = re.search(r"Item key: (.*)\.\n", section)
        rows = re.findall(r"^\| `(\w+)` \| ([a-z, ]+) \|$", section, re.MULTILINE)
        if key is None or not rows:
            raise ValueError(f"the page says nothing of {category}")
        authority.item_key[category] = tuple(re.findall(r"`(\w+)`", key[1]))
        authority.fields[category] = {name: tuple(agencies.split(", ")) for name, agencies in rows}
    return authority
