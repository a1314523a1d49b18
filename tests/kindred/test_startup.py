"""A package of another's under one of our names never runs in ours' place."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from domain.errors import Broken
from kindred.cli import verbs
from kindred.startup import ROOMS, check_rooms


def test_our_own_rooms_pass() -> None:
    check_rooms()


def test_a_room_from_elsewhere_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = ModuleType("schema")
    foreign.__file__ = str(tmp_path / "schema" / "__init__.py")
    monkeypatch.setitem(sys.modules, "schema", foreign)
    with pytest.raises(Broken) as refused:
        check_rooms()
    assert refused.value.field == "schema"


def test_every_room_is_checked() -> None:
    root = Path(__file__).resolve().parents[2]
    own = {p.parent.name for p in root.glob("*/__init__.py")} - {"tests", "simulator", "benchmarks", "tools"}
    assert own == set(ROOMS)


@pytest.mark.parametrize("verb", ["serve", "migrate", "token", "schema"])
def test_no_verb_runs_with_a_room_from_elsewhere(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def foreign() -> None:
        raise Broken(field="schema", cause="a package of this name comes from elsewhere")

    monkeypatch.setattr(verbs, "check_rooms", foreign)
    monkeypatch.setattr(verbs, "app", lambda **_: pytest.fail("the verb ran"))
    with pytest.raises(SystemExit) as ended:
        verbs.main([verb])
    assert ended.value.code == 1
