"""Canonical JSON against an independent encoder."""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from policy.ledger.canonical import encode, is_canonical

TEXTS = st.text()
NAMES = st.text(st.characters(max_codepoint=127))
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_as_the_standard_says(leaf: dict[str, object]) -> None:
    """Byte for byte."""
    encoded = encode(leaf)
    assert encoded == rfc8785.dumps(leaf)  # type: ignore[arg-type]
    assert is_canonical(encoded)
    assert b"\n" not in encoded


@pytest.mark.parametrize("text", ["\ud800", "a\udfff"])
def test_what_is_no_text(text: str) -> None:
    """Refused, and not quoted."""
    with pytest.raises(Invalid) as caught:
        encode({"reason": text})
    assert text not in str(caught.value.cause)


def test_numbers_others_would_round() -> None:
    """Refused: another reader would see another number."""
    with pytest.raises(Invalid):
        encode({"graph_sequence": 2**53})


@pytest.mark.parametrize("line", [b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":"\\u0041"}', b'["a"]', b"{", b"", b"\xff"])
def test_other_spellings(line: bytes) -> None:
    """Not canonical."""
    assert not is_canonical(line)
    assert is_canonical(json.dumps({"a": 1}, separators=(",", ":")).encode())
