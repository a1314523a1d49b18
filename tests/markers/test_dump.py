"""No database file holds a person in clear: not raw, not exported, not in its journal, whatever the writing.

A country whose names, addresses, texts and amounts are unique markers is pulled, asked and refused; then everything on
the disk is searched. Control: over stores that do not seal, the same search finds them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from docket.tables import CLEAR_COLUMNS as DOCKET_CLEAR
from docket.tables import KEYED_COLUMNS as DOCKET_KEYED
from docket.tables import SEALED_COLUMNS as DOCKET_SEALED
from graph.sqlite_store import columns as graph
from policy.ledger import tables as ledger
from tests.markers.capacities import ROLES, Capacity, capacity
from tests.markers.places import places
from tests.markers.searching import LENGTH, exported, found, raw, tables
from tests.markers.town import Town
from tests.worlds.country import Country
from tests.worlds.hub import Hub, hub

DATABASES = ("graph.db", "docket.db", "ledger.db")
WORDS = ("confidential", "strict", "domestic_violence", "confirmed", "Protection unit", "account-1")
"""What tells of protection, and who a member of the public is: in no file either."""

COLUMNS: Mapping[str, tuple[Mapping[str, frozenset[str]], ...]] = {
    "graph.db": (graph.CLEAR, graph.KEYED, graph.SEALED),
    "docket.db": (DOCKET_CLEAR, DOCKET_KEYED, DOCKET_SEALED),
    "ledger.db": (ledger.CLEAR_COLUMNS, ledger.KEYED_COLUMNS, ledger.SEALED_COLUMNS),
}
CARD = """query($id: ID!) { person(id: $id) { name { surname givenName } identity { nationalId birthDate }
 residence { street locality } income { amount } employment { employer } contactUnit
 households { members { edges { node { role person { id name { surname } } } } } } } }"""


def markers_of(country: Country) -> frozenset[str]:
    """Every marker that the country lists, and every national id."""
    listed = (country.out / "markers.ndjson").read_bytes().splitlines()
    texts = {str(json.loads(line)["marker"]) for line in listed}
    return frozenset(texts | {row["row"]["iin"] for row in country.manifest() if row["row"].get("iin")})


def _cases(country: Country) -> list[str]:
    return list(country.sample["cases"].values())


@pytest.fixture(scope="module")
def asked(marked: Town, askers: dict[str, Capacity]) -> Town:
    """The marker country after reads in every role, searches, and refusals of every kind."""
    refused: list[dict[str, Any]] = [{"activity": None}, {"activity": "dv-response"}, {"case": "CASE-000000000"}]
    for who in askers.values():
        for id in who.people[:4]:
            marked.ask(who, CARD, {"id": id})
        for name, born in who.names[:2]:
            marked.ask(who, f'{{ findPerson(name: "{name}", birthDate: "{born}") {{ totalCount }} }}')
        for national in who.nationals:
            marked.ask(
                who, "query($n: String) { findPerson(nationalId: $n) { edges { node { id } } } }", {"n": national}
            )
            for more in refused:
                given = {"case": who.case} | more
                marked.run(marked.hub.ask(who.principal, CARD, {"id": national, "name": who.names[0][0]}, **given))
        marked.ask(who, f'{{ person(id: "{who.names[0][0]}") {{ {who.names[0][0]} }} }}')
    return marked


@pytest.fixture(scope="module")
def markers(marked: Town) -> frozenset[str]:
    """What is searched for."""
    return markers_of(marked.country)


def test_markers_are_many_and_of_one_length(markers: frozenset[str]) -> None:
    assert len(markers) > 20_000
    assert {len(marker) for marker in markers} == {LENGTH}
    assert all(len(marker.encode()) >= 10 for marker in markers)


@pytest.mark.parametrize("name", DATABASES)
def test_no_file_holds_a_marker(name: str, asked: Town, markers: frozenset[str]) -> None:
    words = [*WORDS, *_cases(asked.country)]
    assert found(raw(asked.hub.folder / name), markers, words) == frozenset()
    assert found(exported(asked.hub.folder / name), markers, words) == frozenset()


def test_no_exported_log_holds_a_marker(asked: Town, markers: frozenset[str], tmp_path: Path) -> None:
    leaves = asked.run(asked.hub.parts.ledger.export(tmp_path / "log"))
    assert leaves > 100
    for file in tmp_path.iterdir():
        assert found(file.read_bytes(), markers, [*WORDS, *_cases(asked.country)]) == frozenset(), file.name


@pytest.mark.parametrize("name", DATABASES)
def test_every_column_is_declared_once(name: str, asked: Town) -> None:
    with closing(sqlite3.connect(asked.hub.folder / name)) as db:
        real = {table: sorted(row[1] for row in db.execute(f'PRAGMA table_info("{table}")')) for table in tables(db)}
    declared = {table: sorted(c for part in COLUMNS[name] for c in part.get(table, ())) for table in real}
    assert real == declared
    assert {table for part in COLUMNS[name] for table in part} == set(real)


@pytest.fixture(scope="module")
def clear(marked: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a hub over the same country whose stores do not seal."""
    made = hub(marked.country, tmp_path_factory.mktemp("clear"), sealing=False)
    over: Hub = marked.run(made.__aenter__())
    try:
        marked.run(over.pull("population", "tax", "casework", "police"))
        who = marked.run(_asker(over, marked.country, "caseworker"))
        marked.run(over.ask(who.principal, CARD, {"id": who.people[0]}, case=who.case))
        own = marked.run(_asker(over, marked.country, "family_member"))
        marked.run(over.ask(own.principal, CARD, {"id": own.people[0]}))
        yield over.folder
    finally:
        marked.run(made.__aexit__(None, None, None))


async def _asker(over: Hub, country: Country, role: str) -> Capacity:
    return await capacity(over, country, await places(over), role)


def test_without_sealing_the_graph_is_found_out(clear: Path, marked: Town, markers: frozenset[str]) -> None:
    population = [row["row"] for row in marked.country.manifest() if row["agency"] == "population"]
    names = {row[field] for row in population for field in ("surname", "givenName")}
    streets = {stay["address"]["street"] for row in population for stay in row["registrations"]}
    tax = [row["row"] for row in marked.country.manifest() if row["agency"] == "tax"]
    amounts = {str(month["amount"]) for row in tax for month in row.get("months") or ()}
    for search in (raw, exported):
        seen = found(search(clear / "graph.db"), markers)
        for kind in (names, streets, amounts):
            assert len(kind & seen) > 0.95 * len(kind) > 100


def test_without_sealing_the_docket_is_found_out(clear: Path, marked: Town, markers: frozenset[str]) -> None:
    police = [row["row"] for row in marked.country.manifest() if row["agency"] == "police"]
    narratives = {row["narrative"] for row in police if row.get("narrative")}
    seen = found(exported(clear / "docket.db"), markers, [*WORDS, *_cases(marked.country)])
    assert narratives and narratives <= seen
    assert {"strict", "confirmed"} <= seen
    assert set(_cases(marked.country)) <= seen


def test_without_sealing_the_ledger_is_found_out(clear: Path, marked: Town) -> None:
    words = ["account-1", *_cases(marked.country)]
    assert {"account-1", marked.country.sample["cases"]["caseworker"]} <= found(
        exported(clear / "ledger.db"), frozenset(), words
    )


def test_all_roles_were_asked(askers: dict[str, Capacity]) -> None:
    assert set(askers) == set(ROLES)
