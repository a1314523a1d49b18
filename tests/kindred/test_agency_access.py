"""The agencies' file: read strictly, and only if its owner alone may read it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from domain.errors import Invalid, Unavailable
from kindred.agency_access import read_access


def _file(folder: Path, content: object, mode: int = 0o600) -> Path:
    path = folder / "agencies.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    path.chmod(mode)
    return path


def test_no_file_is_no_agencies() -> None:
    assert read_access(None) == {}


def test_keys_are_read_beside_it(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text('{"keys": []}')
    path = _file(
        tmp_path, {"tax": {"base_url": "http://127.0.0.1:1", "headers": {"X-Api-Key": "s"}, "keys_file": "keys.json"}}
    )
    access = read_access(path)["tax"]
    assert access.headers == {"X-Api-Key": "s"}
    assert access.keys == {"keys": []}
    assert "X-Api-Key" not in repr(access)


@pytest.mark.parametrize("content", ["", "[]", '{"tax": {}}', '{"tax": {"base_url": "x", "more": 1}}', "{"])
def test_another_shape_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(Invalid):
        read_access(_file(tmp_path, content))


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        read_access(_file(tmp_path, {}, 0o644))
    with pytest.raises(Unavailable):
        read_access(tmp_path / "none")
