"""Kazakh and Russian Cyrillic into plain Latin letters, as passports and foreign systems write them."""

from __future__ import annotations

_PAIRS = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh",
    "з": "z", "и": "i", "й": "i", "к": "k", "қ": "k", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o",
    "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "kh",
    "һ": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "і": "i", "ь": "", "э": "e",
    "ю": "yu", "я": "ya",
}  # fmt: skip
_TABLE = str.maketrans(_PAIRS | {k.upper(): v.capitalize() for k, v in _PAIRS.items()})


def latin(text: str) -> str:
    """`text` in ASCII letters; loses what Latin passports lose (ә and а become one)."""
    return text.translate(_TABLE)
