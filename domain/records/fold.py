"""The fold: what is known of one person, from the claims about them. Pure; docs/reference/authority.md is its table.

It is written with the claims and rebuilt at will: a record always equals the fold of the claims. The order in which
claims were recorded plays no part, nor does a claim that comes twice.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from domain.claims import ClaimBody, ClaimKind
from domain.ids import KeyHash, PersonId
from domain.links import LinkKind
from domain.records.catalogue import CATEGORIES, KINSHIP
from domain.records.category import Category
from domain.records.payload import Item, Loser, Record, Value

#: A statement of who someone is fills two categories: each takes the fields that it has.
SPREAD: Mapping[str, tuple[str, ...]] = {"identity": ("name", "identity")}
#: A link claim whose part begins so says only that the link ended.
ENDED = "divorce"
#: Sources that are files which somebody handed in. What they say of a link counts only if no agency states the link.
FILES = frozenset({"gedcom"})
_REGISTER = "population"
_STATING = KINSHIP.field("relation").authority
"""Who states links, the most trusted first; then others, then files."""


@dataclass(frozen=True, slots=True)
class Held:
    """A claim in hand: `claim` its idempotency key, `key` the hash of the source key that it hangs on."""

    claim: bytes
    key: KeyHash
    kind: ClaimKind
    body: ClaimBody


@dataclass(frozen=True, slots=True)
class FoldedLink:
    """A link to `other`; `key` is a source key that states it. Dates are ISO texts, None where open or unknown.

    `claims`: all in force about it, the one believed first, overruled ones too.
    """

    kind: LinkKind
    other: PersonId
    key: KeyHash
    since: str | None
    until: str | None
    claims: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class FoldedMembership:
    """A membership of the household that the population register numbers so. `claims`: as of a link."""

    household: str
    role: str
    since: str | None
    until: str | None
    claims: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Folded:
    """What the claims say: a record for each category that has items, links, memberships and the date of death.

    What cannot be so is told beside it: all dates of death that are stated, far keys of links that are nobody's yet,
    and whether a link leads to the person themself.
    """

    records: Mapping[str, Record] = field(default_factory=dict)
    links: tuple[FoldedLink, ...] = ()
    memberships: tuple[FoldedMembership, ...] = ()
    death_date: str | None = None
    deaths: frozenset[str] = frozenset()
    nobody: tuple[tuple[str, str], ...] = ()
    itself: bool = False

    def value(self, category: str, name: str) -> Value | None:
        """A field of a category that has at most one item; None where it is not stated."""
        record = self.records.get(category)
        return record.items[0].values.get(name) if record is not None else None


_Statement = tuple[Held, dict[str, Value]]
_ALL = frozenset(category.name for category in CATEGORIES)
_NO_KEY: tuple[str, ...] = ()


def fold(
    claims: Iterable[Held],
    others: Mapping[tuple[str, str], PersonId],
    person: PersonId | None = None,
    only: Container[str] = _ALL,
) -> Folded:
    """Fold the claims of one person.

    `others`: who the source keys named in link claims are; a link whose far key is not among them, or is `person`
    themself, is left out. `only`: the categories whose records are wanted; the others are left out, the wanted ones
    are the same. Raises nothing: what a claim cannot mean is left out.
    """
    return fold_newest(newest(claims), others, person, only)


def fold_newest(
    in_force: Iterable[Held],
    others: Mapping[tuple[str, str], PersonId],
    person: PersonId | None = None,
    only: Container[str] = _ALL,
) -> Folded:
    """The fold of claims that `newest` gave: for whoever needs those too."""
    stated: dict[str, list[_Statement]] = {}
    links: list[Held] = []
    memberships: list[Held] = []
    for held in in_force:
        if held.kind is ClaimKind.RECORD:
            category = held.body.category or ""
            for target in SPREAD.get(category, (category,)):
                stated.setdefault(target, []).extend((held, item) for item in held.body.items)
        elif held.kind is ClaimKind.LINK:
            links.append(held)
        elif held.kind is ClaimKind.MEMBERSHIP:
            memberships.append(held)
    records = {}
    for known in CATEGORIES:
        if known.name not in only:
            continue
        items = _items(known, stated.get(known.name, []))
        if items:
            records[known.name] = Record(items)
    folded = _links(links, others, person)
    stays = _memberships(memberships)
    deaths = _deaths(stated)
    far = {held.body.other: others.get(held.body.other) for held in links if held.body.other is not None}
    return Folded(
        records,
        folded,
        stays,
        _death(stated) if deaths else None,
        deaths,
        tuple(sorted(key for key, owner in far.items() if owner is None)),
        person is not None and person in far.values(),
    )


def newest(claims: Iterable[Held]) -> list[Held]:
    """The claims in force, the strongest first: of each source record the highest version, if it is not retracted on
    the source key that it hangs on.

    Strongest: latest event, then higher version, then greater record id; the rest only makes the order total.
    """
    once = {held.claim: held for held in claims}
    top: dict[tuple[str, str], int] = {}
    gone: dict[tuple[tuple[str, str], KeyHash], int] = {}
    for held in once.values():
        body = held.body
        record, version = (body.source, body.record_id), body.version
        if record not in top or version > top[record]:
            top[record] = version
        if held.kind is ClaimKind.RETRACTION and version > gone.get((record, held.key), -1):
            gone[record, held.key] = version
    kept = [held for held in once.values() if held.body.version == top[held.body.source, held.body.record_id]]
    if gone:
        kept = [h for h in kept if h.body.version > gone.get(((h.body.source, h.body.record_id), h.key), -1)]
    kept.sort(key=_strength, reverse=True)
    return kept


def _strength(held: Held) -> tuple[str, int, str, str, tuple[str, int, str], bytes]:
    body = held.body
    return body.event, body.version, body.record_id, body.source, _place(body.part), held.claim


@lru_cache(maxsize=4096)
def _place(part: str) -> tuple[str, int, str]:
    """Where a part stands among its like in the row: `membership:10` after `membership:9`, which text order has not."""
    name, _, number = part.partition(":")
    return name, int(number) if number.isascii() and number.isdigit() else -1, number


def _items(category: Category, statements: list[_Statement]) -> tuple[Item, ...]:
    groups: dict[tuple[str, ...], list[_Statement]] = {}
    for held, item in statements:
        key = tuple([str(item.get(name, "")) for name in category.item_key]) if category.item_key else _NO_KEY
        groups.setdefault(key, []).append((held, item))
    items = [_item(category, groups[key]) for key in sorted(groups)]
    return tuple(item for item in items if item.values)


def _item(category: Category, statements: list[_Statement]) -> Item:
    values: dict[str, Value] = {}
    claims: dict[str, bytes] = {}
    losers: list[Loser] = []
    if len(statements) == 1:
        held, item = statements[0]
        said_by, claim = held.body.source, held.claim
        for f in category.fields:
            if f.name in item and said_by in f.authority:
                values[f.name], claims[f.name] = item[f.name], claim
        return Item(values, claims)
    for f in category.fields:
        said = [(held, item[f.name]) for held, item in statements if f.name in item and held.body.source in f.authority]
        if not said:
            continue
        if len(said) > 1:
            said.sort(key=lambda pair: f.authority.index(pair[0].body.source))
            losers.extend(Loser(f.name, value, held.claim) for held, value in said[1:])
        values[f.name], claims[f.name] = said[0][1], said[0][0].claim
    return Item(values, claims, tuple(losers))


def _deaths(stated: Mapping[str, list[_Statement]]) -> frozenset[str]:
    items = (item for _, item in stated.get("civil_status", ()) if item.get("event") == "death")
    return frozenset(str(item["event_date"]) for item in items if "event_date" in item)


def _death(stated: Mapping[str, list[_Statement]]) -> str | None:
    """The date of death: the civil registry's, the population register's, a file's; then the strongest claim's."""
    authority = ("civil", _REGISTER, *sorted(FILES))
    for agency in authority:
        for held, item in stated.get("civil_status", []):
            if item.get("event") == "death" and held.body.source == agency and "event_date" in item:
                return str(item["event_date"])
    return None


def _memberships(claims: list[Held]) -> tuple[FoldedMembership, ...]:
    found: dict[tuple[str, str], list[Held]] = {}
    for held in claims:
        body = held.body
        if body.source == _REGISTER and body.household is not None:
            found.setdefault((body.household, body.since or ""), []).append(held)
    return tuple([_membership(household, found[household, since]) for household, since in sorted(found)])


def _membership(household: str, claims: list[Held]) -> FoldedMembership:
    body = claims[0].body
    stated = (claims[0].claim,) if len(claims) == 1 else tuple([held.claim for held in claims])
    return FoldedMembership(household, body.role or "other", body.since, body.until, stated)


def _links(
    claims: list[Held], others: Mapping[tuple[str, str], PersonId], person: PersonId | None
) -> tuple[FoldedLink, ...]:
    groups: dict[tuple[str, PersonId], list[Held]] = {}
    for held in claims:
        other = others.get(held.body.other) if held.body.other is not None else None
        if other is not None and other != person and held.body.link is not None:
            groups.setdefault((held.body.link, other), []).append(held)
    return tuple(_link(LinkKind(kind), other, groups[kind, other]) for kind, other in sorted(groups))


def _link(kind: LinkKind, other: PersonId, claims: list[Held]) -> FoldedLink:
    stated = (claims[0].claim,) if len(claims) == 1 else tuple([held.claim for held in sorted(claims, key=_belief)])
    claims = [held for held in claims if held.body.source not in FILES] or claims
    begun = [held.body for held in claims if not held.body.part.startswith(ENDED)]
    ends = [held.body.until for held in claims if held.body.part.startswith(ENDED) and held.body.until]
    since = [body.since for body in begun if body.since is not None]
    until: str | None = None
    if begun and all(body.until is not None for body in begun):
        until = max(body.until for body in begun if body.until is not None)
    # A divorce ends the link unless the two married again after it.
    if ends and (not since or max(ends) >= max(since)):
        until = max(ends)
    stating = min(claims, key=lambda held: held.claim)
    return FoldedLink(kind, other, stating.key, min(since, default=None), until, stated)


def _belief(held: Held) -> tuple[bool, int]:
    """Where a claim stands among those about one link, the stronger ones of its source being before it already: what
    says that it began before what says that it ended, then by authority, files last."""
    body = held.body
    place = _STATING.index(body.source) if body.source in _STATING else len(_STATING)
    return body.part.startswith(ENDED), place + (body.source in FILES)
