"""Beside the candidates: which of the keys in hand are under a grade, their own or one that reaches them by others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from connectors.parts import Looking
from connectors.pipeline.candidates import Known, surroundings
from connectors.pipeline.hidden import NOBODY, Hidden
from connectors.pipeline.validate import Checked
from docket.dossiers import Protection
from domain.claims import Claim, ClaimKind, ProtectiveKind
from domain.ids import KeyHash, SourceKey
from domain.links import CARE, PARENTS
from vault.hashing import Hasher

_REACHING = frozenset(kind.value for kind in PARENTS | CARE)
"""Links along which a grade reaches, from the parent or guardian to the child or ward."""


async def guarded(parts: Looking, rows: Sequence[Checked], known: Known) -> Hidden:
    """Everyone in hand whom a grade hides: it is their own, a parent's or a present co-resident's.

    As the gate counts it, so that nobody is matched openly whom no officer may know. A report hides nobody and counts
    for nothing here: what it did to a match its other side would notice. One question whatever there is; it is asked
    of nobody where nothing has to be weighed. A grade counts for its whole page, so that a page that is taken in again
    after a kill, when the docket has it already, is judged alike.

    Whoever is under a grade of which the docket does not know yet after a restore is matched, or asked about, as
    anybody.
    """
    asked: set[KeyHash] = set()
    around = await surroundings(parts, sorted(known.people) if known.weighed else ())
    if known.weighed:
        asked.update(known.keys.values(), known.nationals.values(), around.keys())
        for opened in known.people.values():
            asked.update(opened.keys, opened.nationals)
    graded = graded_keys(await parts.docket.protection(sorted(asked)))
    if not known.weighed:
        return NOBODY
    graded |= _brought(parts.ring.hasher, rows)
    reached = around.reached(graded, parts.clock.today().isoformat())
    return Hidden(frozenset(graded), frozenset(reached | _reached_here(rows, known, graded)))


def graded_keys(matters: Iterable[Protection]) -> set[KeyHash]:
    """The hashes on which a grade hangs.

    That everybody is held after a restore is none of them: it ends, and what was founded, guarded or handed over by it
    would stay.
    """
    hanging = (matter for matter in matters if matter.kind is ProtectiveKind.GRADE and not matter.everybody)
    return {key for matter in hanging for key in matter.keys}


def _brought(hasher: Hasher, rows: Sequence[Checked]) -> set[KeyHash]:
    """The hashes on which the rows themselves hang a grade, whatever becomes of them."""
    brought: set[KeyHash] = set()
    for row in rows:
        for matter in (*row.grades, *(row.said.protective if row.said is not None else ())):
            if matter.kind is ProtectiveKind.GRADE:
                brought.update(hasher.source_key(key) for key in matter.keys)
                brought.update(hasher.national(iin) for iin in matter.national_ids if iin is not None)
    return brought


def _reached_here(rows: Sequence[Checked], known: Known, graded: set[KeyHash]) -> set[KeyHash]:
    """The keys that the rows themselves put beside somebody under a grade: as a child, a ward, one of the household."""
    if not graded:
        return set()
    hashes = _hashes_of(rows, known)
    under = {key for key, hashed in hashes.items() if not graded.isdisjoint(hashed)}
    homes: dict[str, list[SourceKey]] = {}
    found: set[SourceKey] = set()
    for claim in _claims(rows):
        body = claim.body
        if claim.kind is ClaimKind.LINK and body.link in _REACHING and body.other is not None:
            if SourceKey(*body.other) in under:
                found.add(claim.key)
        elif claim.kind is ClaimKind.MEMBERSHIP and body.household is not None and body.until is None:
            homes.setdefault(body.household, []).append(claim.key)
    for mates in homes.values():
        if not under.isdisjoint(mates):
            found.update(mates)
    return {hashed for key in found for hashed in hashes.get(key, ())}


def _hashes_of(rows: Sequence[Checked], known: Known) -> Mapping[SourceKey, set[KeyHash]]:
    """By which hashes each key that the rows name is somebody: its own, its national id's, its person's."""
    found: dict[SourceKey, set[KeyHash]] = {}
    for row in rows:
        for evidence in row.said.people if row.said is not None else ():
            hashed = found.setdefault(evidence.key, set())
            if evidence.key in known.keys:
                hashed.add(known.keys[evidence.key])
            if evidence.national_id in known.nationals:
                hashed.add(known.nationals[evidence.national_id])
            owner = known.owners.get(evidence.key)
            if owner is not None and owner in known.people:
                hashed.update((*known.people[owner].keys, *known.people[owner].nationals))
    return found


def _claims(rows: Sequence[Checked]) -> Iterator[Claim]:
    return (claim for row in rows if row.said is not None for claim in row.said.claims)
