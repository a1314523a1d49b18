"""Making the claims of one row: what all mappings share, so that each of them holds its agency's words alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.claims import Claim, ClaimBody, ClaimKind, Evidence, ProtectiveMatter, RowClaims
from domain.ids import SourceKey
from domain.links import LinkKind

Item = dict[str, str | int | bool]


def stated(**fields: str | int | bool | None) -> Item:
    """An item of the fields that are stated: None and the empty text say nothing and are left out."""
    return {name: value for name, value in fields.items() if value is not None and value != ""}


class Making:
    """Gathers what one version of one record says. `event` is the source's own instant, as `checks.instant` gives it.

    Each claim's `part` is unique in the row. A source key that a row names twice is one person, named first where it
    stood first.
    """

    def __init__(self, source: str, record_id: str, version: int, event: str) -> None:
        self._source = source
        self._record_id = record_id
        self._version = version
        self._event = event
        self._people: dict[SourceKey, Evidence] = {}
        self._claims: list[Claim] = []

    def person(self, evidence: Evidence, part: str, sex: str | None = None) -> SourceKey:
        """One of the row's people, with the claim of who they are; without any name or date it makes no claim."""
        if evidence.key in self._people:
            return evidence.key
        self._people[evidence.key] = replace(evidence, sex=sex)
        item = stated(
            surname=evidence.surname,
            given_name=evidence.given_name,
            patronymic=evidence.patronymic,
            birth_surname=evidence.birth_surname,
            birth_date=evidence.birth_date,
            sex=sex,
            national_id=evidence.national_id,
        )
        if item:
            self.record(evidence.key, part, "identity", [item])
        return evidence.key

    def record(self, key: SourceKey, part: str, category: str, items: Sequence[Item]) -> None:
        """A claim about a category's items."""
        body = ClaimBody(
            self._source, self._record_id, self._version, part, self._event, category=category, items=tuple(items)
        )
        self._claims.append(Claim(ClaimKind.RECORD, key, body))

    def link(
        self, key: SourceKey, part: str, kind: LinkKind, other: SourceKey, since: str | None, until: str | None = None
    ) -> None:
        """A claim that `key` has a link to `other`."""
        body = ClaimBody(
            self._source,
            self._record_id,
            self._version,
            part,
            self._event,
            link=str(kind),
            other=(other.agency, other.source_id),
            since=since,
            until=until,
        )
        self._claims.append(Claim(ClaimKind.LINK, key, body))

    def membership(
        self, key: SourceKey, part: str, household: str, role: str, since: str | None, until: str | None
    ) -> None:
        """A claim that `key` is a member of a household."""
        body = ClaimBody(
            self._source,
            self._record_id,
            self._version,
            part,
            self._event,
            household=household,
            role=role,
            since=since,
            until=until,
        )
        self._claims.append(Claim(ClaimKind.MEMBERSHIP, key, body))

    def row(self, protective: Sequence[ProtectiveMatter] = ()) -> RowClaims:
        """All that was gathered."""
        return RowClaims(
            self._source,
            self._record_id,
            self._version,
            people=tuple(self._people.values()),
            claims=tuple(self._claims),
            protective=tuple(protective),
        )
