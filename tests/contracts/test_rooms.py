"""No room is unguarded: every top-level package stands in the import contracts, the types and the package itself."""

from __future__ import annotations

from pathlib import Path

from tests.contracts.house import contracts, copy_of_the_house, plant, project, rooms

APART = frozenset({"simulator"})
"""Programs of their own, held apart by contracts instead of standing on a floor."""


def floors(root: Path) -> set[str]:
    """The rooms that stand on a floor."""
    layers = contracts(root)["floors"]["layers"]
    return {room.strip() for layer in layers for room in layer.split("|")}


def unguarded(root: Path) -> set[str]:
    """Rooms that some list which should name every room leaves out."""
    stated = project(root)
    tools = stated["tool"]
    lists: list[set[str]] = [
        set(tools["importlinter"]["root_packages"]),
        floors(root) | APART,
        set(tools["mypy"]["packages"]),
        set(tools["hatch"]["build"]["targets"]["wheel"]["packages"]),
    ]
    return {room for room in rooms(root) if not all(room in names for names in lists)}


def test_every_room_is_guarded() -> None:
    root = Path(__file__).resolve().parents[2]
    assert unguarded(root) == set()
    assert rooms() >= {"domain", "vault", "graph", "docket", "policy", "resolvers", "connectors", "schema", "kindred"}


def test_no_list_names_a_room_that_is_not_there() -> None:
    named = floors(Path(__file__).resolve().parents[2]) | APART
    assert named == rooms()


def test_a_planted_room_is_told(tmp_path: Path) -> None:
    root = copy_of_the_house(tmp_path / "house")
    plant(root, {"backroom/deep/reading.py": "import graph.port\n"})
    assert unguarded(root) == {"backroom"}


def test_a_room_that_is_only_linted_is_told(tmp_path: Path) -> None:
    root = copy_of_the_house(tmp_path / "house")
    plant(root, {"backroom/reading.py": ""})
    file = root / "pyproject.toml"
    stated = file.read_text("utf-8").replace("root_packages = [", 'root_packages = [\n    "backroom",')
    file.write_text(stated, "utf-8")
    assert unguarded(root) == {"backroom"}


def test_those_apart_are_forbidden_both_ways() -> None:
    others = rooms() - APART
    assert set(contracts()["country"]["forbidden_modules"]) == others
    assert contracts()["country-apart"]["allowed_importers"] == ["simulator"]
