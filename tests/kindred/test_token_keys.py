"""A hub that could let nobody in, or anybody, does not start."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Invalid, KindredError
from kindred.settings import Settings, read_settings
from kindred.token_keys import token_keys
from signin.issuer import DevelopmentIssuer

_ISSUER = "https://issuer.example"


def _settings(jwks: object, **given: Any) -> Settings:
    return read_settings(**{"issuer": _ISSUER, "jwks": str(jwks), **given})


def _development_keys(folder: Path) -> Path:
    DevelopmentIssuer.open(folder / "key.json", _ISSUER, "kindred").write_jwks(folder / "jwks.json")
    return folder / "jwks.json"


def _real_keys(folder: Path) -> Path:
    found = json.loads(_development_keys(folder).read_bytes())
    (folder / "real.json").write_text(json.dumps({"keys": found["keys"]}))
    return folder / "real.json"


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[]", b'{"keys": []}', b'{"keys": [{"kty": "EC"}]}', b" " * 70_000]
)
def test_a_file_without_a_key_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "keys.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(KindredError) as refused:
        token_keys(_settings(file))
    assert refused.value.field == "KINDRED_JWKS"


def test_a_private_key_in_place_of_the_public_is_refused(tmp_path: Path) -> None:
    _development_keys(tmp_path)
    with pytest.raises(Invalid):
        token_keys(_settings(tmp_path / "key.json"))


@pytest.mark.parametrize("address", ["http://issuer.example/jwks.json", "ftp://issuer.example/jwks", "", "\x00"])
def test_addresses_that_give_no_keys_are_refused(address: str) -> None:
    with pytest.raises(KindredError):
        token_keys(_settings(address))


def test_the_development_issuers_keys_are_for_development(tmp_path: Path) -> None:
    file = _development_keys(tmp_path)
    with pytest.raises(Invalid) as refused:
        token_keys(_settings(file))
    assert (refused.value.field, refused.value.fix) == ("KINDRED_JWKS", "development_only")
    token_keys(_settings(file, development=True))
    token_keys(_settings(file, demo=True))


@pytest.mark.parametrize("issuer", ["https://demo.kindred.invalid", "https://A.INVALID./x", "https://a.invalid:8443"])
def test_names_that_no_issuer_can_have_are_for_development(tmp_path: Path, issuer: str) -> None:
    file = _real_keys(tmp_path)
    for jwks in (file, "https://issuer.example/jwks.json"):
        with pytest.raises(Invalid) as refused:
            token_keys(_settings(jwks, issuer=issuer))
        assert refused.value.field == "KINDRED_ISSUER"
    token_keys(_settings(file, issuer=issuer, demo=True))


@pytest.mark.parametrize("issuer", [_ISSUER, "https://invalid.example", "https://issuer.example/.invalid"])
def test_real_ones_serve(tmp_path: Path, issuer: str) -> None:
    token_keys(_settings(_real_keys(tmp_path), issuer=issuer))
