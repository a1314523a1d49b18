"""The development issuer: its file, and tokens that pass the same verifier as anybody's."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from domain.clock import FixedClock
from domain.errors import Invalid, KindredError, Refused, Unavailable
from domain.principals import RoleName
from signin.issuer import DevelopmentIssuer
from signin.key_source import FileKeys
from signin.verifier import Expected, TokenVerifier
from tests.signin.tokens import AUDIENCE, IIN, ISSUER, NOW, hash_national


def opened(path: Path) -> DevelopmentIssuer:
    """The issuer of a key file."""
    return DevelopmentIssuer.open(path, ISSUER, AUDIENCE)


async def test_its_tokens_are_accepted_and_say_all_that_was_asked(tmp_path: Path) -> None:
    issuer = opened(tmp_path / "key.json")
    issuer.write_jwks(tmp_path / "jwks.json")
    clock = FixedClock(NOW)
    verifier = TokenVerifier(Expected(ISSUER, AUDIENCE), FileKeys(tmp_path / "jwks.json"), clock, hash_national)
    token = issuer.issue(
        actor="officer-1",
        role=RoleName.DV_UNIT,
        agency="dv-unit",
        unit="brigade",
        region="KZ-10",
        activities=["dv-response", "log-review"],
        person=IIN,
        acting_for="officer-2",
        token_id="fixed",
        now=NOW,
        lifetime=timedelta(hours=1),
    )
    principal = await verifier.verify(token)
    assert (principal.actor, principal.role, principal.agency) == ("officer-1", RoleName.DV_UNIT, "dv-unit")
    assert (principal.unit, principal.region, principal.acting_for) == ("brigade", "KZ-10", "officer-2")
    assert principal.activities == {"dv-response", "log-review"}
    assert principal.national == hash_national(IIN)
    assert principal.token_id == "fixed"
    assert principal.human
    assert principal.expires == NOW + timedelta(hours=1)
    service = issuer.issue(actor="job", role="caseworker", agency="a", activities=[], now=NOW, person=IIN, human=False)
    assert not (await verifier.verify(service)).human


async def test_it_cannot_make_the_verifier_lenient(tmp_path: Path) -> None:
    issuer = opened(tmp_path / "key.json")
    issuer.write_jwks(tmp_path / "jwks.json")
    verifier = TokenVerifier(
        Expected(ISSUER, AUDIENCE), FileKeys(tmp_path / "jwks.json"), FixedClock(NOW), hash_national
    )
    for role, lifetime in (("king", timedelta(hours=1)), ("caseworker", timedelta(days=3650))):
        token = issuer.issue(actor="a", role=role, agency="a", activities=[], now=NOW, lifetime=lifetime)
        with pytest.raises(Refused):
            await verifier.verify(token)


def test_the_key_stays(tmp_path: Path) -> None:
    first, second = opened(tmp_path / "key.json"), opened(tmp_path / "key.json")
    assert first.jwks() == second.jwks()
    assert os.stat(tmp_path / "key.json").st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["key.json"]


def test_two_that_start_together_end_with_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        sets = list(pool.map(lambda _: opened(tmp_path / "key.json").jwks(), range(8)))
    assert all(jwks == sets[0] for jwks in sets)


def test_nothing_private_is_published_or_shown(tmp_path: Path) -> None:
    issuer = opened(tmp_path / "key.json")
    (key,) = issuer.jwks()["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert "key" not in repr(issuer).lower().replace("kindred", "")


def test_a_key_file_open_to_others(tmp_path: Path) -> None:
    opened(tmp_path / "key.json")
    (tmp_path / "key.json").chmod(0o640)
    with pytest.raises(Invalid):
        opened(tmp_path / "key.json")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"kty":"EC"}', b"\xff", b'{"kty":"oct","k":"AAAA"}'])
def test_a_file_that_holds_no_key(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.json"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(Invalid):
        opened(path)


def test_a_published_key_cannot_sign(tmp_path: Path) -> None:
    opened(tmp_path / "key.json").write_jwks(tmp_path / "jwks.json")
    (tmp_path / "jwks.json").chmod(0o600)
    with pytest.raises(KindredError):
        opened(tmp_path / "jwks.json")


def test_a_place_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        opened(tmp_path / "nowhere" / "key.json")
