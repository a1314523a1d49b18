"""Before deciding: whether a row of the page may have to be asked about though it states national ids. Pure.

If none may, nobody on the page has to be described or weighed. It may say so of a row that is decided without a
human after all (docs/reference/identity.md, rule 2), never the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain, combinations

from connectors.pipeline.validate import Checked
from domain.claims import Evidence
from domain.ids import PersonId, SourceKey
from identity.agreement import Stated, agrees, of_evidence


def may_conflict(
    rows: Iterable[Checked],
    owners: Mapping[SourceKey, PersonId],
    stated: Mapping[str, Sequence[PersonId]],
    statements: Callable[[PersonId], Collection[Stated]],
) -> bool:
    """Whether a national id may be contradicted by what is known or said under it, or two people of a row be one.

    `owners`: decided keys; `stated`: national id → people; `statements`: what is known of one of these.
    """
    said = [row.said.people for row in rows if row.said is not None]
    if any(_one_twice(people, owners, stated) for people in said if len(people) > 1):
        return True
    claimed: dict[str, list[Stated]] = {}
    for evidence in chain.from_iterable(said):
        if evidence.national_id is not None and evidence.key not in owners:
            claimed.setdefault(evidence.national_id, []).append(of_evidence(evidence))
    for iin, claims in claimed.items():
        known = [one for person in stated.get(iin, ()) for one in statements(person)]
        if known and not all(agrees(claim, known) for claim in claims):
            return True
        if not known and not all(agrees(claim, (other,)) for claim, other in combinations(claims, 2)):
            return True
    return False


def _one_twice(
    people: Iterable[Evidence], owners: Mapping[SourceKey, PersonId], stated: Mapping[str, Sequence[PersonId]]
) -> bool:
    """Whether two keys of a row are, or may be by their national ids, the same person."""
    seen: set[PersonId | str] = set()
    for evidence in people:
        owner, iin = owners.get(evidence.key), evidence.national_id
        found: set[PersonId | str] = {owner} if owner is not None else set()
        if owner is None and iin is not None:
            found = {iin, *stated.get(iin, ())}
        if not seen.isdisjoint(found):
            return True
        seen |= found
    return False
