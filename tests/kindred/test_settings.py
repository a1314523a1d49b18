"""Settings: one current table, safe defaults, refusals that name the setting and not its value."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import Invalid
from kindred.settings import Settings, read_settings, reference

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "settings.md"


def test_the_reference_is_current() -> None:
    assert _PAGE.read_text(encoding="utf-8") == reference(), "write it anew from kindred.settings.reference()"


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_defaults_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings()
    assert settings.host == "127.0.0.1"
    assert not settings.demo
    assert not settings.development
    assert settings.issuer is None
    assert settings.require_person


def test_tokens_without_a_person_are_for_trying_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for trying in ({"demo": True}, {"development": True}):
        assert not read_settings(**trying).require_person
        assert read_settings(**trying, require_person=True).require_person
    monkeypatch.setenv("KINDRED_DEVELOPMENT", "true")
    assert not read_settings().require_person
    monkeypatch.setenv("KINDRED_REQUIRE_PERSON", "true")
    assert read_settings().require_person


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINDRED_PORT", "9001")
    monkeypatch.setenv("KINDRED_SECTORS", '{"a": "s"}')
    settings = read_settings()
    assert settings.port == 9001
    assert settings.sectors == {"a": "s"}


@pytest.mark.parametrize(
    ("name", "value"), [("KINDRED_PORT", "hunter2"), ("KINDRED_MAX_BODY", "0"), ("KINDRED_REQUEST_SECONDS", "hunter2")]
)
def test_a_wrong_value_is_named_and_not_quoted(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Invalid) as refused:
        read_settings()
    assert refused.value.field == name
    assert "hunter2" not in f"{refused.value} {refused.value.fix} {refused.value.cause}"


def test_the_development_issuer_is_refused_on_a_real_hub() -> None:
    with pytest.raises(Invalid):
        read_settings(development_key=Path("k"))
    assert read_settings(development_key=Path("k"), development=True).development_key == Path("k")


@pytest.mark.parametrize(
    ("name", "value"), [("KINDRED_ZONE", "Hunter/2"), ("KINDRED_ZONE", "../hunter2"), ("KINDRED_SECTORS", "hunter2{")]
)
def test_zones_and_json_are_refused_in_one_line_too(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Invalid) as refused:
        read_settings()
    assert refused.value.field == name
    assert "unter" not in str(refused.value)
    assert refused.value.__suppress_context__
