"""GraphQL over HTTP on a real server: bad input gets a code, never a 5xx, and nothing of it comes back."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import pytest_asyncio

from domain.errors import Unavailable
from domain.principals import RoleName
from tests.kindred.hubs import ACTIVITY, Running, code_of, serving

PUBLIC = {"query": "{ processingActivities { name role } }"}
MARK = "Zhaqypbekova-8712"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hub(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with serving(tmp_path_factory.mktemp("hub")) as running:
        yield running


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_public_documents_need_a_token_and_no_activity(hub: Running) -> None:
    status, body, headers = await hub.ask(PUBLIC)
    assert status == 200
    assert ACTIVITY in {a["name"] for a in orjson.loads(body)["data"]["processingActivities"]}
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Type"].startswith("application/json")
    assert headers["Kindred-Request-Id"]


async def test_the_register_of_activities_is_told_in_three_languages(hub: Running) -> None:
    fields = "{ name title description }"
    query = f"{{ kk: processingActivities(language: KK) {fields} en: processingActivities {fields} }}"
    status, body, _ = await hub.ask({"query": query})
    told = orjson.loads(body)["data"]
    assert status == 200 and len(told["kk"]) == len(told["en"]) >= 8
    assert all(kk["name"] == en["name"] for kk, en in zip(told["kk"], told["en"], strict=True))
    assert not any(each[text].isascii() for each in told["kk"] for text in ("title", "description"))
    assert all(each["title"].isascii() for each in told["en"])


async def test_the_newer_media_type_is_given_to_those_who_ask_for_it(hub: Running) -> None:
    accept = {"Accept": "application/graphql-response+json, application/json;q=0.9"}
    _, _, headers = await hub.ask(PUBLIC, accept)
    assert headers["Content-Type"].startswith("application/graphql-response+json")


async def test_get_serves_queries(hub: Running) -> None:
    status, body, _ = await hub.ask({"query": PUBLIC["query"], "variables": "{}"}, method="GET")
    assert status == 200
    assert orjson.loads(body)["data"]


@pytest.mark.parametrize(
    ("name", "body", "status", "code"),
    [
        ("nothing", b"", 400, "BAD_REQUEST"),
        ("half an object", b"{", 400, "BAD_REQUEST"),
        ("a list", b"[1]", 400, "BAD_REQUEST"),
        ("a batch", json.dumps([PUBLIC, PUBLIC]).encode(), 400, "BAD_REQUEST"),
        ("a text", b'"x"', 400, "BAD_REQUEST"),
        ("null", b"null", 400, "BAD_REQUEST"),
        ("no query", b"{}", 400, "BAD_REQUEST"),
        ("query of another kind", b'{"query": 5}', 400, "BAD_REQUEST"),
        ("variables of another kind", b'{"query": "{ me { actor } }", "variables": []}', 400, "BAD_REQUEST"),
        ("unknown member", b'{"query": "{ me { actor } }", "variable": {}}', 400, "BAD_REQUEST"),
        ("a name twice", b'{"query": "{ __typename }", "query": "{ me { actor } }"}', 400, "BAD_REQUEST"),
        ("invalid UTF-8", b'{"query": "\xff\xfe"}', 400, "BAD_REQUEST"),
        ("half a surrogate", b'{"query": "\\ud800"}', 400, "BAD_REQUEST"),
        ("UTF-16", json.dumps(PUBLIC).encode("utf-16"), 400, "BAD_REQUEST"),
        ("not a number", b'{"query": "{ __typename }", "variables": {"a": NaN}}', 400, "BAD_REQUEST"),
        ("infinite", b'{"query": "{ __typename }", "variables": {"a": 1e999}}', 400, "BAD_REQUEST"),
        ("a huge number", b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 6000 + b"}}", 400, "BAD_REQUEST"),
        ("deep variables", b'{"query": "x", "variables": {"a": ' + b"[" * 900 + b"]" * 900 + b"}}", 400, "BAD_REQUEST"),
        ("deeper", b'{"query": "x", "variables": ' + b'{"a":' * 100_000, 400, "BAD_REQUEST"),
        ("no GraphQL", json.dumps({"query": f"{{ {MARK}"}).encode(), 400, "INVALID_QUERY"),
        ("unknown field", json.dumps({"query": '{ persn(id: "' + MARK + '") { id } }'}).encode(), 400, "INVALID_QUERY"),
        ("mutation", b'{"query": "mutation { a }"}', 400, "INVALID_QUERY"),
        ("introspection", b'{"query": "{ __schema { types { name } } }"}', 400, "INVALID_QUERY"),
        ("deep document", b'{"query": "' + b"{a" * 300 + b"}" * 300 + b'"}', 400, "TOO_COMPLEX"),
        ("too large", b'{"query": "' + b"a" * 1_100_000 + b'"}', 413, "TOO_LARGE"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
async def test_bad_bodies(hub: Running, name: str, body: bytes, status: int, code: str) -> None:
    seen, answer, headers = await hub.ask(body)
    assert (seen, code_of(answer)) == (status, code)
    assert headers["Cache-Control"] == "no-store"
    assert MARK.encode() not in answer


async def test_ten_megabytes_are_refused_before_they_are_read(hub: Running) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'{"query": "'
        for _ in range(160):
            yield b"a" * 65536

    import aiohttp

    headers = {"Authorization": f"Bearer {hub.token()}", "Content-Type": "application/json"}
    try:
        async with hub.session.post(f"{hub.url}/graphql", data=endless(), headers=headers) as answer:
            assert answer.status == 413
            assert code_of(await answer.read()) == "TOO_LARGE"
    except aiohttp.ClientConnectionError:
        pass  # the connection was closed while the body was still being sent
    status, _, _ = await hub.ask(PUBLIC)
    assert status == 200


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"]
)
async def test_other_content_types_are_refused(hub: Running, kind: str) -> None:
    status, body, _ = await hub.ask(json.dumps(PUBLIC).encode(), {"Content-Type": kind})
    assert (status, code_of(body)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer a.b.c",
        "Bearer " + "a" * 20_000,
        "Basic dTpw",
        "DPoP x",
        "Bearer x, Bearer y",
        "é",
    ],
)
async def test_without_a_valid_token_nothing_is_read_and_nothing_kept(hub: Running, authorization: str) -> None:
    before = await hub.entries()
    for body in (b"{", json.dumps(PUBLIC).encode(), b"\xff" * 100):
        status, answer, headers = await hub.ask(body, {"Authorization": authorization, "Kindred-Activity": ACTIVITY})
        assert (status, code_of(answer)) == (401, "UNAUTHENTICATED")
        assert headers["WWW-Authenticate"] == "Bearer"
    assert await hub.entries() == before, "unauthenticated garbage reached the ledger"


async def test_a_refusal_of_somebody_known_is_kept(hub: Running) -> None:
    """The control of the test above: entries are counted, and this makes one."""
    before = await hub.entries()
    status, body, _ = await hub.ask({"query": "{ me { actor } }"}, {"Kindred-Activity": "made.up"})
    assert (status, code_of(body)) == (403, "ACTIVITY_REFUSED")
    assert await hub.entries() == before + 1


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 403, "ACTIVITY_REQUIRED"),
        ({"Kindred-Activity": "log-review"}, 403, "ACTIVITY_REFUSED"),
        ({"Kindred-Activity": ACTIVITY}, 403, "CASE_REQUIRED"),
        ({"Kindred-Activity": ACTIVITY, "Kindred-Case": "CASE-999999"}, 403, "CASE_REFUSED"),
        ({"Kindred-Activity": "a" * 200}, 400, "BAD_REQUEST"),
    ],
)
async def test_capacity_is_refused_with_a_code(hub: Running, headers: dict[str, str], status: int, code: str) -> None:
    seen, body, _ = await hub.ask({"query": "{ me { actor } }"}, headers)
    assert (seen, code_of(body)) == (status, code)


async def test_headers_given_twice_are_refused(hub: Running) -> None:
    from multidict import CIMultiDict

    headers: Any = CIMultiDict(
        [("Authorization", f"Bearer {hub.token()}"), ("Kindred-Case", "a"), ("Kindred-Case", "b")]
    )
    async with hub.session.post(f"{hub.url}/graphql", json=PUBLIC, headers=headers) as answer:
        assert (answer.status, code_of(await answer.read())) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"query": ""},
        {"query": "mutation { a }"},
        {"query": "{ __typename }", "variables": "{"},
        {"query": "{ __typename }", "variables": "[]"},
        {"query": "{ __typename }", "more": "1"},
        [("query", "{ __typename }"), ("query", "{ __typename }")],
    ],
)
async def test_bad_gets(hub: Running, parameters: Any) -> None:
    status, _, _ = await hub.ask(parameters, method="GET")
    assert status == 400


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/graphql"), ("DELETE", "/graphql"), ("GET", "/nowhere"), ("POST", "/readyz")]
)
async def test_other_ways_in_are_closed(hub: Running, method: str, path: str) -> None:
    async with hub.session.request(method, f"{hub.url}{path}") as answer:
        assert answer.status in {404, 405}
        assert answer.headers["Cache-Control"] == "no-store"
        assert code_of(await answer.read()) == "BAD_REQUEST"


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT"])
async def test_only_get_and_post_run_a_query(hub: Running, method: str) -> None:
    before = await hub.entries()
    headers = {"Authorization": f"Bearer {hub.token()}", "Kindred-Activity": "made.up"}
    parameters = {"query": "{ me { actor } }"}
    url = f"{hub.url}/graphql"
    async with hub.session.request(method, url, params=parameters, headers=headers) as answer:
        assert answer.status == 405
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}
    assert await hub.entries() == before
    async with hub.session.get(url, params=parameters, headers=headers) as answer:
        assert answer.status == 403
    assert await hub.entries() == before + 1, "the control: this one is written down"


@pytest.mark.parametrize("path", ["/graphql/", "/healthz/", "//graphql"])
async def test_nothing_is_redirected(hub: Running, path: str) -> None:
    async with hub.session.get(f"{hub.url}{path}", allow_redirects=False) as answer:
        assert (answer.status, code_of(await answer.read())) == (404, "BAD_REQUEST")
        assert "Location" not in answer.headers


async def test_metrics_tell_durations_coarsely(hub: Running) -> None:
    await hub.ask(PUBLIC)
    _, metrics, _ = await hub.get("/metrics")
    lines = [line for line in metrics.decode().splitlines() if line.startswith("kindred_request_durations_total")]
    spans = [line.partition('within="')[2].partition('"')[0] for line in lines]
    assert min(float(span) for span in spans if span != "longer") >= 0.05
    counts = [float(line.rpartition(" ")[2]) for line in lines]
    assert sum(counts) >= 1
    assert all(count.is_integer() for count in counts)
    assert b"_seconds_sum" not in metrics


async def test_no_origin_is_let_in_and_no_page_is_served(hub: Running) -> None:
    _, _, headers = await hub.ask(PUBLIC, {"Origin": "https://elsewhere.test"})
    assert "Access-Control-Allow-Origin" not in headers
    status, body, _ = await hub.get("/graphql", {"Accept": "text/html"})
    assert (status, code_of(body)) == (401, "UNAUTHENTICATED")


async def test_upkeep_needs_no_token_and_tells_nothing_of_people(hub: Running) -> None:
    await hub.ask({"query": '{ findPerson(name: "' + MARK + '") { totalCount } }'}, {"Kindred-Activity": MARK})
    for path in ("/healthz", "/readyz", "/metrics", "/ledger/checkpoint"):
        status, body, headers = await hub.get(path)
        assert status == 200, path
        assert headers["Cache-Control"] == "no-store"
        assert MARK.encode() not in body
    _, metrics, _ = await hub.get("/metrics")
    assert b'kindred_requests_total{code="ACTIVITY_REFUSED",status="403"}' in metrics
    _, note, _ = await hub.get("/ledger/checkpoint")
    assert note.startswith(b"kindred/ledger\n")


async def test_logs_hold_code_and_duration_and_nothing_asked(hub: Running, capfd: pytest.CaptureFixture[str]) -> None:
    await hub.ask(
        {"query": "{ me { actor } }", "variables": {"x": MARK}}, {"Kindred-Activity": MARK, "Kindred-Case": MARK}
    )
    out, err = capfd.readouterr()
    assert "ACTIVITY_REFUSED" in out + err
    assert MARK not in out + err


async def test_places_run_out_but_not_for_rescue(tmp_path: Path) -> None:
    async with serving(tmp_path, max_requests=1, reserved_requests=1) as running:
        _, body, _ = await running.ask(PUBLIC)
        assert b"errors" not in body
        graphql = running.hub.answering
        seen: list[tuple[int, str]] = []

        async def nested(*_: Any) -> Any:
            status, inner, _headers = await running.ask(PUBLIC)
            seen.append((status, code_of(inner)))
            token = running.token(RoleName.DV_UNIT, "dv-response")
            status, inner, _headers = await running.ask(
                {"query": "{ me { actor } }"}, {"Kindred-Activity": "dv-response"}, token=token
            )
            seen.append((status, code_of(inner)))
            status, inner, _headers = await running.ask(PUBLIC, {"Kindred-Activity": "dv-response"})
            seen.append((status, code_of(inner)))
            raise Unavailable

        object.__setattr__(running.hub, "answering", _Once(nested, graphql))
        status, _, _ = await running.ask(PUBLIC)
        assert status == 503
        # The last one names the activity, but its token does not list it.
        assert seen == [(429, "TOO_MANY_REQUESTS"), (403, "CASE_REQUIRED"), (429, "TOO_MANY_REQUESTS")]


class _Once:
    """Answers the first request in its own way and the others as before."""

    def __init__(self, first: Any, then: Any) -> None:
        self._first, self._then = first, then

    async def answer(self, *given: Any) -> Any:
        first, self._first = self._first, None
        return await (first(*given) if first is not None else self._then.answer(*given))


async def test_naming_a_quiet_activity_hides_no_refusal_from_reviewers(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        document, named = {"query": "{ me { actor } }"}, {"Kindred-Activity": "dv-response"}
        _, body, _ = await running.ask(document, named)
        assert code_of(body) == "ACTIVITY_REFUSED"
        (probing,) = await running.hub.stores.ledger.entries(1)
        assert not probing.header.quiet
        assert probing.asked is not None and probing.asked["activity"] == "dv-response"
        await running.ask(document, named, token=running.token(RoleName.DV_UNIT, "dv-response"))
        (theirs,) = await running.hub.stores.ledger.entries(1)
        assert theirs.header.reason == "CASE_REQUIRED"
        assert theirs.header.quiet


async def test_a_ledger_that_cannot_write_lets_no_data_out(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        await running.hub.stores.ledger.close()
        token = running.token(RoleName.PRIVACY_OFFICER, "log-review")
        status, body, _ = await running.ask(
            {"query": "{ me { actor } }"}, {"Kindred-Activity": "log-review"}, token=token
        )
        assert (status, code_of(body)) == (503, "UNAVAILABLE")
        assert b"ledger" not in body
        assert b"officer" not in body


async def test_the_demo_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    async with serving(tmp_path, demo=True) as running:
        status, page, headers = await running.get("/graphql", {"Accept": "text/html,*/*"})
        assert status == 200
        assert b"http://" not in page
        assert b"https://" not in page
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        status, body, _ = await running.ask({"query": "{ __schema { queryType { name } } _service { sdl } }"})
        assert status == 200
        assert b"@key" in body
