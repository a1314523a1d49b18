"""The key file: made once, for its owner alone, and refused otherwise."""

from __future__ import annotations

import base64
import json
import os
import stat
import threading
from pathlib import Path

import pytest

from domain.errors import Broken, Invalid, KindredError
from vault.key_ring import KeyRing
from vault.provider import FileProvider, Root


def test_a_file_is_made_for_its_owner_alone_and_read_again(tmp_path: Path) -> None:
    before = os.umask(0)  # even where the surroundings would leave it open
    try:
        made = FileProvider(tmp_path / "keys.json", create=True).roots()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert FileProvider(tmp_path / "keys.json").roots() == made
    assert FileProvider(tmp_path / "keys.json", create=True).roots() == made
    assert set(made) == set(Root)
    assert os.listdir(tmp_path) == ["keys.json"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o644])
def test_a_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys.json"
    FileProvider(path, create=True).roots()
    path.chmod(mode)
    with pytest.raises(Invalid) as told:
        FileProvider(path, create=True).roots()
    assert told.value.field == "KINDRED_KEYS"
    path.chmod(0o600)
    FileProvider(path).roots()


def test_a_missing_file_is_not_made_unless_asked(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        FileProvider(tmp_path / "keys.json").roots()
    assert os.listdir(tmp_path) == []


def test_a_symbolic_link_and_a_folder_are_refused(tmp_path: Path) -> None:
    FileProvider(tmp_path / "keys.json", create=True).roots()
    (tmp_path / "link").symlink_to(tmp_path / "keys.json")
    (tmp_path / "folder").mkdir(mode=0o700)
    for name in ("link", "folder"):
        with pytest.raises(KindredError):
            FileProvider(tmp_path / name).roots()


def test_those_who_start_together_end_with_the_same_keys(tmp_path: Path) -> None:
    together = threading.Barrier(8)
    found = []

    def start() -> None:
        together.wait()
        found.append(FileProvider(tmp_path / "keys.json", create=True).roots())

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(roots == found[0] for roots in found)
    assert os.listdir(tmp_path) == ["keys.json"]


def _written(path: Path, content: object) -> FileProvider:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    path.chmod(0o600)
    return FileProvider(path)


def test_damaged_key_sets_are_refused_without_quoting_them(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    FileProvider(path, create=True).roots()
    good = json.loads(path.read_text())
    secret = good["keys"]["search"][0]["secret"]
    damaged: list[object] = [
        "",
        "[]",
        path.read_text()[:-20],
        {**good, "format": 2},
        {**good, "keys": {}},
        {**good, "keys": {**good["keys"], "search": []}},
        {**good, "keys": {**good["keys"], "search": good["keys"]["digest"]}},
        {**good, "keys": {**good["keys"], "search": [{"version": 0, "secret": secret}]}},
        {**good, "keys": {**good["keys"], "search": [{"version": 256, "secret": secret}]}},
        {**good, "keys": {**good["keys"], "search": [{"version": 1, "secret": secret[:20]}]}},
        {**good, "keys": {**good["keys"], "search": [{"version": 1, "secret": base64.b64encode(b"short").decode()}]}},
        {**good, "keys": {**good["keys"], "unheard-of": good["keys"]["search"]}},
    ]
    for content in damaged:
        with pytest.raises(Broken) as told:
            KeyRing.open(_written(path, content))
        assert secret not in f"{told.value!r} {told.value.cause} {told.value.__cause__!r}"
    KeyRing.open(_written(path, good))


def test_a_key_is_in_no_representation(tmp_path: Path) -> None:
    roots = FileProvider(tmp_path / "keys.json", create=True).roots()
    key = roots[Root.WRAPPING][0]
    assert repr(key.secret) not in repr(roots)
