"""Handing reviews over to cleared stewards: of people over whom a grade came after the review was opened.

For all other stewards such a review does not exist from that day on, but it stood in their queue: enough of them at its
head, and nobody would have seen what came after. What the gate hides for other reasons stays where it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import msgspec

from connectors.parts import Keeping
from connectors.pipeline.candidates import surroundings
from connectors.pipeline.guarded import graded_keys
from connectors.pipeline.surroundings import Surroundings
from docket.dossiers import Line, ReviewDossier
from docket.port import Stale
from domain.ids import KeyHash, PersonId
from domain.reviews import Review

MOST = 1_000
"""Reviews at the head of the queue that are looked at, five times what a steward's page looks at."""
_AT_ONCE = 100


async def hand_over(parts: Keeping) -> int:
    """Look at the head of the queue; how many reviews wait for cleared stewards from now on. Called after each pull.

    No log tells of it: an operator would learn that somebody in the queue came under a grade.
    """
    looked = place = number = 0
    while looked < MOST and (page := await parts.docket.line(Line.REVIEW, _AT_ONCE, place)):
        for read in await _hidden(parts, page):
            with suppress(Stale):  # a steward was first; looked at again after the next pull
                proposal = replace(read.review.proposal, cleared=True)
                await parts.docket.save_reviews(
                    [replace(read, review=msgspec.structs.replace(read.review, proposal=proposal))]
                )
                number += 1
        looked, place = looked + len(page), page[-1].place
    return number


async def _hidden(parts: Keeping, page: Sequence[ReviewDossier]) -> list[ReviewDossier]:
    """Those of the reviews that are about somebody whom a grade hides. The same calls whoever that is."""
    named = {read.id: _hashes(parts, read.review) for read in page}
    owners = await _whose(parts, {key for hashes in named.values() for key in hashes})
    people = {
        read.id: {*read.review.people, *(person for key in named[read.id] for person in owners.get(key, ()))}
        for read in page
    }
    around = await surroundings(parts, sorted({person for each in people.values() for person in each}))
    asked = around.keys().union(*named.values())
    graded = graded_keys(await parts.docket.protection(sorted(asked)))
    under = graded | around.reached(graded, parts.clock.today().isoformat())
    return [read for read in page if not under.isdisjoint(_all(read, named, people, around))]


async def _whose(parts: Keeping, hashes: Collection[KeyHash]) -> dict[KeyHash, set[PersonId]]:
    """Whom hashes name: source keys that are decided, national ids by whomever they were ever stated of. Two calls."""
    asked = sorted(hashes)
    owners, stated = await parts.reader.owners(asked), await parts.reader.find(asked)
    found = {key: {person} for key, person in owners.items()}
    for key, people in stated.items():
        found.setdefault(key, set()).update(people)
    return found


def _hashes(parts: Keeping, review: Review) -> set[KeyHash]:
    """By what a review's row names its person."""
    hasher, said = parts.ring.hasher, review.said
    found = {hasher.source_key(review.proposal.key)}
    if said is not None and said.national_id is not None:
        found.add(hasher.national(said.national_id))
    return found


def _all(
    read: ReviewDossier,
    named: Mapping[bytes, set[KeyHash]],
    people: Mapping[bytes, set[PersonId]],
    around: Surroundings,
) -> set[KeyHash]:
    """Every hash of everyone whom a review is about."""
    shapes = (around.facts.people.get(person) for person in people[read.id])
    return named[read.id].union(*(shape.keys for shape in shapes if shape is not None))
