"""15: bad input over HTTP: a clear code, no 5xx, and nothing of what was sent in the answer or in the logs."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from domain.errors import Code
from tests.negatives.cast import FAMILY_CASE, family_case
from tests.worlds.copies import Made
from tests.worlds.hub import Hub
from tests.worlds.served import Heard, Served, served

MARK = "Мәлімсіз-Marker7"
"""Stands for a name in everything that is wrong; it must come back from nowhere."""

IIN = "123456789012"
"""Twelve digits with a wrong check digit."""

PERSON = "query($i:ID!){person(id:$i){id name{surname}}}"
THEN = "query($i:ID!,$t:DateTime){person(id:$i,asOf:$t){id name{surname}}}"
FIND = "query($n:String,$m:String,$b:Date){findPerson(nationalId:$n,name:$m,birthDate:$b){totalCount}}"


def _j(value: Any) -> bytes:
    return json.dumps(value).encode()


BODIES: dict[str, bytes] = {
    "empty": b"",
    "no json": MARK.encode(),
    "cut json": _j({"query": f'{{person(id:"{MARK}"){{id}}}}'})[:-4],
    "not utf-8": b'{"query":"\xff\xfe' + MARK.encode() + b'"}',
    "a name twice": b'{"query":"{me{actor}}","query":"{me{role}}"}',
    "a list": _j([{"query": "{me{actor}}"}]),
    "a text": _j(MARK),
    "unknown member": _j({"query": "{me{actor}}", MARK: MARK}),
    "no query": _j({"variables": {"i": MARK}}),
    "query is a number": _j({"query": 7, "variables": {"i": MARK}}),
    "variables are a list": _j({"query": PERSON, "variables": [MARK]}),
    "syntax": _j({"query": f'{{person(id:"{MARK}"){{id'}),
    "unknown field": _j({"query": f'{{person(id:"{MARK}"){{id surname}}}}'}),
    "near a known field": _j({"query": "{persn{id} findPersn{id}}"}),
    "unknown argument": _j({"query": f'{{person(id:"x",name:"{MARK}"){{id}}}}'}),
    "unknown type": _j({"query": f"query($x:{'Marker7'}){{me{{actor}}}}", "variables": {"x": MARK}}),
    "wrong type of variable": _j({"query": PERSON, "variables": {"i": {"name": MARK}}}),
    "missing variable": _j({"query": PERSON, "variables": {"j": MARK}}),
    "a variable twice": _j({"query": "query($i:ID!,$i:ID!){person(id:$i){id}}", "variables": {"i": MARK}}),
    "text for a number": _j({"query": f'{{kin(of:"x",depth:"{MARK}"){{totalCount}}}}'}),
    "depth out of bounds": _j({"query": f'{{kin(of:"{MARK}",depth:9){{totalCount}}}}'}),
    "page out of bounds": _j({"query": f'{{kin(of:"{MARK}",first:1000){{totalCount}}}}'}),
    "beyond 32 bits": _j({"query": f'{{kin(of:"{MARK}",depth:99999999999){{totalCount}}}}'}),
    "beyond 64 bits": _j({"query": PERSON, "variables": {"i": 10**40}}),
    "beyond 64 bits in the document": _j(
        {"query": f'{{person(id:{10**40}){{id}} kin(of:"{MARK}",first:{10**40}){{totalCount}}}}'}
    ),
    "infinity": b'{"query":"{me{actor}}","variables":{"x":1e999}}',
    "not a number": b'{"query":"{me{actor}}","variables":{"x":NaN}}',
    "half a letter": b'{"query":"query($i:ID!){person(id:$i){id}}","variables":{"i":"\\ud800"}}',
    "half a letter in the document": b'{"query":"{person(id:\\"\\ud800\\"){id}}"}',
    "half a letter, escaped twice": _j({"query": '{person(id:"\\ud800"){id}}'}),
    "wrong national id": _j({"query": FIND, "variables": {"n": IIN}}),
    "short national id": _j({"query": FIND, "variables": {"n": IIN[:5]}}),
    "other digits": _j({"query": FIND, "variables": {"n": "٠١٢٣٤٥٦٧٨٩٠١"}}),
    "a date that is none": _j({"query": FIND, "variables": {"m": MARK, "b": "2001-02-30"}}),
    "a date in words": _j({"query": FIND, "variables": {"m": MARK, "b": MARK}}),
    "an instant that is none": _j({"query": f'{{person(id:"{MARK}",asOf:"2026-02-30T00:00:00Z"){{id}}}}'}),
    "an instant in words": _j({"query": THEN, "variables": {"i": "x", "t": MARK}}),
    "an instant without a zone": _j({"query": THEN, "variables": {"i": MARK, "t": "2026-11-22T09:00:00"}}),
    "an instant of no calendar": _j({"query": THEN, "variables": {"i": MARK, "t": "9999-12-31T23:59:59-12:00"}}),
    "a day that is none": _j({"query": f'{{person(id:"{MARK}",on:"2026-13-01"){{id}}}}'}),
    "a name alone": _j({"query": FIND, "variables": {"m": MARK}}),
    "both ways at once": _j({"query": FIND, "variables": {"m": MARK, "b": "2001-02-03", "n": IIN}}),
    "a long name": _j({"query": FIND, "variables": {"m": MARK * 40, "b": "2001-02-03"}}),
    "deep json": b'{"query":"{me{actor}}","variables":{"x":' + b"[" * 5000 + b"]" * 5000 + b"}}",
    "deep selection": _j({"query": "{" + 'person(id:"x"){households{members{edges{node{' * 8 + "id" + "}" * 41}),
    "deep and invalid": _j({"query": "{a" * 4000 + "}" * 4000}),
    "many aliases": _j({"query": "{" + " ".join(f'a{n}:person(id:"{MARK}"){{id}}' for n in range(500)) + "}"}),
    "many fields": _j({"query": "{" + "me{actor} " * 3000 + "}"}),
    "fragments in a circle": _j({"query": "{me{...A}} fragment A on Me{...B} fragment B on Me{...A}"}),
    "a mutation": _j({"query": f'mutation{{delete(id:"{MARK}")}}'}),
    "a subscription": _j({"query": "subscription{me{actor}}"}),
    "two operations": _j({"query": "query A{me{actor}} query B{me{role}}"}),
    "operation that is not there": _j({"query": "query A{me{actor}}", "operationName": MARK}),
    "introspection": _j({"query": "{__schema{types{name}}}"}),
    "the service's text": _j({"query": "{_service{sdl}}"}),
    "unknown directive": _j({"query": f"{{me @{'Marker7'}{{actor}}}}"}),
}

FOUND_OUT_LATE = {
    "wrong national id",
    "short national id",
    "other digits",
    "a name alone",
    "both ways at once",
}
"""What only the field that is asked finds wrong: its own error beside null, as GraphQL answers such."""

ANSWERED = {
    "nul in an id": _j({"query": PERSON, "variables": {"i": f"\0{MARK}"}}),
    "a long id": _j({"query": PERSON, "variables": {"i": MARK * 2000}}),
    "nul in a name": _j({"query": FIND, "variables": {"m": f"\0 {MARK}", "b": "2001-02-03"}}),
    "odd letters in a name": _j(
        {"query": FIND, "variables": {"m": "\u202e\u0000\U0001f600\uffff" + MARK, "b": "0001-01-01"}}
    ),
    "nothing but signs": _j({"query": FIND, "variables": {"m": "%_'\";--", "b": "9999-12-31"}}),
    "a number as an id": _j({"query": PERSON, "variables": {"i": 7}}),
    "an odd entity": _j(
        {
            "query": "query($r:[_Any!]!){_entities(representations:$r){__typename}}",
            "variables": {"r": [{"__typename": MARK, "id": MARK}, {"__typename": "Person", "id": {"a": MARK}}, [MARK]]},
        }
    ),
}
"""What is odd and no error: it names nobody."""


def _check(answer: Any, said: str) -> None:
    for text in (answer.body.decode(), said):
        for secret in (MARK, "Marker7", IIN, "Traceback", "graphql/", "SELECT", "Did you mean", "did you mean"):
            assert secret not in text, secret


@pytest.fixture
async def hub(here: Hub, made: Made) -> Any:
    """The hub behind its server, and a caseworker's headers."""
    who = await family_case(here, made, "caseworker")
    async with served(here) as running:
        yield running, running.headers(who, FAMILY_CASE)


