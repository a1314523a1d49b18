"""`kindred token`: a national id need not stand on the command line, where every process can read it."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from domain.errors import Invalid
from kindred.cli.verbs import app
from tests.kindred.hubs import settings_in

_ID = "940304352912"


def _issue(folder: Path, person: str, typed: str) -> Result:
    settings = settings_in(folder)
    environment = {
        "KINDRED_ISSUER": settings.issuer or "",
        "KINDRED_DEVELOPMENT": "true",
        "KINDRED_DEVELOPMENT_KEY": str(settings.development_key),
    }
    call = ["token", "--role", "family_member", "--agency", "a", "--activities", "x", "--person", person]
    return CliRunner().invoke(app, call, input=typed, env=environment)


@pytest.mark.parametrize(("person", "typed"), [("-", f"{_ID}\n"), ("-", f"  {_ID}"), (_ID, ""), (_ID, "else\n")])
def test_a_national_id_is_taken_from_standard_input_too(tmp_path: Path, person: str, typed: str) -> None:
    done = _issue(tmp_path, person, typed)
    assert done.exit_code == 0
    claims = done.stdout.split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(claims + "=="))["national_id"] == _ID


@pytest.mark.parametrize("typed", ["", "\n", f"\n{_ID}\n"])
def test_nothing_on_standard_input_is_no_national_id(tmp_path: Path, typed: str) -> None:
    done = _issue(tmp_path, "-", typed)
    assert isinstance(done.exception, Invalid)
    assert done.exception.field == "--person"
    assert done.stdout == ""
