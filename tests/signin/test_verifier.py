"""Each way in which a token can be wrong, one at a time, beside a control that is right."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Code, Invalid, Refused
from domain.principals import RoleName
from signin.verifier import MAX_TOKEN, Expected
from tests.signin.tokens import (
    AUDIENCE,
    EC,
    ED,
    IIN,
    ISSUER,
    NOW,
    OTHER_IIN,
    RSA,
    SECOND,
    Bench,
    claims,
    hash_national,
    key_set,
    shared_secret_token,
    sign,
    unsigned,
)

HEADER = {"alg": "ES256", "typ": "at+jwt", "kid": "ec"}


async def refused(token: str, cause: str | None = None, **bench: Any) -> None:
    """The token is refused with the one public code, and for the reason meant."""
    with pytest.raises(Refused) as caught:
        await Bench(**bench).verify(token)
    assert caught.value.code is Code.UNAUTHENTICATED
    assert caught.value.field is None
    if cause is not None:
        assert caught.value.cause == cause


async def test_a_right_token_says_who_asks() -> None:
    bench = Bench(sectors={"support-centre-KZ-75": "social"})
    principal = await bench.verify(sign(claims(national_id=IIN)))
    assert principal.actor == "officer-7"
    assert principal.role is RoleName.CASEWORKER
    assert (principal.agency, principal.sector) == ("support-centre-KZ-75", "social")
    assert (principal.unit, principal.region) == ("second", "KZ-75")
    assert (principal.client, principal.token_id) == ("front-end", "token-1")
    assert principal.activities == frozenset({"family-card-review"})
    assert principal.national == hash_national(IIN)
    assert principal.human
    assert principal.acting_for is None
    assert principal.expires == datetime.fromtimestamp(SECOND + 3600, UTC)
    assert IIN not in repr(principal)


async def test_who_acts_on_behalf_of_another() -> None:
    """RFC 8693: `sub` is on whose behalf, `act.sub` who acts. The bar is worked out for who acts, and sees."""
    act = {"sub": "assistant-3", "national_id": OTHER_IIN, "act": {"sub": "somebody-before"}}
    principal = await Bench().verify(sign(claims(act=act)))
    assert (principal.actor, principal.acting_for) == ("assistant-3", "officer-7")
    assert principal.national == hash_national(OTHER_IIN)
    await refused(sign(claims(act={"sub": "assistant-3"})), "no national id")
    lent = await Bench(require_person=False).verify(sign(claims(act={"sub": "assistant-3"})))
    assert lent.national is None, "the national id of whom they act for is not theirs"


async def test_what_a_token_may_leave_out() -> None:
    bench = Bench(require_person=False)
    principal = await bench.verify(sign(claims(unit=None, region=None, actor_kind=None, national_id=None)))
    assert (principal.unit, principal.region, principal.national, principal.acting_for) == (None, None, None, None)
    assert not principal.human
    assert principal.sector == principal.agency


@pytest.mark.parametrize("role", [role for role in RoleName if role is not RoleName.PRIVACY_OFFICER])
async def test_who_does_not_say_who_they_are_is_nobody(role: RoleName) -> None:
    """Without the holder's national id nobody can be barred from the file of their own family."""
    nameless = sign(claims(role=role.value, national_id=None))
    await refused(nameless, "no national id")
    await refused(sign(claims(role=role.value, national_id=None, actor_kind="service")), "no national id")
    assert (await Bench().verify(sign(claims(role=role.value)))).national == hash_national(IIN)
    assert (await Bench(require_person=False).verify(nameless)).national is None


async def test_who_reads_the_log_alone_need_not_say_who_they_are() -> None:
    principal = await Bench().verify(sign(claims(role="privacy_officer", national_id=None)))
    assert principal.national is None


@pytest.mark.parametrize(("key", "alg"), [(EC, "ES256"), (ED, "Ed25519"), (ED, "EdDSA")])
async def test_expected_algorithms(key: Any, alg: str) -> None:
    assert (await Bench().verify(sign(claims(), key, alg))).actor == "officer-7"


async def test_an_algorithm_that_is_not_expected() -> None:
    await refused(sign(claims(), ED, "EdDSA"), "alg", algorithms=frozenset({"ES256"}))
    await refused(sign(claims(), RSA, "RS256"), "alg")


async def test_a_key_serves_its_own_algorithm_only() -> None:
    await refused(sign(claims(), ED, "EdDSA", kid="ec"), "key for another algorithm")
    await refused(sign(claims(), EC, "ES256", kid="ed"), "key for another algorithm")


