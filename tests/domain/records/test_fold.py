"""The fold: order plays no part, repeats change nothing, the written authority decides."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from domain.claims import ClaimBody, ClaimKind
from domain.ids import KeyHash, PersonId
from domain.links import LinkKind
from domain.records.catalogue import CATEGORIES
from domain.records.fold import Folded, Held, fold

OTHERS = {("civil", f"CR-{n}"): PersonId(100 + n) for n in range(3)}
ME = PersonId(1)
_DAYS = st.sampled_from(["2001-01-01", "2002-02-02", "2003-03-03"])
_INSTANTS = st.sampled_from(["2020-01-01T00:00:00.000000Z", "2021-01-01T00:00:00.000000Z"])
_VALUES = st.sampled_from(["a", "b", "c"])
_ITEM_FIELDS = {"identity": ("surname", "given_name", "birth_date", "sex"), "income": ("month", "amount")} | {
    c.name: tuple(f.name for f in c.fields) for c in CATEGORIES if c.name in ("residence", "civil_status")
}


@st.composite
def _held(draw: st.DrawFn) -> Held:
    source = draw(st.sampled_from(["population", "civil", "tax", "health"]))
    record, version = f"R-{draw(st.integers(0, 3))}", draw(st.integers(1, 3))
    kind = draw(st.sampled_from(list(ClaimKind)))
    event = draw(_INSTANTS)
    if kind is ClaimKind.RECORD:
        category = draw(st.sampled_from(sorted(_ITEM_FIELDS)))
        fields = st.dictionaries(st.sampled_from(_ITEM_FIELDS[category]), _VALUES, max_size=4)
        items = tuple(dict[str, str | int | bool](one) for one in draw(st.lists(fields, min_size=1, max_size=2)))
        body = ClaimBody(source, record, version, f"{category}", event, category=category, items=items)
    elif kind is ClaimKind.LINK:
        part = draw(st.sampled_from(["marriage:a", "divorce:a", "link:0"]))
        other, link = draw(st.sampled_from(sorted(OTHERS))), draw(st.sampled_from(["partner_marriage", "parent_birth"]))
        since, until = draw(st.none() | _DAYS), draw(st.none() | _DAYS)
        body = ClaimBody(source, record, version, part, event, link=link, other=other, since=since, until=until)
    elif kind is ClaimKind.MEMBERSHIP:
        body = ClaimBody(source, record, version, "m:0", event, household="HH-1", role="head", since=draw(_DAYS))
    else:
        body = ClaimBody(source, record, version, "retracted", event)
    number = f"{source}|{record}|{version}|{body.part}".encode()
    return Held(number, KeyHash(f"{source}|{record}".encode()), kind, body)


@st.composite
def _claims(draw: st.DrawFn) -> list[Held]:
    """Claims as a store holds them: each number once."""
    return list({held.claim: held for held in draw(st.lists(_held(), max_size=12))}.values())


@given(_claims(), st.integers(0, 10**6))
def test_order_plays_no_part(claims: list[Held], seed: int) -> None:
    shuffled = list(claims)
    random.Random(seed).shuffle(shuffled)
    assert fold(shuffled, OTHERS, ME) == fold(claims, OTHERS, ME)


@given(_claims())
def test_a_claim_that_comes_twice_changes_nothing(claims: list[Held]) -> None:
    assert fold(claims + claims, OTHERS, ME) == fold(claims, OTHERS, ME)


@given(_claims(), _held())
def test_what_is_superseded_changes_nothing(claims: list[Held], held: Held) -> None:
    newer = ClaimBody(held.body.source, held.body.record_id, 9, "m:9", held.body.event, household="HH-9", role="head")
    top = Held(b"top", held.key, ClaimKind.MEMBERSHIP, newer)
    without = [one for one in claims if one.claim != held.claim]
    assert fold([*without, held, top], OTHERS, ME) == fold([*without, top], OTHERS, ME)


@given(_claims())
def test_every_value_comes_from_the_claim_it_names(claims: list[Held]) -> None:
    by_number = {held.claim: held for held in claims}
    folded = fold(claims, OTHERS, ME)
    for category in CATEGORIES:
        record = folded.records.get(category.name)
        for item in record.items if record is not None else ():
            assert set(item.values) == set(item.claims)
            for name, value in item.values.items():
                source = by_number[item.claims[name]]
                assert source.body.source in category.field(name).authority
                assert any(said.get(name) == value for said in source.body.items)
            for loser in item.losers:
                rank = category.field(loser.field).authority.index
                winner = by_number[item.claims[loser.field]].body.source
                assert rank(winner) <= rank(by_number[loser.claim].body.source)


@given(_claims(), st.sets(st.sampled_from([c.name for c in CATEGORIES])))
def test_a_part_of_the_fold_is_the_same_as_the_whole(claims: list[Held], only: set[str]) -> None:
    whole, part = fold(claims, OTHERS, ME), fold(claims, OTHERS, ME, only)
    assert dict(part.records) == {name: record for name, record in whole.records.items() if name in only}
    assert (part.links, part.memberships, part.death_date) == (whole.links, whole.memberships, whole.death_date)


def _claim(source: str, version: int, event: str, record: str = "R-1", part: str = "identity", **item: str) -> Held:
    body = ClaimBody(source, record, version, part, event, category="identity", items=(dict(item),))
    return Held(f"{source}{record}{version}{part}".encode(), KeyHash(source.encode()), ClaimKind.RECORD, body)


def test_authority_goes_before_time_and_losers_are_kept() -> None:
    tax = _claim("tax", 1, "2025", surname="TAX")
    civil = _claim("civil", 1, "2024", surname="CIVIL", birth_date="1990-01-01")
    register = _claim("population", 1, "2020", surname="REGISTER", birth_date="1991-01-01")
    folded = fold([tax, civil, register], {})
    assert folded.value("name", "surname") == "REGISTER"
    assert folded.value("identity", "birth_date") == "1990-01-01"
    losers = folded.records["name"].items[0].losers
    assert [(loser.value, loser.claim) for loser in losers] == [("CIVIL", civil.claim), ("TAX", tax.claim)]


def test_within_an_agency_the_latest_event_wins_then_version_then_record() -> None:
    def won(*claims: Held) -> object:
        return fold(claims, {}).value("name", "surname")

    old, new = _claim("civil", 2, "2020", "R-9", surname="old"), _claim("civil", 1, "2021", "R-1", surname="new")
    assert won(old, new) == "new"
    assert won(_claim("civil", 2, "2020", "R-1", surname="v2"), _claim("civil", 1, "2020", "R-9", surname="v1")) == "v2"
    assert won(_claim("civil", 1, "2020", "R-1", surname="1"), _claim("civil", 1, "2020", "R-2", surname="2")) == "2"


def test_only_the_highest_version_counts_whatever_arrived_last() -> None:
    second, first = _claim("civil", 2, "2020", surname="two"), _claim("civil", 1, "2021", given_name="one")
    folded = fold([second, first], {})
    assert folded.value("name", "surname") == "two"
    assert folded.value("name", "given_name") is None


def test_a_retraction_takes_back_up_to_its_version() -> None:
    body = ClaimBody("civil", "R-1", 2, "retracted", "2020")
    gone = Held(b"gone", KeyHash(b"civil"), ClaimKind.RETRACTION, body)
    assert fold([_claim("civil", 2, "2020", surname="two"), gone], {}) == Folded()
    of_another_key = replace(gone, key=KeyHash(b"k"))
    assert fold([_claim("civil", 2, "2020", surname="two"), of_another_key], {}).value("name", "surname") == "two"
    assert fold([_claim("civil", 1, "2020", surname="one"), of_another_key], {}) == Folded()
    assert fold([_claim("civil", 3, "2020", surname="three"), gone], {}).value("name", "surname") == "three"


def _marriages(events: Sequence[tuple[str, str]]) -> tuple[str | None, str | None]:
    claims = []
    for n, (what, day) in enumerate(events):
        since, until = (day, None) if what == "marriage" else (None, day)
        body = ClaimBody(
            "civil", f"AK-{n}", 1, f"{what}:spouse1", "2020", link=LinkKind.PARTNER_MARRIAGE, other=("civil", "CR-1"),
            since=since, until=until,
        )  # fmt: skip
        claims.append(Held(f"{n}".encode(), KeyHash(b"k"), ClaimKind.LINK, body))
    (link,) = fold(claims, OTHERS, ME).links
    return link.since, link.until


def test_a_divorce_ends_a_marriage_unless_they_married_again() -> None:
    assert _marriages([("marriage", "2001-01-01")]) == ("2001-01-01", None)
    assert _marriages([("marriage", "2001-01-01"), ("divorce", "2005-01-01")]) == ("2001-01-01", "2005-01-01")
    again = [("marriage", "2001-01-01"), ("divorce", "2005-01-01"), ("marriage", "2007-01-01")]
    assert _marriages(again) == ("2001-01-01", None)
    assert _marriages([*again, ("divorce", "2009-01-01")]) == ("2001-01-01", "2009-01-01")
    assert _marriages([("divorce", "2005-01-01")]) == (None, "2005-01-01")


def test_a_link_stated_by_two_keys_is_one_and_none_leads_to_oneself() -> None:
    body = ClaimBody(
        "civil", "AK-1", 1, "link:p", "2020", link="parent_birth", other=("civil", "CR-1"), since="2001-01-01"
    )
    one = Held(b"1", KeyHash(b"b"), ClaimKind.LINK, body)
    two = replace(one, claim=b"2", key=KeyHash(b"a"), body=msgspec.structs.replace(body, record_id="AK-2"))
    (link,) = fold([two, one], OTHERS, ME).links
    assert link.key == b"b"
    assert fold([one, two], OTHERS, PersonId(101)).links == ()
    assert fold([one, two], {}, ME).links == ()


def test_of_one_rows_registrations_in_one_household_the_last_counts() -> None:
    """The tenth comes after the second, which the text order of their parts has the other way round."""

    def stay(n: int) -> Held:
        body = ClaimBody(
            "population", "R-1", 1, f"membership:{n}", "2020", household="HH-1", role=f"role-{n}", since="2001-01-01"
        )
        return Held(f"{n}".encode(), KeyHash(b"k"), ClaimKind.MEMBERSHIP, body)

    for several, last in (((2, 10), 10), ((9, 10, 11, 3), 11), ((0, 1), 1), ((99, 100), 100)):
        (member,) = fold([stay(n) for n in several], {}).memberships
        assert member.role == f"role-{last}"


def _states(source: str, record: str, part: str, since: str | None = None, until: str | None = None) -> Held:
    spouse, kind = ("civil", "CR-1"), LinkKind.PARTNER_MARRIAGE
    body = ClaimBody(source, record, 1, part, "2020", link=kind, other=spouse, since=since, until=until)
    return Held(f"{source}{record}{part}".encode(), KeyHash(source.encode()), ClaimKind.LINK, body)


def test_a_link_keeps_every_claim_about_it_the_one_believed_first() -> None:
    """Civil before population before files, what begins it before what ends it; contradictions are kept."""
    begun = _states("civil", "AK-1", "marriage:a", since="2001-01-01")
    ended = _states("civil", "AK-2", "divorce:a", until="2005-01-01")
    other = _states("population", "R-1", "relation:0", since="2000-12-31")
    file = _states("gedcom", "T-1", "marriage:F1", since="1999-01-01")
    for claims in ([file, ended, other, begun], [begun, other, ended, file]):
        (link,) = fold(claims, OTHERS, ME).links
        assert link.claims == (begun.claim, other.claim, file.claim, ended.claim)
    (link,) = fold([file], OTHERS, ME).links
    assert link.claims == (file.claim,) and link.since == "1999-01-01"


@given(_claims())
def test_links_and_memberships_name_the_claims_that_state_them(claims: list[Held]) -> None:
    by_number = {held.claim: held.body for held in claims}
    folded = fold(claims, OTHERS, ME)
    for link in folded.links:
        assert link.claims and len(set(link.claims)) == len(link.claims)
        for claim in link.claims:
            body = by_number[claim]
            assert body.other is not None and (body.link, OTHERS[body.other]) == (link.kind, link.other)
    for stay in folded.memberships:
        first, *others = [by_number[claim] for claim in stay.claims]
        assert (first.role, first.until) == (stay.role, stay.until)
        assert {(body.household, body.since) for body in (first, *others)} == {(stay.household, stay.since)}
