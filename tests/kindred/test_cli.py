"""The command line: exit codes, and errors in one line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from connectors.progress import Summary
from domain.errors import Invalid
from kindred.cli import main
from kindred.pulling import chosen, table_of, warnings_of
from tests.kindred.hubs import settings_in
from vault.key_ring import KeyRing
from vault.provider import FileProvider

_ROOT = Path(__file__).resolve().parents[2]


def _run(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str, **given: Any) -> int:
    for name, value in settings_in(folder, **given).model_dump(exclude_none=True, mode="json").items():
        monkeypatch.setenv(f"KINDRED_{name.upper()}", str(value) if not isinstance(value, dict) else "{}")
    monkeypatch.setenv("KINDRED_LEDGER_KEY", str(folder / "ledger.pub"))
    # Logs are set up for a process's life, and a test's standard error ends with the test.
    monkeypatch.setattr("kindred.cli.verbs.set_up", lambda: None)
    monkeypatch.setattr("kindred.cli.verbs.os.umask", lambda _mask: 0)
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def test_migrate_export_verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, tmp_path, "ledger", "verify") == 2, "no key yet"
    assert _run(monkeypatch, tmp_path, "migrate") == 0
    assert _run(monkeypatch, tmp_path, "migrate") == 0
    export = tmp_path / "export.log"
    assert _run(monkeypatch, tmp_path, "ledger", "export", "--to", str(export)) == 0
    assert _run(monkeypatch, tmp_path, "ledger", "verify", "--file", str(export), "--key", str(tmp_path / "none")) == 2
    assert "nothing" not in capsys.readouterr().err


def test_verify_with_the_public_key_and_without_the_hubs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file takes the public key alone; the ledger itself is checked by the hub's keys too, where they are at hand."""
    export, keys, public = tmp_path / "export.log", tmp_path / "keys.json", tmp_path / "demo.pub"
    assert _run(monkeypatch, tmp_path, "migrate") == 0
    assert _run(monkeypatch, tmp_path, "ledger", "export", "--to", str(export)) == 0
    public.write_text(KeyRing.open(FileProvider(keys)).signer().verifier + "\n")
    said = []
    for at_hand in (True, False):
        if not at_hand:
            keys.rename(tmp_path / "elsewhere.json")
        for more in (("--file", str(export)), ()):
            capsys.readouterr()
            assert _run(monkeypatch, tmp_path, "ledger", "verify", *more, "--key", str(public)) == 0
            said.append(capsys.readouterr().out)
    assert all("intact: 0 leaves" in one and "of attempts" in one for one in said)
    assert ["hub's keys" in one for one in said] == [False, False, False, True]
    assert not keys.exists(), "a check makes no keys"


def test_token_is_printed_for_development_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ("token", "--role", "caseworker", "--agency", "a", "--activities", "x,y")
    assert _run(monkeypatch, tmp_path, *call) == 0
    assert capsys.readouterr().out.count(".") == 2
    assert _run(monkeypatch, tmp_path, *call, "--hours", "12") == 0
    assert _run(monkeypatch, tmp_path, *call, "--hours", "12.1") == 2, "no hub takes a token that lives longer"
    capsys.readouterr()
    monkeypatch.setattr(
        "kindred.cli.token.read_settings", lambda: settings_in(tmp_path).model_copy(update={"development": False})
    )
    assert _run(monkeypatch, tmp_path, *call) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("kindred: BAD_REQUEST: KINDRED_DEVELOPMENT")


def test_wrong_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(monkeypatch, tmp_path, "pull", "nobody") == 1
    assert _run(monkeypatch, tmp_path, "no-such-verb") == 2
    assert "Traceback" not in capsys.readouterr().err


def test_schema_is_printed_from_any_folder(tmp_path: Path) -> None:
    """Run as a child in another folder: our packages are found, not others of their names."""
    code = f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from kindred.cli import main; main(['schema'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == (_ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8")


def test_agencies_are_chosen_in_the_order_of_a_full_pull() -> None:
    assert [a.name for a in chosen(["tax", "population"])] == ["population", "tax"]
    assert len(chosen([])) == 6
    with pytest.raises(Invalid):
        chosen(["nobody"])
    assert table_of([Summary("tax")]).row_count == 1
    assert warnings_of([Summary("tax"), Summary("police")]) == ()
    (warning,) = warnings_of([Summary("tax"), Summary("police", unmatched=3)])
    assert warning.startswith("3 reports ")


def test_serving_without_the_issuers_keys_ends_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, tmp_path, "migrate") == 0
    capsys.readouterr()
    assert _run(monkeypatch, tmp_path, "serve") == 1, "its key set was never written"
    told = capsys.readouterr().err
    assert told.startswith("kindred: UNAVAILABLE: KINDRED_JWKS")
    assert len(told.splitlines()) == 1