async def test_no_signature() -> None:
    for alg in ("none", "None", "NONE"):
        await refused(unsigned({**HEADER, "alg": alg}, claims()), "alg")
    await refused(unsigned(HEADER, claims()), "signature")


async def test_the_public_key_as_a_shared_secret() -> None:
    await refused(shared_secret_token(claims()), "alg")


async def test_another_issuers_signature() -> None:
    token = sign(claims(), EC)
    head, body, signature = token.split(".")
    other = sign(claims(jti="token-2"), EC).split(".")
    await refused(f"{head}.{other[1]}.{signature}", "signature")
    await refused(f"{head}.{body}.{other[2]}", "signature")


@pytest.mark.parametrize("typ", ["JWT", "jwt", "at", "at+jwt ", "dpop+jwt", "", None])
async def test_type(typ: str | None) -> None:
    await refused(sign(claims(), typ=typ))


async def test_the_types_long_form() -> None:
    assert (await Bench().verify(sign(claims(), typ="application/at+JWT"))).actor == "officer-7"


@pytest.mark.parametrize(
    "extra",
    [
        {"crit": ["exp"]},
        {"crit": []},
        {"b64": False, "crit": ["b64"]},
        {"jwk": EC.as_dict(private=False)},
        {"jku": "https://issuer.example/keys"},
        {"x5c": ["AAAA"]},
        {"x5u": "https://issuer.example/cert"},
    ],
)
async def test_headers_that_change_how_a_token_is_read(extra: dict[str, Any]) -> None:
    await refused(sign(claims(), **extra), "header shape")


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"iss": "https://other.example"}, "iss"),
        ({"iss": ISSUER + "/"}, "iss"),
        ({"aud": "other"}, "aud"),
        ({"aud": ["other", "another"]}, "aud"),
        ({"aud": []}, "aud"),
        ({"exp": SECOND}, "expired"),
        ({"exp": SECOND - 1, "iat": SECOND - 10}, "expired"),
        ({"exp": SECOND + 10 * 365 * 86400}, "lifetime"),
        ({"exp": SECOND + 12 * 3600 + 1}, "lifetime"),
        ({"iat": SECOND + 30, "exp": SECOND + 20}, "lifetime"),
        ({"iat": SECOND + 61, "exp": SECOND + 3600}, "not yet valid"),
        ({"nbf": SECOND + 61}, "not yet valid"),
        ({"cnf": {"jkt": "thumb"}}, "bound token as bearer"),
        ({"role": "administrator"}, "unknown role"),
        ({"role": "Caseworker"}, "unknown role"),
        ({"national_id": "850101300016"}, "national id is none"),
        ({"sub": "officer\n7"}, "unprintable text"),
        ({"act": {"sub": "a\u0000b"}}, "unprintable text"),
        ({"act": {"sub": "a", "national_id": "850101300016"}}, "national id is none"),
        ({"act": {"sub": "a", "national_id": IIN}, "national_id": "850101300016"}, "national id is none"),
        ({"act": {}}, "claims shape"),
        ({"sub": ""}, "claims shape"),
        ({"sub": 7}, "claims shape"),
        ({"sub": "x" * 257}, "claims shape"),
        ({"act": "portal"}, "claims shape"),
        ({"activities": "family-card-review"}, "claims shape"),
        ({"activities": ["x"] * 65}, "claims shape"),
        ({"exp": str(SECOND + 60)}, "claims shape"),
        ({"exp": 10**30}, "claims shape"),
        ({"exp": -1}, "claims shape"),
        ({"exp": True}, "claims shape"),
    ],
)
async def test_claims_that_are_wrong(change: dict[str, Any], cause: str) -> None:
    await refused(sign(claims(**change)), cause)


@pytest.mark.parametrize(
    "name", ["iss", "aud", "sub", "iat", "exp", "jti", "client_id", "role", "agency", "activities"]
)
async def test_claims_that_must_be_there(name: str) -> None:
    await refused(sign(claims(**{name: None})), "claims shape")


async def test_a_bound_token_is_refused_even_with_nothing_in_the_binding() -> None:
    await refused(sign(json.dumps({**claims(), "cnf": None}).encode()), "bound token as bearer")


