"""`python -m tools.kin_terms`: writes docs/reference/kin-terms.md from the texts, with what is not sure of them."""

from __future__ import annotations

import sys
from pathlib import Path

from domain.texts import Language, load_texts

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "kin-terms.md"
UNSURE: dict[Language, dict[str, str]] = {
    Language.KK: {
        "half_sibling": "a description; terms for one father and one mother are not told apart",
        "adoptive_parent": "a description",
        "adoptive_child": "a description",
        "adoptive_sibling": "a description",
        "foster_parent": "the word of the law for one form of fostering, used for all",
        "foster_child": "the word of the law for one form of fostering, used for all",
        "foster_sibling": "a description",
        "ancestor_3": "mother's line has words of its own in some regions",
        "ancestor_4": "lists of the seven forefathers differ; used here for men alone",
        **{f"ancestor_{n}": "a description: lists of forefathers differ" for n in range(5, 9)},
        "descendant_2": "жиен for a daughter's child is common, немере for both is too",
        "descendant_3": "жиеншар for a daughter's side is left out",
        "descendant_4": "lists differ after шөбере",
        **{f"descendant_{n}": "a description: lists differ" for n in range(5, 9)},
        "aunt_uncle_2": "regional: аға, көке, апа, әпке, тәте",
        **{f"aunt_uncle_{n}": "a description" for n in range(3, 8)},
        "niece_nephew_2": "of a brother іні and қарындас are said too; жиен is sure",
        "niece_nephew_3": "жиеншар not sure, the other a description",
        **{f"niece_nephew_{n}": "a description" for n in range(4, 8)},
        "cousin_2_2": "бөле and немере are sure, жиен and нағашы for cousins less so",
        "cousin_3_3": "not sure",
        "step_grandparent": "built like өгей әке",
        "step_grandchild": "built like өгей бала",
        "step_sibling": "built like өгей әке",
        "partner": "no settled word",
        "grandparent_in_law": "a description",
        "grandchild_in_law": "a description",
        "spouses_sibling": "балдыз and қайын сіңлі as commonly used; regions differ for brothers",
        "spouses_siblings_spouse": "абысын and бажа are sure",
        "aunt_uncle_by_marriage": "жеңге and жезде extended upwards: regional",
        "spouses_aunt_uncle": "a description",
        "spouses_niece_nephew": "a description",
        "niece_nephews_spouse": "a description",
        "cousins_spouse": "a description",
        "spouses_cousin": "a description",
        "childs_spouses_sibling": "құда бала, құдаша: ages and sides differ by region",
        "siblings_spouses_parent": "құда extended",
        "siblings_spouses_sibling": "құда бала, құдаша extended",
        "co_parent": "a description",
        "responsible": "the law's word for representatives at large",
        "in_responsibility": "a description",
        **{
            f"relative_{k}": "a description"
            for k in ("blood", "adoptive", "foster", "step", "co_parent", "guardianship")
        },
        "relative_in_law": "жекжат is wider than this",
    },
    Language.RU: {
        "half_sibling": "единокровный and единоутробный are not told apart",
        "adoptive_sibling": "a description",
        "foster_sibling": "a description",
        "step_grandparent": "a description",
        "step_grandchild": "a description",
        "spouses_siblings_spouse": "ятровь is not used",
        "siblings_spouses_parent": "сват extended",
        "co_parent": "a description",
        "responsible": "the law's word for representatives at large",
        "in_responsibility": "a description",
        **{f"relative_{k}": "a description" for k in ("adoptive", "foster", "step", "co_parent", "guardianship")},
    },
    Language.EN: {
        **dict.fromkeys(
            (
                "spouses_siblings_spouse",
                "co_parent_in_law",
                "childs_spouses_sibling",
                "siblings_spouses_parent",
                "siblings_spouses_sibling",
                "responsible",
                "in_responsibility",
            ),
            "a description",
        ),
    },
}
"""Key → what is not sure of the term. Cousins of unequal or greater distance in Kazakh are told as a whole."""

_HEAD = """# Kin terms

What `term` gives, generated from `locale/*/kin.toml`. A language has as many forms of a term as it needs; each is
written with its conditions, and the one with most of them that hold, *by what the reader may read*, is taken:

| condition | holds if |
|---|---|
| `male`, `female` | that is the sex of the one who is named |
| `of_man`, `of_woman` | that is the sex of the one whose relative they are |
| `by_man`, `by_woman` | that is the sex of somebody on the way: the parent, spouse or sibling over whom it goes first |
| `over_man`, `over_woman` | that is the sex of somebody further on the way: that one's sibling |
| `elder`, `younger` | the sibling or cousin was born before, or after, the one with whom the term compares |

A key with numbers counts generations: `ancestor_3` is three up, `cousin_3_4` three up and four down. `relative_…` are
for whoever has no term of their own; `relation` always tells the way, link by link.

**No native speaker has checked these texts.** Those marked † are not sure, for the reason below the tables; Kazakh
words for cousins other than first ones (`cousin_*`) are not known to us beyond "relative", with the degree.
"""


def page() -> str:
    """The page's text."""
    texts = {language: load_texts("kin", language) for language in Language}
    lines = [_HEAD, "| key | Kazakh | Russian | English |", "|---|---|---|---|"]
    for key in texts[Language.EN]:
        cells = []
        for language in Language:
            mark = " †" if key in UNSURE[language] else ""
            forms = texts[language][key].items()
            cells.append("<br>".join(t if form == "any" else f"{t} (`{form}`)" for form, t in forms) + mark)
        lines.append(f"| `{key}` | {' | '.join(cells)} |")
    for language, name in ((Language.KK, "Kazakh"), (Language.RU, "Russian"), (Language.EN, "English")):
        lines += ["", f"## Not sure in {name}", ""]
        lines += [f"- `{key}`: {why}" for key, why in UNSURE[language].items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE.name}\n")


if __name__ == "__main__":
    main()
