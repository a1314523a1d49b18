"""findPerson: by national id, or by name with a full birth date. What is found still has to pass the gate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from domain.entries import Reach
from domain.errors import Code, Invalid
from domain.iin import is_valid
from domain.wanted import Wanted
from identity.ranking import agreement
from identity.search_keys import candidates
from policy.activity import RootRead
from resolvers.gate.gate import Attempts, Gate
from resolvers.gate.known import Known
from resolvers.reads.building import at_moment
from resolvers.reads.people import person_views
from resolvers.views.pages import Page, cut, node_wanted
from resolvers.views.people import PersonView

_LONGEST_NAME = 200
_PARTS = ("surname", "given_name", "patronymic")


async def find_person(
    gate: Gate,
    national_id: str | None,
    name: str | None,
    birth_date: date | None,
    first: int,
    after: str | None,
    wanted: Wanted,
) -> Page[PersonView]:
    """People under a national id, or under a name and full birth date, as far as the caller may know them.

    Found by name they come best agreement first, as far as the caller may read their names; of equals the smaller id.
    Raises Invalid for what is public: a national id with a wrong check digit, a search by neither or by half.
    """
    gate.require(RootRead.FIND_PERSON)
    gate = await at_moment(gate, wanted)
    known, reach, connection = await _found(gate, national_id, name, birth_date)
    gate.count(known)
    page = cut(known, first, gate.names.position(connection, after), _place, gate.names.cursors(connection))
    people = [item for _, item in page.items]
    views = await person_views(gate, people, node_wanted(wanted), {k.person: reach for k in people})
    return page.page([views[k.person] for k in people])


async def _found(
    gate: Gate, national_id: str | None, name: str | None, birth_date: date | None
) -> tuple[list[Known], Reach, str]:
    if national_id is not None:
        if name is not None or birth_date is not None:
            raise Invalid(Code.INVALID_ARGUMENT, field="nationalId", fix="national_id_or_name_not_both")
        if not is_valid(national_id):
            raise Invalid(Code.INVALID_NATIONAL_ID, field="nationalId", fix="twelve_digits_with_check_digit")
        national = gate.hasher.national(national_id)
        known = await gate.know(await gate.find([national]), attempts=Attempts.ALL)
        return list(known.values()), Reach.OPENED, f"find|{national.hex()}"
    if name is None or birth_date is None:
        raise Invalid(Code.INVALID_ARGUMENT, field="birthDate", fix="national_id_or_name_with_birth_date")
    if len(name) > _LONGEST_NAME:
        raise Invalid(Code.INVALID_ARGUMENT, field="name", fix="shorter_name")
    compounds = candidates(name, birth_date.isoformat())
    keys = sorted({hashed for compound in compounds for hashed in gate.hasher.search(compound)})
    known = await gate.know(await gate.search(keys), attempts=Attempts.ON_CASE)
    ranked = await gate.by_agreement(list(known.values()), "name", partial(_agreement, name))
    return ranked, Reach.LISTED, "search|" + "|".join(key.hex() for key in keys)


def _agreement(searched: str, item: Mapping[str, Any]) -> tuple[int, int, int]:
    return agreement(searched, (item.get(part) for part in _PARTS))


def _place(known: Known) -> bytes:
    return b"%d" % known.person
