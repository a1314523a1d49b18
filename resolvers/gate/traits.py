"""Sex and birth for terms of kin: as far as the caller may read them, and as they were known at the moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from domain.ids import PersonId
from domain.records.identity import IDENTITY
from domain.records.payload import Value
from resolvers.gate.known import Known
from resolvers.gate.moment import parted
from resolvers.gate.parts import GateParts
from resolvers.kin.traits import NOTHING, Traits

if TYPE_CHECKING:
    from resolvers.gate.gate import Gate

_Stated = tuple[str | None, str | None]


async def traits(gate: Gate, parts: GateParts, people: Sequence[Known]) -> Mapping[PersonId, Traits]:
    """See `Gate.traits`. Of now they stand in the facts, which were read with the person; of an earlier instant in the
    records of then, so that a term is what it was before a birth date was corrected."""
    at = gate.moment.sequence
    if at is None:
        return {one.person: _readable(gate, one, (one.open.facts.sex, one.open.facts.birth_date)) for one in people}
    then = await _then(parts, people, at)
    return {one.person: _readable(gate, one, then[one.person]) if one.person in then else NOTHING for one in people}


async def _then(parts: GateParts, people: Sequence[Known], at: int) -> dict[PersonId, _Stated]:
    """What was known at a sequence of those who are still the same people. Two store calls."""
    by_id = {one.person: one for one in people}
    rows = await parts.reader.records(sorted(by_id), [IDENTITY.number], at)
    hidden = await parted(parts.reader, by_id, at)
    found = {}
    for row in rows:
        if row.person in hidden:
            continue
        record = parts.opener.records(by_id[row.person].open.shape, [row])[IDENTITY.number]
        values = record.items[0].values if record.items else {}
        found[row.person] = (_text(values.get("sex")), _text(values.get("birth_date")))
    return found


def _readable(gate: Gate, known: Known, stated: _Stated) -> Traits:
    fields, _ = gate.permitted(known, IDENTITY, ("sex", "birth_date", "birth_year"))
    sex, born = stated
    if born is not None and "birth_date" not in fields:
        born = born[:4] if "birth_year" in fields else None
    return Traits(sex if "sex" in fields else None, born)


def _text(value: Value | None) -> str | None:
    return None if value is None else str(value)
