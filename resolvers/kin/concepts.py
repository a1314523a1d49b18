"""Which kin term a chain calls for: the key under which the languages have it, and who in the chain it may look at.

Key of the text, not the text: what a term is called, and whether it tells elder from younger or father's side from
mother's, is a matter of each language (`locale/*/kin.toml`).
"""

from __future__ import annotations

from dataclasses import dataclass

from resolvers.kin.chain import Chain, Kind


@dataclass(frozen=True, slots=True)
class Concept:
    """A term's key and the places in the chain at which it looks (0: the start, -1: the far end).

    `by` and `over`: whose sex may matter on the way; `elder`: of which two it may matter who was born first, the first
    of them being called the elder or the younger.
    """

    key: str
    by: int | None = None
    over: int | None = None
    elder: tuple[int, int] | None = None


DEEPEST = 8
"""Links of the longest chain that has a term."""

_SPECIAL = {
    "US": Concept("step_parent"),
    "SD": Concept("step_child", by=1),
    "USD": Concept("step_sibling", elder=(-1, 0)),
    "UUS": Concept("step_grandparent"),
    "USU": Concept("step_grandparent"),
    "SDD": Concept("step_grandchild"),
    "SU": Concept("parent_in_law", by=1),
    "SUU": Concept("grandparent_in_law", by=1),
    "DS": Concept("child_in_law"),
    "DDS": Concept("grandchild_in_law"),
    "SUD": Concept("spouses_sibling", by=1, elder=(-1, 1)),
    "UDS": Concept("siblings_spouse", by=2, elder=(2, 0)),
    "SUDS": Concept("spouses_siblings_spouse", by=1, over=3),
    "UUDS": Concept("aunt_uncle_by_marriage", by=1, over=3),
    "SUUD": Concept("spouses_aunt_uncle", by=1),
    "SUDD": Concept("spouses_niece_nephew", by=1),
    "UDDS": Concept("niece_nephews_spouse"),
    "UUDDS": Concept("cousins_spouse"),
    "SUUDD": Concept("spouses_cousin"),
    "DSU": Concept("co_parent_in_law"),
    "DSUD": Concept("childs_spouses_sibling"),
    "UDSU": Concept("siblings_spouses_parent"),
    "UDSUD": Concept("siblings_spouses_sibling"),
    "DU": Concept("co_parent"),
}
_CLOSE = {"U": "parent", "D": "child", "UD": "sibling"}
_OF_LAW = {
    "guardian": "guardian",
    "ward": "ward",
    "responsibility": "responsible",
    "under_responsibility": "in_responsibility",
}


def fallback(kind: Kind) -> Concept:
    """The term of those who have none of their own: that they are kin, and of what kind."""
    return Concept(f"relative_{kind.value}")


def concept_of(chain: Chain, full: bool | None) -> Concept:
    """The term that a chain calls for. `full`: of siblings, whether they share both parents, as far as that is known.

    Foster kin have one to siblings, adopted kin of their own to siblings and beyond them that of blood: adoption makes
    kin of the whole family, fostering of nobody.
    """
    kind, letters = chain.kind, chain.letters
    if kind is Kind.GUARDIANSHIP:
        return Concept(_OF_LAW[chain.way.names[0]]) if letters == "G" else fallback(kind)
    if kind is Kind.PARTNER:
        return Concept("spouse" if chain.married else "partner")
    if letters in _CLOSE:
        return _close(kind, _CLOSE[letters], full)
    if "foster" in chain.flavours:
        return fallback(kind)
    if kind in (Kind.BLOOD, Kind.ADOPTIVE):
        return _descent(letters) if len(letters) <= DEEPEST else fallback(kind)
    return _SPECIAL.get(letters, fallback(kind))


def _close(kind: Kind, name: str, full: bool | None) -> Concept:
    elder = (-1, 0) if name == "sibling" else None
    if kind is not Kind.BLOOD:
        return Concept(f"{kind.value}_{name}", elder=elder)
    return Concept("half_sibling" if name == "sibling" and full is False else name, elder=elder)


def _descent(letters: str) -> Concept:
    up, down = letters.count("U"), letters.count("D")
    if down == 0:
        return Concept(f"ancestor_{up}", by=1)
    if up == 0:
        return Concept(f"descendant_{down}", by=1)
    if down == 1:
        return Concept(f"aunt_uncle_{up}", by=1, elder=(-1, up - 1))
    if up == 1:
        return Concept(f"niece_nephew_{down}", by=2)
    return Concept(f"cousin_{up}_{down}", by=1, over=up + 1, elder=(-1, 0))


def all_keys() -> frozenset[str]:
    """Every key that a language must have."""
    descent = [
        "U" * up + "D" * down
        for up in range(DEEPEST + 1)
        for down in range(DEEPEST + 1 - up)
        if up + down >= 2 and (up, down) != (1, 1)
    ]
    close = [f"{prefix}{name}" for prefix in ("", "adoptive_", "foster_") for name in _CLOSE.values()]
    others = [*close, "half_sibling", "spouse", "partner", *_OF_LAW.values()]
    return frozenset(
        [_descent(letters).key for letters in descent]
        + [concept.key for concept in _SPECIAL.values()]
        + [fallback(kind).key for kind in Kind if kind is not Kind.PARTNER]
        + others
    )
