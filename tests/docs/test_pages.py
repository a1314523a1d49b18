"""Pages name only what exists: verbs, files, headers, settings and fields."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from graphql import build_schema, parse, validate

from kindred.cli.verbs import app
from kindred.settings import Settings
from tests.contracts.house import ROOT, project

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SDL = (ROOT / "schema" / "schema.graphql").read_text("utf-8")


def verbs_of_make() -> set[str]:
    """Targets of the Makefile."""
    return set(re.findall(r"^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def verbs_of_kindred() -> set[str]:
    """Commands of the command line."""
    commands = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
    return {str(name) for name in commands}


def broken_links(page: Path, text: str) -> list[str]:
    """Relative links of a page that lead nowhere."""
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    return [target for target in targets if "://" not in target and not (page.parent / target).exists()]


def names(page: Path) -> str:
    """How a test is called for a page."""
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_verbs_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    made = {a or b for a, b in re.findall(r"`make ([a-z][a-z0-9-]*)|^make ([a-z][a-z0-9-]*)", text, re.MULTILINE)}
    assert made <= verbs_of_make()
    run = {a or b for a, b in re.findall(r"`(?:\S*/)?kindred ([a-z]+)|^(?:\S*/)?kindred ([a-z]+)", text, re.MULTILINE)}
    assert run <= verbs_of_kindred()


def test_the_verbs_that_the_readme_lists() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    section = text.split("## Verbs")[1].split("\n## ")[0]
    make, kindred = section.split("lists the hub's own")
    assert set(re.findall(r"`([a-z0-9-]+)`", make)) <= verbs_of_make()
    assert set(re.findall(r"`([a-z]+)`", kindred)) <= verbs_of_kindred()
    assert {"demo", "test"} <= set(re.findall(r"^make ([a-z]+)", text, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page, page.read_text("utf-8")) == []


def test_a_link_that_leads_nowhere_is_told() -> None:
    assert broken_links(ROOT / "README.md", "[x](docs/nowhere.md) [y](README.md)") == ["docs/nowhere.md"]


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_settings_exist(page: Path) -> None:
    known = {f"KINDRED_{name.upper()}" for name in Settings.model_fields} | {"KINDRED_REQUIRE"}
    assert set(re.findall(r"\bKINDRED_[A-Z_]*[A-Z]\b", page.read_text("utf-8"))) <= known


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_queries_are_valid(page: Path) -> None:
    schema = build_schema(SDL, assume_valid_sdl=True)
    for query in re.findall(r"```graphql\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        assert validate(schema, parse(query)) == [], query


def test_every_page_is_listed() -> None:
    for folder, index in (("docs/how-to", "docs/index.md"), ("docs/adr", "docs/adr/README.md")):
        listed = (ROOT / index).read_text("utf-8")
        pages = {page.name for page in (ROOT / folder).glob("*.md")} - {"README.md"}
        assert {name for name in pages if name not in listed} == set()


def test_the_public_description_agrees_with_the_project() -> None:
    stated = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
    said = project()["project"]
    assert stated["publiccodeYmlVersion"] == "0.4"
    assert stated["softwareVersion"] == said["version"]
    assert stated["legal"]["license"] == said["license"] == "EUPL-1.2"
    text = stated["description"]["en"]
    assert len(text["shortDescription"]) <= 150
    assert 150 <= len(text["longDescription"]) <= 10_000
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
