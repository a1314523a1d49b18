"""Payloads of earlier and later versions: read, with what they lack left empty and what is new to them left out."""

from __future__ import annotations

import msgspec

from domain.records.payload import LinkTerms, MembershipTerms, decode, encode

CLAIM = bytes(range(16))


def test_payloads_from_before_claims_were_kept_are_read() -> None:
    """Bytes as they were written then."""
    assert decode(LinkTerms, bytes.fromhex("92aa323030312d30312d3031c0")) == LinkTerms("2001-01-01", None)
    old = bytes.fromhex("93a468656164aa323030312d30312d3031c0")
    assert decode(MembershipTerms, old) == MembershipTerms("head", "2001-01-01", None)
    assert decode(MembershipTerms, old).claims == ()


def test_payloads_of_a_later_version_are_read() -> None:
    later = msgspec.msgpack.encode(["2001-01-01", None, [CLAIM], "what nobody here knows"])
    assert decode(LinkTerms, later) == LinkTerms("2001-01-01", None, (CLAIM,))


def test_a_claim_costs_a_reference_and_no_copy() -> None:
    """Sixteen bytes and the two that say so, and one for the list."""
    bare = msgspec.msgpack.encode(["head", "2001-01-01", None])
    assert len(encode(MembershipTerms("head", "2001-01-01", None, (CLAIM,)))) == len(bare) + 19
