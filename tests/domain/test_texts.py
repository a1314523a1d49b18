"""Texts for people: three languages with the same keys, and files that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import Broken
from domain.texts import LOCALE, Language, load_texts

SUBJECTS = sorted({path.stem for path in LOCALE.glob("*/*.toml")})


def test_there_is_a_folder_for_each_language_and_none_besides() -> None:
    assert {path.name for path in LOCALE.iterdir()} == set(Language)
    assert SUBJECTS


@pytest.mark.parametrize("subject", SUBJECTS)
def test_languages_have_the_same_keys_in_the_same_order(subject: str) -> None:
    keys = {language: list(load_texts(subject, language)) for language in Language}
    assert keys[Language.KK] == keys[Language.RU] == keys[Language.EN]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_each_language_is_written_in_its_own_letters(subject: str) -> None:
    """A text that was forgotten in another language would be read by the wrong people."""
    for language in Language:
        for key, forms in load_texts(subject, language).items():
            cyrillic = [any("а" <= letter.lower() <= "ө" for letter in text) for text in forms.values()]
            assert set(cyrillic) == {language is not Language.EN}, (language, key)


@pytest.mark.parametrize(
    "content", ["", "[a]\nany = 1", "[a]\nmale = 'x'", "[a]\nany = ' '", "a = 'x'", "[a]\nany", "\udcff"], ids=str
)
def test_a_file_that_is_no_texts_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "kin.toml").write_text(content, "utf-8", "surrogateescape")
    with pytest.raises(Broken):
        load_texts("kin", Language.EN, tmp_path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Broken):
        load_texts("kin", Language.EN, tmp_path)
