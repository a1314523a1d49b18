"""Canonical JSON (RFC 8785) for the closed shapes of leaves: texts, integers, booleans, null, lists, objects.

Leaves hold no fractions, and their member names are ASCII: there, sorting by code point is sorting by UTF-16 unit.
Texts are written raw but for the escapes that RFC 8785 names. Tested against an independent encoder.
"""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from domain.errors import Invalid

_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def encode(leaf: Mapping[str, object]) -> bytes:
    """UTF-8 without line breaks. Raises Invalid for what canonical JSON cannot say (lone surrogates, 2**53 and on)."""
    try:
        return orjson.dumps(leaf, option=_CANONICAL)
    except TypeError:
        raise Invalid(cause="an entry holds what canonical JSON cannot say") from None


def is_canonical(line: bytes) -> bool:
    """Whether these bytes are the canonical form of one object of a leaf's kind."""
    try:
        value = orjson.loads(line)
        return isinstance(value, dict) and orjson.dumps(value, option=_CANONICAL) == line
    except (TypeError, ValueError):
        return False
