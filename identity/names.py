"""Names made comparable across alphabets: one spelling for what registers write in Kazakh, Russian or Latin letters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z",
    "и": "i", "й": "i", "к": "k", "қ": "k", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o", "ө": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "kh", "һ": "h", "ц": "ts", "ч": "ch",
    "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "і": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "ş": "sh", "ı": "i",
}  # fmt: skip
_TABLE = str.maketrans(_CYRILLIC)
_DROPPED = re.compile(r"[^a-z]+")
#: Spellings of one sound, applied one after the other to the Latin text: the order matters.
_RESPELLED = (
    ("x", "ks"), ("w", "v"), ("q", "k"), ("kh", "h"), ("yu", "iu"), ("ya", "ia"), ("y", "i"), ("j", "zh"),
)  # fmt: skip
_DOUBLED = re.compile(r"([a-z])\1+")


@lru_cache(maxsize=8192)
def normalise(name: str | None) -> str:
    """The comparable form of one name: letters a to z only, or the empty text.

    NFKC, lower case, Cyrillic to Latin, marks over and under Latin letters taken off, everything else dropped, then one
    spelling for each sound and no doubled letters. None gives the empty text, which agrees with nothing.
    """
    if not name:
        return ""
    latin = unicodedata.normalize("NFKC", name).lower().translate(_TABLE)
    latin = _DROPPED.sub("", unicodedata.normalize("NFKD", latin))
    for old, new in _RESPELLED:
        latin = latin.replace(old, new)
    return _DOUBLED.sub(r"\1", latin)


def split_full_name(full_name: str) -> tuple[str | None, str | None, str | None]:
    """Surname, given name and patronymic of a name written in one field, in that order, split on blanks."""
    tokens = full_name.split()
    surname = tokens[0] if tokens else None
    given = tokens[1] if len(tokens) > 1 else None
    return surname, given, " ".join(tokens[2:]) or None
