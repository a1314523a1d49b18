"""The Authorization header."""

from __future__ import annotations

import pytest

from domain.errors import Refused
from signin.bearer import bearer_token


@pytest.mark.parametrize("header", ["Bearer a.b.c", "bearer a.b.c", "BEARER  a.b.c "])
def test_a_bearer_token(header: str) -> None:
    assert bearer_token(header) == "a.b.c"


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "a.b.c", "Basic a.b.c", "DPoP a.b.c", "Bearer a.b.c x", "Bearer a,b"]
)
def test_anything_else(header: str | None) -> None:
    with pytest.raises(Refused):
        bearer_token(header)
