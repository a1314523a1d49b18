"""Texts for people: `locale/<language>/<subject>.toml`, a table for each key, in it a text for each form.

Every language has every key, and the form `any` of each. What other forms there are is a matter of the language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from domain.errors import Broken

LOCALE = Path(__file__).resolve().parents[1] / "locale"
_LARGEST = 256 * 1024

Texts = Mapping[str, Mapping[str, str]]
"""Key → form → text."""


class Language(StrEnum):
    """The languages in which families and officers are addressed, by ISO 639-1."""

    KK = "kk"
    RU = "ru"
    EN = "en"


def load_texts(subject: str, language: Language, folder: Path = LOCALE) -> Texts:
    """The texts of a subject in a language. Raises Broken if the file is missing or not of this form: load them once,
    at start."""
    name = f"locale/{language.value}/{subject}.toml"
    try:
        content = (folder / language.value / f"{subject}.toml").read_bytes()
        stated = tomllib.loads(content.decode("utf-8")) if len(content) <= _LARGEST else {}
    except (OSError, ValueError) as error:
        raise Broken(cause=f"{name} cannot be read: {type(error).__name__}") from error
    fault = _fault(stated)
    if fault is not None:
        raise Broken(cause=f"{name}: {fault}")
    return MappingProxyType({key: MappingProxyType(forms) for key, forms in stated.items()})


def _fault(stated: Mapping[str, object]) -> str | None:
    if not stated:
        return "no texts"
    for key, forms in stated.items():
        if not isinstance(forms, dict) or "any" not in forms:
            return f"{key} has no form any"
        if not all(isinstance(text, str) and text.strip() for text in forms.values()):
            return f"{key} has a form without text"
    return None
