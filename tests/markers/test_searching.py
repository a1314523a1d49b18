"""The search itself finds what it is to find: a search that finds nothing proves nothing."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.markers.searching import LENGTH, found

WORD, NUMBER = "Надошодерока", "481516234212"
MARKERS = frozenset({WORD, NUMBER})
WRITINGS: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda data: data,
    "hex": lambda data: data.hex().encode(),
    "HEX": lambda data: data.hex().upper().encode(),
    "base64": base64.b64encode,
    "base64url": base64.urlsafe_b64encode,
    "base64, second offset": lambda data: base64.b64encode(b"\xfe" + data + b"\xfe"),
    "base64, third offset": lambda data: base64.b64encode(b"\xfe\xff" + data + b"\xfe\xff"),
    "base64 within base64 letters": lambda data: b"xyz" + base64.b64encode(data + b"..") + b"xy",
}


@pytest.mark.parametrize("writing", WRITINGS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@settings(max_examples=25)
@given(before=st.binary(max_size=20), after=st.binary(max_size=20), marker=st.sampled_from(sorted(MARKERS)))
def test_a_marker_is_found_in_every_writing(
    writing: str, encoding: str, before: bytes, after: bytes, marker: str
) -> None:
    assert marker in found(
        before + b"\xff\xfe\xff" + WRITINGS[writing](marker.encode(encoding)) + b"\xff" + after, MARKERS
    )


def test_an_amount_is_found_as_a_number() -> None:
    stored = int(NUMBER).to_bytes(8, "big")
    assert found(b"\x93\xcf" + stored + b"\x01", MARKERS) == {NUMBER}


@given(data=st.binary(max_size=400))
def test_chance_is_no_marker(data: bytes) -> None:
    assert found(data, MARKERS, ["strict"]) == frozenset()


def test_other_words_are_found_and_markers_have_one_length() -> None:
    assert found(b"a strict one", MARKERS, ["strict"]) == {"strict"}
    assert {len(marker) for marker in MARKERS} == {LENGTH}