async def test_bodies(hub: tuple[Served, dict[str, str]], capfd: pytest.CaptureFixture[str]) -> None:
    running, headers = hub
    for what, body in BODIES.items():
        answer = await running.post(body, headers)
        assert answer.status == 200 if what in FOUND_OUT_LATE else 400 <= answer.status < 500, (what, answer)
        stated = json.loads(answer.body)
        assert "data" not in stated or set(stated["data"].values()) == {None}, what
        assert all(code in set(Code) - {Code.INTERNAL, Code.UNAVAILABLE} for code in answer.codes), (what, answer)
        assert answer.codes, what
        captured = capfd.readouterr()
        _check(answer, captured.out + captured.err)


async def test_odd_and_no_error(hub: tuple[Served, dict[str, str]], capfd: pytest.CaptureFixture[str]) -> None:
    running, headers = hub
    for what, body in ANSWERED.items():
        answer = await running.post(body, headers)
        assert answer.status == 200 and answer.codes == [], (what, answer)
        captured = capfd.readouterr()
        _check(answer, captured.out + captured.err)


async def test_ten_megabytes(hub: tuple[Served, dict[str, str]], capfd: pytest.CaptureFixture[str]) -> None:
    """Told apart by its length where one is stated, and cut off as it comes where none is."""
    running, headers = hub
    body = _j({"query": "{me{actor}}", "variables": {"x": MARK * 500_000}})
    assert len(body) > 10_000_000
    answer = await _heard(running, body, headers)
    assert answer.status == 413 and answer.codes == ["TOO_LARGE"]

    async def chunks() -> Any:
        for start in range(0, len(body), 100_000):
            yield body[start : start + 100_000]

    try:
        async with running.session.post(running.url, data=chunks(), headers=headers) as chunked:
            assert chunked.status == 413
    except OSError:
        pass  # the server hung up while we were still sending, which it may
    captured = capfd.readouterr()
    _check(answer, captured.out + captured.err)
    assert (await running.post(_j({"query": "{me{actor}}"}), headers)).status == 200