@pytest.mark.parametrize(
    "change",
    [
        {"aud": ["other", AUDIENCE]},
        {"exp": SECOND + 1},
        {"exp": SECOND + 12 * 3600},
        {"iat": SECOND + 60, "exp": SECOND + 3600},
        {"nbf": SECOND + 60},
        {"national_id": IIN},
        {"activities": []},
    ],
)
async def test_near_misses_that_are_right(change: dict[str, Any]) -> None:
    assert (await Bench().verify(sign(claims(**change)))).actor == "officer-7"


async def test_skew_never_prolongs_a_token() -> None:
    bench = Bench()
    token = sign(claims(exp=SECOND + 5))
    await bench.verify(token)
    bench.clock.instant = NOW + timedelta(seconds=5)
    with pytest.raises(Refused):
        await bench.verify(token)


async def test_not_a_number_as_a_date() -> None:
    raw = json.dumps(claims()).replace(str(SECOND + 3600), "NaN").encode()
    assert b"NaN" in raw
    await refused(sign(raw), "claims shape")


async def test_deep_and_odd_bodies() -> None:
    for raw in (b"[" * 4000, b'{"a":' * 800, b"null", b"[]", b"\xff\xfe", b"", b"9" * 5000):
        await refused(sign(raw), "claims shape")
    for raw in (b"[" * 4000, b'["alg"]', b"7", b"null", b"\xff"):
        await refused(unsigned(raw, claims()), "header shape")


async def test_size() -> None:
    fits = sign(claims(padding="x" * 5000))
    assert len(fits) <= MAX_TOKEN
    await Bench().verify(fits)
    await refused(sign(claims(padding="x" * 7000)), "too large")
    await refused("x" * 10_000_000, "too large")


@given(st.one_of(st.text(max_size=300), st.binary(max_size=300).map(lambda raw: raw.decode("latin-1"))))
async def test_garbage(text: str) -> None:
    await refused(text)


@given(st.data())
async def test_one_changed_letter(data: st.DataObject) -> None:
    token = sign(claims())
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.="))
    changed = token[:place] + letter + token[place + 1 :]
    if changed != token:
        await refused(changed)


async def test_remembered_tokens_cost_no_key_and_no_hash() -> None:
    bench = Bench()
    token = sign(claims(national_id=IIN))
    first = await bench.verify(token)
    assert await bench.verify(token) is first
    assert (bench.keys.asked, bench.hashed) == (["ec"], [IIN])


async def test_a_remembered_token_is_verified_again_after_a_minute() -> None:
    bench = Bench()
    token = sign(claims())
    await bench.verify(token)
    bench.clock.instant = NOW + timedelta(seconds=59)
    await bench.verify(token)
    assert len(bench.keys.asked) == 1
    bench.clock.instant = NOW + timedelta(seconds=60)
    await bench.verify(token)
    assert len(bench.keys.asked) == 2


async def test_a_clock_set_back_does_not_prolong_memory() -> None:
    bench = Bench()
    token = sign(claims())
    await bench.verify(token)
    bench.clock.instant = NOW - timedelta(hours=1)
    with pytest.raises(Refused):
        await bench.verify(token)


async def test_memory_is_bounded() -> None:
    bench = Bench(remember=2)
    tokens = [sign(claims(jti=f"token-{n}")) for n in range(3)]
    for token in tokens:
        await bench.verify(token)
    await bench.verify(tokens[2])
    assert len(bench.keys.asked) == 3
    await bench.verify(tokens[0])
    assert len(bench.keys.asked) == 4


async def test_refused_tokens_are_not_remembered() -> None:
    bench = Bench(content=key_set())
    token = sign(claims())
    for _ in range(2):
        with pytest.raises(Refused):
            await bench.verify(token)
    assert len(bench.keys.asked) == 2


async def test_a_refusal_quotes_nothing_of_the_token() -> None:
    with pytest.raises(Refused) as caught:
        await Bench().verify(sign(claims(sub=7, agency="secret-agency")))
    shown = f"{caught.value!r} {caught.value.cause} {caught.value.__context__ if caught.value.__cause__ else ''}"
    assert "secret-agency" not in shown
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "wrong",
    [
        {"algorithms": frozenset({"none"})},
        {"algorithms": frozenset({"ES256", "HS256"})},
        {"algorithms": frozenset()},
        {"skew": timedelta(seconds=61)},
        {"skew": timedelta(seconds=-1)},
        {"lifetime": timedelta(days=3650)},
        {"lifetime": timedelta(0)},
        {"issuer": ""},
        {"audience": ""},
    ],
)
def test_unsafe_expectations_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        Expected(**{"issuer": ISSUER, "audience": AUDIENCE, **wrong})
