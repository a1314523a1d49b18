"""Outward ids: decoding never raises and accepts its own alone."""

from __future__ import annotations

import base64

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.vault.rings import ring

IDS = ring().outward("social")
OTHERS = ring().outward("police")
NUMBERS = st.integers(0, 2**58 - 1)
TYPES = st.sampled_from(["P", "H", "E"])


@given(TYPES, NUMBERS)
def test_a_number_comes_back_under_its_sector_and_type_alone(typ: str, number: int) -> None:
    text = IDS.encode(typ, number)
    assert IDS.decode(typ, text) == number
    assert IDS.encode(typ, number) == text
    assert len(text) == 32
    assert OTHERS.decode(typ, text) is None
    assert IDS.decode(typ + "x", text) is None
    assert IDS.decode_bytes(typ, text) is None


@given(TYPES, st.binary(max_size=200))
def test_bytes_come_back_under_their_sector_and_type_alone(typ: str, data: bytes) -> None:
    text = IDS.encode_bytes(typ, data)
    assert IDS.decode_bytes(typ, text) == data
    assert "=" not in text
    assert OTHERS.decode_bytes(typ, text) is None
    assert IDS.decode_bytes("", text) is None
    assert IDS.decode(typ, text) is None


@given(st.text(max_size=40))
@example("A" * 32)
@example("A" * 5000)
@example("é" * 32)
@example("=" * 32)
@example("\ud800" * 32)
@example("A" * 31 + "\n")
def test_made_up_texts_decode_to_nothing(text: str) -> None:
    assert IDS.decode("P", text) is None
    assert IDS.decode_bytes("P", text) is None


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", min_size=32, max_size=32))
def test_well_formed_texts_decode_to_nothing(text: str) -> None:
    assert IDS.decode("P", text) is None


@pytest.mark.parametrize("thing", [None, 5, b"A" * 32, ["A"], 1.5])
def test_other_things_decode_to_nothing(thing: object) -> None:
    assert IDS.decode("P", thing) is None
    assert IDS.decode_bytes("P", thing) is None


@given(st.binary(max_size=60), st.data())
def test_one_spelling_alone_is_accepted(data: bytes, draw: st.DataObject) -> None:
    text = IDS.encode_bytes("C", data)
    other = draw.draw(
        st.sampled_from(
            [
                text + "=",
                text + "==",
                text + "\n",
                " " + text,
                text.replace("-", "+"),
                text.replace("_", "/"),
                text + "A",
            ]
        )
        | st.integers(0, len(text) - 1).map(lambda at: text[:at] + ("B" if text[at] != "B" else "C") + text[at + 1 :])
        | st.integers(0, len(text) - 1).map(lambda at: text[:at])
    )
    if other != text:
        assert IDS.decode_bytes("C", other) is None


def test_spare_bits_of_the_last_character_are_no_second_spelling() -> None:
    text = next(t for t in (IDS.encode_bytes("C", b"x" * n) for n in range(3)) if len(t) % 4)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = text[:-1] + alphabet[alphabet.index(text[-1]) + 1]
    pad = "=" * (-len(text) % 4)
    assert base64.urlsafe_b64decode(twin + pad) == base64.urlsafe_b64decode(text + pad)  # the control: same bytes
    assert IDS.decode_bytes("C", twin) is None


def test_two_sectors_cannot_be_joined() -> None:
    assert not {IDS.encode("P", n) for n in range(100)} & {OTHERS.encode("P", n) for n in range(100)}
