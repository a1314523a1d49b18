"""Keyed hashes: what they are made of, that uses never meet, that parts cannot be shifted."""

from __future__ import annotations

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from domain.ids import SourceKey
from tests.vault.rings import NamedProvider, ring
from vault.provider import Root

HASHER = ring().hasher
TEXT = st.text(max_size=12)


def test_a_national_id_is_hashed_as_the_standards_say() -> None:
    """HKDF-Expand of one block (RFC 5869) is HMAC(secret, info · 0x01); then HMAC-SHA256, cut to 16 bytes."""
    secret = NamedProvider("tests").roots()[Root.HASHING][0].secret
    key = hmac.digest(secret, b"kindred/1/national\x01", hashlib.sha256)
    assert HASHER.national("850101300012") == hmac.digest(key, b"850101300012", hashlib.sha256)[:16]


@given(TEXT, TEXT, TEXT, TEXT)
def test_parts_cannot_be_shifted(agency: str, number: str, other_agency: str, other_number: str) -> None:
    same = (agency, number) == (other_agency, other_number)
    one, other = SourceKey(agency, number), SourceKey(other_agency, other_number)
    assert (HASHER.source_key(one) == HASHER.source_key(other)) == same
    assert (HASHER.label(agency, number) == HASHER.label(other_agency, other_number)) == same
    assert (HASHER.founding(one) == HASHER.founding(other)) == same
    assert (HASHER.claim(agency, number, 1, "") == HASHER.claim(other_agency, other_number, 1, "")) == same


@given(TEXT, TEXT)
def test_moving_a_character_between_parts_gives_another_hash(one: str, other: str) -> None:
    assert HASHER.label(one + "1", other) != HASHER.label(one, "1" + other)
    assert HASHER.source_key(SourceKey(one + ":", other)) != HASHER.source_key(SourceKey(one, ":" + other))
    assert HASHER.claim("a", one, 1, "1" + other) != HASHER.claim("a", one, 11, other)
    assert HASHER.row(one + "a", other.encode()) != HASHER.row(one, b"a" + other.encode())


def test_uses_never_meet() -> None:
    text = "850101300012"
    hashes = [
        HASHER.national(text),
        *HASHER.search(text),
        HASHER.address(text),
        HASHER.source_key(SourceKey("", text)),
        HASHER.row("", text.encode()),
        HASHER.record("", text, 1),
        HASHER.position("", text, 1),
        HASHER.claim("", text, 1, ""),
        HASHER.label("", text),
        bytes.fromhex(HASHER.variables(text.encode()))[:16],
    ]
    assert len(set(hashes)) == len(hashes)
    assert all(len(each) == 16 for each in hashes)


def test_another_key_gives_other_hashes() -> None:
    assert ring("others").hasher.national("1") != HASHER.national("1")


@given(st.text(max_size=20), st.integers(0, 3))
def test_ids_are_positive_and_have_58_bits(text: str, attempt: int) -> None:
    person = HASHER.founding(SourceKey("population", text), attempt)
    assert 0 < person < 2**58
    assert person != HASHER.founding(SourceKey("population", text), attempt + 1)
    assert 0 < HASHER.household("population", text) < 2**58


def test_texts_with_lone_surrogates_are_hashed_too() -> None:
    assert HASHER.search("\ud800") != HASHER.search("\ud801")


def test_blinding_depends_on_key_and_compartment_and_is_one_to_one() -> None:
    hashes = [hashed for number in range(50) for hashed in HASHER.search(str(number))]
    blinded = ring().blinder("protective").blind(hashes)
    assert len(set(blinded)) == 50
    assert not set(blinded) & set(hashes)
    assert ring().blinder("protective").blind(hashes[7:8]) == blinded[7:8]
    assert not set(ring().blinder("docket").blind(hashes)) & set(blinded)
    assert ring().blinder("docket").blind([]) == []


def test_pseudonyms_change_with_the_period() -> None:
    pseudonyms = ring().pseudonyms()
    person = HASHER.founding(SourceKey("population", "1"))
    assert pseudonyms.subject(person, "2026") == pseudonyms.subject(person, "2026")
    assert pseudonyms.subject(person, "2026") != pseudonyms.subject(person, "2027")
    assert pseudonyms.actor(str(person), "2026") != pseudonyms.subject(person, "2026")


def test_a_name_for_one_entry_joins_no_two() -> None:
    pseudonyms = ring().pseudonyms()
    one, other = (pseudonyms.subject(HASHER.founding(SourceKey("population", number))) for number in "12")
    names = {pseudonyms.once(who, entry) for who in (one, other) for entry in (b"a" * 16, b"b" * 16)}
    assert len(names) == 4 and not names & {one, other}
    assert pseudonyms.once(one, b"a" * 16) == ring().pseudonyms().once(one, b"a" * 16)
