"""Facts: what protection hangs on, as it is today, for any number of ids in one statement.

A round trip costs the hub more than what it brings, so one statement brings the shapes of the asked people, of those
around them and who shares which household, as lists without keys (which decode several times faster than maps).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from domain.errors import Unavailable
from domain.ids import HouseholdId, KeyHash, PersonId
from domain.links import CARE, PARENTS
from graph.shapes import Facts, MemberRow, PersonShape

PROTECTING = sorted(str(kind) for kind in PARENTS | CARE)

NAMED = """MATCH (asked:Person {id: id})-[:INTO*0..]->(p:Person)
    WHERE NOT EXISTS { (p)-[:INTO]->() }"""
"""From `id`, whom it names today: `p`."""

AROUND = """
    CALL (core) {
        UNWIND core AS p MATCH (p)-[l:LINK]->(o:Person) WHERE l.kind IN $given.protecting
        RETURN collect(DISTINCT o) AS above
    }
    CALL (core) {
        UNWIND core AS p MATCH (p)-[:IN]->(h:Household) WITH DISTINCT h
        MATCH (h)<-[:IN]-(m:Person) WITH h, collect(DISTINCT m) AS members
        RETURN collect([h.id, [m IN members | m.id]]) AS homes, collect(members) AS circles
    }
    CALL (core, above, circles) {
        UNWIND core + above + reduce(all = [], circle IN circles | all + circle) AS q
        WITH DISTINCT q WHERE q.version IS NOT NULL
        RETURN collect([
            q.id, q.version, q.wrapped, q.facts,
            [(q)<-[:OF]-(k:Key) | k.key],
            [(q)-[:STATED]->(n:National) | n.hash],
            [(q)-[i:IN]->(h:Household) | [h.id, i.place, i.sealed]],
            [(q)-[l:LINK]->(o:Person) WHERE l.kind IN $given.protecting | o.id]
        ]) AS shapes
    }
"""
"""From `core`, a list of people: `homes`, `shapes`."""

BEFORE = "MATCH (before:Meta {one: 1}) WITH before.seq AS before"
AFTER = "MATCH (after:Meta {one: 1}) RETURN before, after.seq"
"""Around a statement whose answer must be of one moment: the newest sequence when it began, and when it ended."""

FACTS = f"""{BEFORE}
    CALL () {{
        UNWIND $given.ids AS id {NAMED} RETURN collect([id, p.id]) AS named, collect(DISTINCT p) AS core
    }}
    {AROUND}
    {AFTER}, named, homes, shapes"""


def facts(
    at: int, ids: Iterable[int], named: Iterable[tuple[int, int]], homes: Iterable[Any], rows: Iterable[Any]
) -> Facts:
    """Facts for ids, in their order, from what the statement brought at a sequence.

    Unavailable if that is not of one moment: somebody's household is one that was not read.
    """
    now: dict[int, int] = dict(named)
    shapes = {row[0]: _shape(row) for row in rows}
    members = {household: tuple(sorted(people)) for household, people in homes}
    around: set[int] = set()
    if any(
        row.household not in members for i in ids if (one := now.get(i)) in shapes for row in shapes[one].memberships
    ):
        raise Unavailable(cause="read while a batch was being committed")
    for person in {now[i] for i in ids if i in now and now[i] in shapes}:
        around.update(shapes[person].parents)
        for row in shapes[person].memberships:
            around.update(other for other in members[row.household] if other != person)
    return Facts(
        people={PersonId(i): shapes[now[i]] for i in ids if i in now and now[i] in shapes},
        around={PersonId(i): shapes[i] for i in sorted(around) if i in shapes},
        households={HouseholdId(h): tuple(PersonId(i) for i in members[h]) for h in sorted(members)},
        at=at,
    )


def _shape(row: Sequence[Any]) -> PersonShape:
    person, version, wrapped, sealed, keys, nationals, homes, above = row
    return PersonShape(
        person=PersonId(person),
        version=version,
        wrapped=wrapped,
        facts=sealed,
        keys=tuple(KeyHash(key) for key in (*sorted(keys), *sorted(nationals))),
        memberships=tuple(MemberRow(person, household, body) for household, _, body in sorted(homes)),
        parents=tuple(PersonId(parent) for parent in sorted(set(above))),
    )
