"""The order of what a search found: best agreement first, by what the caller may read alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from domain.ids import PersonId
from domain.records.category import Category, Detail
from resolvers.gate.known import Known
from resolvers.gate.parts import GateParts

Score = Callable[[Mapping[str, Any]], tuple[int, ...]]
"""How well one item of a record agrees; the greater the better."""

Permitted = Callable[[Known, Category, Iterable[str]], tuple[frozenset[str], Detail]]


async def by_agreement(
    parts: GateParts, permitted: Permitted, people: Sequence[Known], category: Category, score: Score
) -> list[Known]:
    """The people, those first whose items of a category score best; of equals the smaller id.

    Scored is what the caller may read of each alone; who has nothing of it comes last. Nothing is disclosed but the
    order, so nothing is noted. One store call whatever there is.
    """
    rows = await parts.reader.records(sorted(one.person for one in people), [category.number])
    sealed = {row.person: row for row in rows}
    scores: dict[PersonId, tuple[int, ...]] = {}
    for one in people:
        fields, _ = permitted(one, category, category.outward())
        if fields and one.person in sealed:
            record = parts.opener.records(one.open.shape, [sealed[one.person]])[category.number]
            readable = [{f: v for f, v in item.values.items() if f in fields} for item in record.items]
            scores.update({one.person: max(score(item) for item in readable)} if readable else {})
    ranked = sorted(people, key=lambda one: one.person)
    ranked.sort(key=lambda one: scores.get(one.person, ()), reverse=True)
    return ranked
