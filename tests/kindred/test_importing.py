"""A genealogist's file through the whole way in: once, twice, corrected, killed, and walked under a warrant."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

import kindred.importing
from connectors.identity.carrying import Carrier
from connectors.protocols.gedcom.source import GedcomFile
from docket.dossiers import Line, Outcome, ReviewDossier
from domain.claims import ClaimBody, ClaimKind
from domain.entries import Act
from domain.errors import Invalid
from domain.ids import KeyHash, PersonId, SourceKey
from domain.links import LinkKind
from domain.records.fold import Held, fold
from domain.reviews import State, What
from kindred.importing import Imported, import_gedcom
from tests.connectors.hubs import Hub, Killed, hub, killed
from tests.connectors.identity.orders import choice
from tests.connectors.listed import Sending
from tests.connectors.protocols.gedcom.files import HEAD, Tree, chain, generated, royals
from tests.connectors.rows import iin
from tests.connectors.rows import person as registered


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[Hub]:
    async with hub(tmp_path, "a", "http://127.0.0.1:1") as here:
        yield here


async def imported(one: Hub, folder: Path, tree: Tree | str, *, corrects: str | None = None, **more: Any) -> Imported:
    """The file, written and taken in."""
    path = folder / "tree.ged"
    path.write_text(tree if isinstance(tree, str) else tree.text(), "utf-8")
    return await import_gedcom(path, more.get("parts", one.parts), corrects=corrects)


async def person(one: Hub, done: Imported, xref: str) -> dict[str, Any]:
    """All that is stored of an individual."""
    return await one.person(await id_of(one, done, xref))


async def id_of(one: Hub, done: Imported, xref: str) -> PersonId:
    key = one.ring.hasher.source_key(SourceKey("gedcom", f"{done.edition.tree}/{xref}"))
    return (await one.graph.reader.owners([key]))[key]


async def flags(one: Hub) -> dict[str, set[str]]:
    """Doubt → ids in the file."""
    found: dict[str, set[str]] = {}
    for flagged in await one.docket.flagged(10_000):
        for flag in flagged.flags:
            found.setdefault(str(flag.doubt), set()).add(flag.record_id.partition("/")[2])
    return found


async def test_the_same_file_twice_changes_nothing(one: Hub, tmp_path: Path) -> None:
    done = await imported(one, tmp_path, royals())
    assert (done.edition.version, done.summary.outcomes[Outcome.ACCEPTED]) == (1, 25)
    before = await one.known()
    assert len(before["people"]) == 25
    again = await imported(one, tmp_path, royals())
    assert (again.edition, again.summary.rows, again.summary.claims) == (done.edition, 0, 0)
    assert await one.known() == before


async def test_a_corrected_file_supersedes(one: Hub, tmp_path: Path) -> None:
    first = await imported(one, tmp_path, royals())
    tree = royals()
    tree.individuals["I14"][2:] = ["1 BIRT", "2 DATE 22 APR 1926"]
    tree.families["F6"] = ("I12", None, ["I14"], [])
    second = await imported(one, tmp_path, tree, corrects=first.edition.tree)
    assert (second.edition.tree, second.edition.version) == (first.edition.tree, 2)
    assert len(await one.people()) == 25
    elizabeth = await person(one, second, "I14")
    assert elizabeth["facts"].birth_date == "1926-04-22"
    parents = {other for other, kind, outgoing, _ in elizabeth["links"] if kind == "parent_birth" and outgoing}
    assert parents == {await id_of(one, second, "I12")}
    corrected = await one.known()
    # Either file again: nothing is read of the one that was corrected, nothing changes with the other.
    old = await imported(one, tmp_path, royals())
    assert (old.edition.version, old.edition.corrected, old.summary.rows) == (1, True, 0)
    assert (await imported(one, tmp_path, tree)).edition == second.edition
    assert (await imported(one, tmp_path, tree, corrects=first.edition.tree)).summary.rows == 0
    assert await one.known() == corrected


@pytest.mark.parametrize("corrects", ["0" * 16, "nothing", ""])
async def test_what_is_corrected_must_be_there(one: Hub, tmp_path: Path, corrects: str) -> None:
    with pytest.raises(Invalid):
        await imported(one, tmp_path, royals(), corrects=corrects)
    assert await one.people() == []


async def test_an_edition_of_one_tree_corrects_no_other(one: Hub, tmp_path: Path) -> None:
    first, other = await imported(one, tmp_path, royals()), await imported(one, tmp_path, chain(3))
    with pytest.raises(Invalid):
        await imported(one, tmp_path, royals(), corrects=other.edition.tree)
    assert first.edition.tree != other.edition.tree


@pytest.mark.parametrize("where", ["docket", "graph", "append", "settle"])
@pytest.mark.parametrize("persisted", [False, True])
async def test_a_killed_import_ends_in_the_same_stores(
    one: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, persisted: bool
) -> None:
    """Children before parents and two pages, so that links are healed by the page after the one that states them."""
    small_pages(monkeypatch, 13)
    tree = royals()
    tree.individuals = dict(reversed(tree.individuals.items()))
    await imported(one, tmp_path, tree)
    whole = await one.known()
    assert await flags(one) == {}
    for call in range(1, 10):
        async with hub(tmp_path, f"{call}", "http://127.0.0.1:1") as other:
            try:
                await imported(
                    other, tmp_path, tree, parts=other.breaking(where, call, persisted=persisted, error=killed)
                )
            except Killed:
                await imported(other, tmp_path, tree)
                assert await flags(other) == {}, call
                assert await other.known() == whole, call
            else:
                break
    assert call > 1


def small_pages(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Import in pages of this size."""
    really = GedcomFile.open.__func__  # type: ignore[attr-defined]

    async def opened(cls: type[GedcomFile], *args: Any, **more: Any) -> GedcomFile:
        file: GedcomFile = await really(cls, *args, **more)
        file.page_size = size
        return file

    monkeypatch.setattr(GedcomFile, "open", classmethod(opened))


