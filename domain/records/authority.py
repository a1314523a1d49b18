"""The authority table: who may state each field, the most trusted first. docs/reference/authority.md is this text."""

from __future__ import annotations

from domain.records.catalogue import CATEGORIES
from domain.records.category import Category

_HEAD = """\
# Authority: which agency a record believes

Generated from `domain/records/*.py`; a test keeps it current. A record is a fold of claims (`domain/records/fold.py`):

1. **In force.** Of all claims about a person from one source record (agency and record id) only the highest version
   counts. A retraction takes back its record's claims on one source key up to its own version; the hub states one for
   each person whom the highest version no longer names, if the page that brings a version names them or a link of the
   same record leads to them from somebody it names. A *part* is one statement of a row: who
   one of its people is, one registration's membership, one relation, one person's event. Of the same part of the same
   version sent twice with different content, the first that was recorded stands.
2. **Items.** Claims whose item has the same key (the fields named below) are about one item; a category without a key
   has one item.
3. **Fields.** Each field takes its value from the first agency in its list that states it; within an agency from the
   claim with the latest event, then the higher version, then the greater record id (text order). Every other claim in
   force that states the field about the same item is kept as a loser, with its claim, also where it states the same
   value: who agrees can be seen. An agency that is not in a field's list never counts for it and is no loser; versions
   that are no longer in force are none either (`asOf` shows what was known while they were).
4. **Who someone is** is one claim that fills two categories, name and identity, each with its own fields.
5. **Links**: one for each kind and other person, however many keys state it. It began at the earliest stated date; it
   ended at the latest stated one, unless a claim leaves it open. A divorce ends a marriage of the two that began on or
   before it, unless they married again later. What a file says of a link counts only where no agency states the link.
   Its provenance is the claim of the first of civil, population and the others that says it began, within an agency the
   strongest by (3); every other claim in force about it is kept beside that, files' too.
6. **Memberships** come from the population register alone, one for each household and date of beginning; of several
   claims the strongest by (3) counts, of several registrations of one row the one that stands last in it. The others
   are kept beside it.
7. **Date of death**: the civil registry's, else the population register's, else a file's; of several, the strongest
   claim's by (3).
8. **The place of an act** of the civil registry is written `locality, region`.

The order in which claims arrived plays no part anywhere, but for the last sentence of (1).
"""


def authority_page() -> str:
    """The whole page, Markdown."""
    return _HEAD + "".join(_section(category) for category in CATEGORIES)


def _section(category: Category) -> str:
    key = ", ".join(f"`{name}`" for name in category.item_key) or "none: one item"
    rows = "".join(f"| `{field.name}` | {', '.join(field.authority)} |\n" for field in category.fields)
    return f"\n## {category.name}\n{category.description} Item key: {key}.\n\n| field | authority |\n|---|---|\n{rows}"
