"""What the settings name reaches everyone who needs it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from domain.errors import Invalid
from identity.model import read_model
from kindred.wiring import keeping, open_stores, pull_parts
from tests.kindred.hubs import settings_in


async def test_pulls_and_decisions_weigh_with_the_model_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a steward's choice takes in is weighed by the same model as what is pulled."""
    named = tmp_path / "model.json"
    named.write_bytes(files("identity").joinpath("models", "kz-synthetic.json").read_bytes())
    model = read_model(named.read_bytes())
    monkeypatch.setattr("kindred.wiring.read_model", lambda _content: model)
    settings = settings_in(tmp_path, identity_model=named)
    stores = open_stores(settings, create=True)
    try:
        parts = pull_parts(settings, stores)
        await parts.session.close()
        assert keeping(stores).model is model and parts.model is model and parts.keeping.model is model
    finally:
        await stores.close()


def test_a_model_that_cannot_be_read_is_told_before_anything_is_opened(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        open_stores(settings_in(tmp_path, identity_model=tmp_path / "none.json"), create=True)
    assert refused.value.field == "KINDRED_IDENTITY_MODEL"
    assert not (tmp_path / "graph.db").exists()
