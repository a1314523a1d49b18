"""Batches drawn at random over a model: honest ones, and ones with a slip of the kinds that callers make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from domain.claims import ClaimKind
from domain.ids import HouseholdId, KeyHash, PersonId
from domain.links import LinkKind
from graph.shapes import Batch, ClaimRow, LinkRow, MemberRow, Move, NewKey, PersonWrite, Redecision
from tests.conformance.graph.making import entry, hashed
from tests.conformance.graph.model import Model, with_base

PEOPLE = [PersonId(i) for i in (1, 2, 3, 4, 5, 2**58 - 1)]
HOMES = [HouseholdId(i) for i in (1, 2, 3)]
KEYS = [hashed(f"key {i}") for i in range(7)]
NATIONALS = [hashed(f"national {i}") for i in range(4)]
SEARCHES = [hashed(f"search {i}") for i in range(4)]
CLAIMS = [hashed(f"claim {i}") for i in range(12)]
KINDS = [LinkKind.PARENT_BIRTH, LinkKind.PARTNER_MARRIAGE, LinkKind.GUARDIAN]
CATEGORIES = [0, 1, 15]
SECONDS = 60

sealed = st.binary(min_size=1, max_size=3)
person_ids = st.sampled_from(PEOPLE)
keys = st.builds(NewKey, st.sampled_from(KEYS), st.sampled_from(["civil", "tax"]), sealed, person_ids, st.just("new"))
claims = st.builds(
    ClaimRow,
    st.sampled_from(CLAIMS),
    st.sampled_from(KEYS),
    st.sampled_from(ClaimKind),
    st.sampled_from(["civil", "tax"]),
    sealed,
)


def instant(second: int) -> str:
    return f"2026-03-01T10:00:{second:02d}.000Z"


instants = st.integers(0, SECONDS - 1).map(instant)


@st.composite
def writes(draw: st.DrawFn, model: Model, person: PersonId, own: Sequence[KeyHash], slip: bool = False) -> PersonWrite:
    """A write of a person whose keys after the batch are `own`, folded from the newest version, or from a wrong one."""
    others = person_ids if slip else person_ids.map(model.named)
    rows = st.builds(
        LinkRow, st.just(person), others, st.sampled_from(KINDS), st.just(0), st.sampled_from(own or KEYS), sealed
    )
    homes = st.builds(MemberRow, st.just(person), st.sampled_from(HOMES), sealed)
    write = PersonWrite(
        person=person,
        base=0,
        wrapped=draw(sealed),
        facts=draw(sealed),
        records=draw(st.dictionaries(st.sampled_from(CATEGORIES), sealed, max_size=2)),
        links=draw(st.none() | st.lists(rows, max_size=3).map(tuple)) if own else None,
        memberships=draw(st.none() | st.lists(homes, max_size=3).map(tuple)),
        searches=draw(st.none() | st.lists(st.sampled_from(SEARCHES), max_size=3).map(tuple)),
        nationals=draw(st.none() | st.lists(st.sampled_from(NATIONALS), max_size=3).map(tuple)),
    )
    return with_base(write, model.version(person))


@st.composite
def pulled(draw: st.DrawFn, model: Model) -> Batch:
    """What a pull writes: new keys, claims, people. In some cases with a wrong key, base or id, or read too early."""
    slip = draw(st.sampled_from(["", "", "", "", "key", "base", "id", "read at"]))
    new_keys = {row.key: row for row in draw(st.lists(keys, max_size=2))}
    for key, row in new_keys.items():
        if slip != "key":
            owner = model.keys[key].person if key in model.keys else model.named(row.person)
            new_keys[key] = replace(row, person=owner)
    people = {}
    for person in draw(st.lists(person_ids if slip == "id" else person_ids.map(model.named), max_size=3)):
        own = {*model.own_keys(person), *(key for key, row in new_keys.items() if row.person == person)}
        people[person] = draw(writes(model, person, sorted(own), slip == "id"))
    stated = [(national, row.person) for row in people.values() for national in row.nationals or ()]
    return Batch(
        instant=draw(instants),
        keys=tuple(new_keys.values()),
        claims=tuple(draw(st.lists(claims, max_size=4))),
        people=tuple(with_base(w, w.base + 1) if slip == "base" else w for w in people.values()),
        cursor=draw(st.none() | st.tuples(st.sampled_from(["civil", "tax"]), sealed)),
        outbox=tuple(entry(name) for name in draw(st.lists(st.sampled_from("abcd"), max_size=2))),
        stated=tuple(draw(st.permutations(stated))),
        read_at=draw(st.integers(0, model.sequence()))
        if slip == "read at"
        else draw(st.none() | st.just(model.sequence())),
    )


def _away(model: Model, person: PersonId) -> PersonWrite:
    """Somebody who names another from now on: nothing is left of them but records."""
    empty = PersonWrite(person, 0, b"w", b"f", {}, (), (), (), ())
    return with_base(empty, model.version(person))


@st.composite
def merges(draw: st.DrawFn, model: Model) -> Batch | None:
    """One of two people is the other, all that named them rewritten. In some cases something is left out."""
    roots = sorted({model.named(person) for person in PEOPLE})
    if len(roots) < 2:
        return None
    one, other = draw(st.permutations(roots))[:2]
    slip = draw(st.sampled_from(["", "", "", "was", "key left", "person left", "link left", "read at", "circle"]))
    anew = [Redecision(key, one, other, "merged") for key in model.own_keys(one)]
    if slip == "was" and anew:
        anew[0] = replace(anew[0], was=draw(person_ids))
    if slip == "key left":
        anew = anew[1:]
    people = [_away(model, one)] if one in model.people and slip != "person left" else []
    own = sorted({*model.own_keys(other), *(row.key for row in anew)})
    people.append(draw(writes(model, other, own)))
    if people[-1].links is None and any(row.other == one for row in _links(model, other)):
        people[-1] = replace(people[-1], links=())
    for person in sorted(model.people.keys() - {one, other}):
        if slip != "link left" and any(row.other == one for row in _links(model, person)):
            people.append(_relinked(model, person, one, other))
    moves = [Move(one, other)]
    if slip == "circle":
        moves.append(Move(other, one))
    read_at = draw(st.integers(0, model.sequence())) if slip == "read at" else model.sequence()
    return Batch(draw(instants), people=tuple(people), redecisions=tuple(anew), moves=tuple(moves), read_at=read_at)


@st.composite
def unmerges(draw: st.DrawFn, model: Model) -> Batch | None:
    """An id names itself again and gets some of the keys; both are folded anew."""
    if not model.moved:
        return None
    one = draw(st.sampled_from(sorted(model.moved)))
    other = model.named(one)
    given = draw(st.lists(st.sampled_from(model.own_keys(other)), unique=True)) if model.own_keys(other) else []
    anew = tuple(Redecision(key, other, one, "unmerged") for key in given)
    people = (
        draw(writes(model, one, sorted(given))),
        _whole(draw(writes(model, other, sorted(set(model.own_keys(other)) - set(given))))),
    )
    return Batch(draw(instants), people=people, redecisions=anew, moves=(Move(one, None),), read_at=model.sequence())


@st.composite
def redecisions(draw: st.DrawFn, model: Model) -> Batch:
    """One key is somebody else, or the same person again, by review; both are folded anew. It may be undecided."""
    key, now = draw(st.sampled_from(KEYS)), draw(person_ids)
    was = model.keys[key].person if key in model.keys else draw(person_ids)
    people = [_whole(draw(writes(model, was, sorted({*model.own_keys(was)} - {key}))))]
    if now != was:
        people.append(draw(writes(model, now, sorted({*model.own_keys(now), key}))))
    return Batch(draw(instants), people=tuple(people), redecisions=(Redecision(key, was, now, "reviewed"),))


def _whole(write: PersonWrite) -> PersonWrite:
    """With links in any case: those under keys that are no longer the person's do not stay."""
    return write if write.links is not None else replace(write, links=())


def _links(model: Model, person: PersonId) -> tuple[LinkRow, ...]:
    return model.people[person].stood.links[1] if person in model.people else ()


def _relinked(model: Model, person: PersonId, one: PersonId, other: PersonId) -> PersonWrite:
    rows = tuple(replace(row, other=other) if row.other == one else row for row in _links(model, person))
    write = PersonWrite(person, 0, b"w", b"g", {}, rows)
    return with_base(write, model.version(person))
