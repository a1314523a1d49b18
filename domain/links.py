"""Links between people as sources state them. What walks derive from them (sibling, uncle) is kin, not a link."""

from __future__ import annotations

from enum import StrEnum


class LinkKind(StrEnum):
    """A stated link. Parent and care links run from the child or ward to the parent or guardian; partners both ways.

    `guardian` and `responsibility` are law, never inferred from kinship: a divorced father may have lost them, a
    grandmother may hold them.
    """

    PARENT_BIRTH = "parent_birth"
    PARENT_ADOPTIVE = "parent_adoptive"
    PARENT_STEP = "parent_step"
    PARENT_FOSTER = "parent_foster"
    PARTNER_MARRIAGE = "partner_marriage"
    PARTNER_CIVIL = "partner_civil"
    PARTNER_COHABITING = "partner_cohabiting"
    GUARDIAN = "guardian"
    RESPONSIBILITY = "responsibility"


PARENTS = frozenset({LinkKind.PARENT_BIRTH, LinkKind.PARENT_ADOPTIVE, LinkKind.PARENT_STEP, LinkKind.PARENT_FOSTER})
PARTNERS = frozenset({LinkKind.PARTNER_MARRIAGE, LinkKind.PARTNER_CIVIL, LinkKind.PARTNER_COHABITING})
CARE = frozenset({LinkKind.GUARDIAN, LinkKind.RESPONSIBILITY})


class Family(StrEnum):
    """The three families of link that callers and warrants name."""

    PARENT = "parent"
    PARTNER = "partner"
    GUARDIAN = "guardian"


FAMILIES: dict[Family, frozenset[LinkKind]] = {
    Family.PARENT: PARENTS,
    Family.PARTNER: PARTNERS,
    Family.GUARDIAN: CARE,
}


class Role(StrEnum):
    """A person's role in a household, as the population register states it."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    GRANDCHILD = "grandchild"
    RELATIVE = "relative"
    OTHER = "other"