@pytest.mark.parametrize("size", [3, 500])
async def test_links_to_people_who_come_later(
    one: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """However the file is cut into pages, children stand before parents, and all links are there in the end."""
    small_pages(monkeypatch, size)
    tree = chain(20)
    tree.individuals = dict(reversed(tree.individuals.items()))
    done = await imported(one, tmp_path, tree)
    for n in range(1, 20):
        links = (await person(one, done, f"I{n}"))["links"]
        assert await id_of(one, done, f"I{n - 1}") in {other for other, _, outgoing, _ in links if outgoing}
    assert await flags(one) == {}


async def test_bad_input_is_held_or_flagged_and_the_rest_taken_in(one: Hub, tmp_path: Path) -> None:
    tree = Tree()
    tree.person("I1", "Young /Parent/", "M", "1 JAN 1990")
    tree.person(
        "I2", "Old /Child/", "F", "1 JAN 1980", "", "1 DEAT", "2 DATE 1 JAN 2001", "1 DEAT", "2 DATE 2 JAN 2001"
    )
    tree.person("I3", "In /Circle/", "M")
    tree.person("I4", "In /Circle/", "F")
    tree.person("I5", "Not /Yet/", "M", "1 JAN 2030")
    tree.person("I6", "Child of /Nobody/", "F", "", "", "1 FAMC @F99@")
    tree.family("F1", "I1", None, ["I2"])
    tree.family("F2", "I3", None, ["I4"])
    tree.family("F3", None, "I4", ["I3"])
    tree.family("F4", "I77", "I6", ["I78"], "Y")
    tree.family("F5", "I5", None, ["I1"])
    done = await imported(one, tmp_path, tree)
    assert done.summary.outcomes[Outcome.ACCEPTED] == 5
    assert {held.reason for held in await one.docket.quarantined(10)} == {"BAD_DATE", "UNKNOWN_PERSON"}
    assert await flags(one) == {
        "PARENT_YOUNGER": {"I2"},
        "TWO_DEATHS": {"I2"},
        "OWN_ANCESTOR": {"I3", "I4"},
        "LINK_TO_NOBODY": {"I1", "I6"},
    }
    tree.individuals["I5"] = ["1 NAME Here /Now/", "1 BIRT", "2 DATE 1 JAN 1930"]
    second = await imported(one, tmp_path, tree, corrects=done.edition.tree)
    assert await id_of(one, second, "I5") in {other for other, *_ in (await person(one, second, "I1"))["links"]}
    assert (await flags(one))["LINK_TO_NOBODY"] == {"I6"}


async def test_172_generations_and_thousands_of_people(one: Hub, tmp_path: Path) -> None:
    done = await imported(one, tmp_path, chain(172))
    assert done.summary.new == 172 and await flags(one) == {}
    tree = generated(1200, 2)
    assert (await imported(one, tmp_path, tree)).summary.outcomes[Outcome.ACCEPTED] == len(tree.individuals)
    assert len([person async for page in one.graph.reader.scan() for person in page]) == 172 + len(tree.individuals)
    assert await flags(one) == {}


async def test_a_circle_of_172_generations(one: Hub, tmp_path: Path) -> None:
    tree = chain(172)
    tree.family("F0", "I171", None, ["I0"])
    await imported(one, tmp_path, tree)
    assert await flags(one) == {"OWN_ANCESTOR": {f"I{n}" for n in range(172)}}


async def test_within_one_file_namesakes_are_different_people(one: Hub, tmp_path: Path) -> None:
    """Called and born alike: two people of one file, one person in the file and in a register, or in two files."""
    row = registered(0, birthDate="1990-05-06", surname="Ахметов", givenName="Серік", iin=iin(0))
    await Sending("population").send(one.parts, row)
    tree = Tree()
    for xref in ("I1", "I2"):
        tree.person(xref, "Тимур /Оспанов/", "M", "1 MAY 1990")
    for xref in ("I3", "I4"):
        tree.person(xref, "Серік /Ахметов/", "M", "6 MAY 1990")
    done = await imported(one, tmp_path, tree)
    assert await id_of(one, done, "I1") != await id_of(one, done, "I2")
    # Who is in the register may be one of the two, by a human's word or by weight: never both.
    found = [one_of for xref in ("I3", "I4") if (one_of := await decided(one, done, xref)) is not None]
    assert len(set(found)) == len(found)
    assert done.summary.weighed == 4 and done.summary.under_review + len(found) == 2


@pytest.mark.parametrize("what", [What.MATCH, What.NEW])
async def test_what_a_steward_decides_brings_links_into_force(one: Hub, tmp_path: Path, what: What) -> None:
    """A father who may be in a register is held; his child's link waits for him, flagged, and then is there."""
    row = registered(0, birthDate="1950-05-06", surname="Ахметов", givenName="Серік", iin=iin(0))
    await Sending("population").send(one.parts, row)
    tree = Tree()
    tree.person("I1", "Серік /Ахметов/", "M", "6 MAY 1950")
    tree.person("I2", "Айгүл /Оспанова/", "F", "6 MAY 1980")
    tree.family("F1", "I1", None, ["I2"])
    done = await imported(one, tmp_path, tree)
    assert (done.summary.under_review, await flags(one)) == (1, {"LINK_TO_NOBODY": {"I2"}})
    (order,) = await one.docket.line(Line.REVIEW, 10)
    people = [candidate.person for candidate in order.review.proposal.candidates] if what is What.MATCH else []
    resolved = msgspec.structs.replace(order.review, choice=choice(what, *people), carried=False)
    (saved,) = await one.docket.save_reviews([ReviewDossier(order.id, order.version, State.RESOLVED, resolved)])
    await Carrier(one.parts.keeping).carry(saved.id)
    assert await flags(one) == {}
    father = await id_of(one, done, "I1")
    assert [father] == [other for other, *_ in (await person(one, done, "I2"))["links"]]
    register = one.ring.hasher.source_key(SourceKey("population", row["recordId"]))
    known = (await one.graph.reader.owners([register]))[register]
    assert (father == known) is (what is What.MATCH)


async def decided(one: Hub, done: Imported, xref: str) -> PersonId | None:
    """Who an individual is, if that is decided."""
    key = one.ring.hasher.source_key(SourceKey("gedcom", f"{done.edition.tree}/{xref}"))
    return (await one.graph.reader.owners([key])).get(key)


async def test_a_file_never_overrules_an_agency(one: Hub, tmp_path: Path) -> None:
    """The fold of both, whoever came first: the register's word stands, the file's is kept as what was overruled."""

    def said(source: str, version: int, part: str, kind: ClaimKind, body: dict[str, Any]) -> Held:
        claim = f"{source}{part}{version}".encode()
        event = "2030-01-01T00:00:00.000000Z" if source == "gedcom" else "2020-01-01T00:00:00.000000Z"
        return Held(claim, KeyHash(source.encode()), kind, ClaimBody(source, f"R{part}", version, part, event, **body))

    item = {"surname": "Здесь", "given_name": "Имя", "birth_date": "1980-01-01", "sex": "F"}
    other = {"surname": "Там", "given_name": "Имя", "birth_date": "1970-01-01", "sex": "M", "birth_surname": "Бывшая"}
    marriage = {"link": LinkKind.PARTNER_MARRIAGE, "other": ("population", "2")}
    death = {"category": "civil_status"}
    record, link = ClaimKind.RECORD, ClaimKind.LINK
    claims = [
        said("population", 1, "identity", record, {"category": "identity", "items": (item,)}),
        said("gedcom", 9, "identity", record, {"category": "identity", "items": (other,)}),
        said("civil", 1, "marriage:a", link, {"since": "2000-01-01"} | marriage),
        said("civil", 1, "divorce:a", link, {"until": "2010-01-01"} | marriage),
        said("gedcom", 9, "marriage:b", link, {"since": "2015-01-01"} | marriage),
        said("population", 1, "death", record, {"items": ({"event": "death", "event_date": "2020-01-01"},)} | death),
        said("gedcom", 9, "DEAT", record, {"items": ({"event": "death", "event_date": "2021-01-01"},)} | death),
    ]
    for order in (claims, claims[::-1]):
        folded = fold(order, {("population", "2"): PersonId(2)}, PersonId(1))
        assert folded.value("name", "surname") == "Здесь"
        assert folded.value("identity", "birth_date") == "1980-01-01"
        assert folded.value("identity", "sex") == "F"
        assert folded.value("identity", "birth_surname") == "Бывшая"  # no agency says it
        assert folded.death_date == "2020-01-01"
        assert [(link.since, link.until) for link in folded.links] == [("2000-01-01", "2010-01-01")]


async def test_the_ledger_has_a_collection_entry_for_each_page(
    one: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_pages(monkeypatch, 10)
    await imported(one, tmp_path, royals())
    collected = [entry.sealed["rows"] for entry in one.ledger.values() if entry.act is Act.COLLECTION]
    assert [rows["accepted"] for rows in collected] == [10, 10, 5]  # type: ignore[index]
    assert {entry.actor for entry in one.ledger.values()} == {"system:connector-gedcom"}
    assert all("Victoria" not in json.dumps(entry.sealed, default=str) for entry in one.ledger.values())


async def test_without_the_extra_it_says_what_to_install(
    one: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "connectors.protocols.gedcom.source", None)
    with pytest.raises(Invalid) as refused:
        await imported(one, tmp_path, "\n".join(HEAD))
    assert "gedcom.txt" in (refused.value.fix or "")
    assert kindred.importing.__doc__