async def _heard(running: Served, body: bytes, headers: dict[str, str]) -> Heard:
    """The answer to a body that is not read to its end. The server may hang up while we still send, and what it said is
    then lost on the way: asked again, a few times."""
    for _ in range(5):
        try:
            return await running.post(body, headers)
        except aiohttp.ClientOSError:
            continue
    pytest.fail("hung up on five times, never told why")


HEADERS: dict[str, dict[str, str]] = {
    "a long activity": {"Kindred-Activity": "a" * 5000},
    "an odd activity": {"Kindred-Activity": "Marker7"},
    "an odd case": {"Kindred-Case": "Marker7"},
    "a broken token": {"Authorization": "Bearer Marker7.Marker7.Marker7"},
    "a long token": {"Authorization": "Bearer " + "Marker7" * 2000},
    "another content type": {"Content-Type": "text/plain; Marker7"},
    "another charset": {"Content-Type": "application/json; charset=utf-16"},
}


async def test_headers(hub: tuple[Served, dict[str, str]], capfd: pytest.CaptureFixture[str]) -> None:
    running, headers = hub
    for what, change in HEADERS.items():
        answer = await running.post(_j({"query": "{me{actor}}"}), {**headers, **change})
        assert 400 <= answer.status < 500 and answer.codes, (what, answer)
        captured = capfd.readouterr()
        _check(answer, captured.out + captured.err)


@pytest.mark.parametrize(
    "line",
    [b"Kindred-Case: CASE\0Marker7", b"Kindred-Case: \xff\xfeMarker7", b"Kindred-Case: a\r\nKindred-Case: Marker7"],
    ids=["nul", "bytes that are no text", "twice"],
)
async def test_raw_headers(hub: tuple[Served, dict[str, str]], line: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    running, headers = hub
    body = b'{"query":"{me{actor}}"}'
    sent = b"POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n" % len(body)
    for name in ("Authorization", "Kindred-Activity", "Content-Type"):
        sent += f"{name}: {headers[name]}\r\n".encode()
    heard = await running.raw(sent + line + b"\r\n\r\n" + body)
    assert heard.startswith(b"HTTP/1.1 4"), heard
    captured = capfd.readouterr()
    assert b"Marker7" not in heard and "Marker7" not in captured.out + captured.err


async def test_introspection_off_shows_nothing_by_any_name(hub: tuple[Served, dict[str, str]]) -> None:
    """16: neither types nor the schema's text, under no alias, fragment or directive; and no role sees more."""
    running, headers = hub
    for query in (
        "{s: __schema{queryType{name}}}",
        '{t: __type(name:"Person"){fields{name}}}',
        "{_service{sdl}}",
        "{x: _service{sdl}}",
        "{...F} fragment F on Query{_service{sdl}}",
        "{... on Query{__schema{types{name}}}}",
        "query($b:Boolean!){__schema @skip(if:$b){types{name}} me{actor}}",
        "query($b:Boolean!){_service @include(if:$b){sdl} me{actor}}",
    ):
        variables = {"b": "@include" in query} if "$b" in query else None
        answer = await running.post({"query": query, "variables": variables}, headers)
        assert answer.status == 400 and answer.codes == ["INVALID_QUERY"], query
        assert b"sdl" not in answer.body and b"Person" not in answer.body


async def test_no_scan_of_names_by_suggestions(hub: tuple[Served, dict[str, str]]) -> None:
    """Names near to a real one are refused with the very bytes that names far from any are."""
    running, headers = hub
    seen = set()
    for name in ("persom", "zzzzzz", "housld", "kinPth"):
        answer = await running.post({"query": f"{{{name}}}"}, headers)
        seen.add((answer.status, answer.body))
    assert len(seen) == 1
