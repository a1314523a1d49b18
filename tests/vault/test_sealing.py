"""What is sealed opens under its own key and label alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Broken
from tests.vault.rings import NamedProvider, clear_ring, ring
from vault.ciphers import Compartment
from vault.key_ring import KeyRing
from vault.unsealing import Unsealer

RING = ring()
UNSEALER = Unsealer(RING)
COMPARTMENTS: tuple[Compartment, ...] = ("docket", "protective", "cursor", "outbox", "ledger")


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_what_was_sealed_comes_back(plain: bytes, label: bytes) -> None:
    key = RING.sealer.new_key()
    sealed = RING.sealer.seal(key, plain, label)
    assert UNSEALER.unseal(key.wrapped, sealed, label) == plain
    assert UNSEALER.unseal_with(UNSEALER.key(key.wrapped), sealed, label) == plain
    assert len(sealed) == len(plain) + 30


@given(st.data())
def test_a_changed_byte_anywhere_is_told(data: st.DataObject) -> None:
    key = RING.sealer.new_key()
    sealed = bytearray(RING.sealer.seal(key, b"Almaty, Abai 12", b"record"))
    wrapped = bytearray(key.wrapped)
    target = data.draw(st.sampled_from([sealed, wrapped]))
    at = data.draw(st.integers(0, len(target) - 1))
    target[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Broken):
        UNSEALER.unseal(bytes(wrapped), bytes(sealed), b"record")


@given(st.integers(0, 44))
def test_a_cut_payload_is_told(length: int) -> None:
    key = RING.sealer.new_key()
    sealed = RING.sealer.seal(key, b"Almaty, Abai 12", b"record")
    with pytest.raises(Broken):
        UNSEALER.unseal(key.wrapped, sealed[:length], b"record")
    with pytest.raises(Broken):
        UNSEALER.key(key.wrapped[:length])


def test_a_wrong_label_is_told() -> None:
    key = RING.sealer.new_key()
    sealed = RING.sealer.seal(key, b"text", b"person 1")
    with pytest.raises(Broken):
        UNSEALER.unseal(key.wrapped, sealed, b"person 2")


def test_another_key_and_another_ring_open_nothing() -> None:
    key, other = RING.sealer.new_key(), RING.sealer.new_key()
    sealed = RING.sealer.seal(key, b"text", b"label")
    with pytest.raises(Broken):
        UNSEALER.unseal(other.wrapped, sealed, b"label")
    with pytest.raises(Broken):
        Unsealer(ring("others")).unseal(key.wrapped, sealed, b"label")


@pytest.mark.parametrize("name", COMPARTMENTS)
def test_a_compartment_opens_its_own_alone(name: Compartment) -> None:
    sealed = RING.sealer.seal_compartment(name, b"text", b"label")
    assert UNSEALER.unseal_compartment(name, sealed, b"label") == b"text"
    for other in COMPARTMENTS:
        if other != name:
            with pytest.raises(Broken):
                UNSEALER.unseal_compartment(other, sealed, b"label")


def test_more_can_be_sealed_under_a_reopened_key() -> None:
    key = RING.sealer.new_key()
    sealed = RING.sealer.seal(RING.sealer.reopen(key.wrapped), b"later", b"label")
    assert UNSEALER.unseal(key.wrapped, sealed, b"label") == b"later"


def test_equal_plaintexts_are_sealed_differently() -> None:
    key = RING.sealer.new_key()
    assert RING.sealer.seal(key, b"text", b"label") != RING.sealer.seal(key, b"text", b"label")


def test_older_key_versions_still_open() -> None:
    old, new = ring(versions=1), ring(versions=2)
    key = old.sealer.new_key()
    sealed = old.sealer.seal(key, b"text", b"label")
    cursor = old.sealer.seal_compartment("cursor", b"17", b"label")
    assert Unsealer(new).unseal(key.wrapped, sealed, b"label") == b"text"
    assert Unsealer(new).unseal_compartment("cursor", cursor, b"label") == b"17"
    newer = new.sealer.seal_compartment("cursor", b"18", b"label")
    with pytest.raises(Broken):
        Unsealer(old).unseal_compartment("cursor", newer, b"label")


def test_a_ring_that_does_not_seal_has_to_be_asked_for_twice() -> None:
    with pytest.raises(Broken):
        KeyRing.open(NamedProvider("tests"), sealing=False)
    control = clear_ring()
    key = control.sealer.new_key()
    sealed = control.sealer.seal(key, b"MARKER", b"label")
    assert b"MARKER" in sealed
    assert Unsealer(control).unseal(key.wrapped, sealed, b"label") == b"MARKER"


def test_a_sealing_ring_refuses_what_lies_in_clear() -> None:
    control = clear_ring()
    key = control.sealer.new_key()
    with pytest.raises(Broken):
        UNSEALER.unseal_compartment("docket", control.sealer.seal_compartment("docket", b"x" * 40, b"l"), b"l")
    with pytest.raises(Broken):
        UNSEALER.key(key.wrapped)
    own = RING.sealer.new_key()
    with pytest.raises(Broken):
        UNSEALER.unseal(own.wrapped, control.sealer.seal(key, b"x" * 40, b"l"), b"l")


def test_no_public_name_of_the_ring_unseals() -> None:
    reachable = [
        RING,
        RING.sealer,
        RING.hasher,
        RING.outward("s"),
        RING.signer(),
        RING.pseudonyms(),
        RING.blinder("docket"),
    ]
    for each in [*reachable, RING.sealer.new_key()]:
        names = [name for name in dir(each) if not name.startswith("_")]
        assert not [
            name for name in names if "unseal" in name or "unwrap" in name or "decrypt" in name or "cipher" in name
        ]
