"""The name in use: a category of its own, because an account shows of others in the household just their name."""

from __future__ import annotations

from domain.records.category import Category, Field, Kind

_NAMES = ("population", "civil", "health", "tax", "gedcom")

NAME = Category(
    name="name",
    number=9,
    title="Name",
    description="The person's name in use.",
    fields=(
        Field("surname", Kind.TEXT, "Family name in use.", _NAMES, plain=True),
        Field("given_name", Kind.TEXT, "Given name.", _NAMES, plain=True),
        Field("patronymic", Kind.TEXT, "Patronymic, where there is one.", _NAMES, plain=True),
    ),
)
