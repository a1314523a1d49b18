"""How many people there are is told by a few ids, and how many the model weighs for moves what is a match."""

from __future__ import annotations

import random
from itertools import pairwise
from math import log2

import pytest

from connectors.parts import shipped_model
from domain.ids import ID_BITS
from identity.describing import described
from identity.sizing import SAMPLE, Sized, estimated, is_far_off

TYPO = described("Ахнетова", "Айгүл", None, None, "1984-03-12", "F")
KNOWN = described("Ахметова", "Айгүл", "Серікқызы", None, "1984-03-12", "F")


@pytest.mark.parametrize("people", [2_000, 60_000, 200_000])
def test_the_smallest_ids_tell_how_many_there_are(people: int) -> None:
    chance = random.Random(people)
    smallest = sorted(chance.getrandbits(ID_BITS) for _ in range(people))[:SAMPLE]
    assert estimated(smallest, SAMPLE, ID_BITS) == pytest.approx(people, rel=0.15)


def test_few_are_counted() -> None:
    assert [estimated(range(1, n + 1), SAMPLE, ID_BITS) for n in (0, 1, 999)] == [0, 1, 999]


@pytest.mark.parametrize(
    ("there", "weighed_for", "far"),
    [
        (1_000_000, 20_000, True),
        (80_000, 20_000, True),
        (79_999, 20_000, False),
        (5_001, 20_000, False),
        (5_000, 20_000, True),
        (999, 20_000, False),
        (0, 20_000, False),
        (1_000_000, 1_000_000, False),
        (400, 100, True),
    ],
)
def test_far_off(there: int, weighed_for: int, far: bool) -> None:
    assert is_far_off(Sized(there, weighed_for)) is far


def test_the_more_people_the_more_has_to_agree() -> None:
    sizes = (2_000, 20_000, 60_000, 1_000_000)
    models = [shipped_model().weighing_for(people) for people in sizes]
    weights = [model.scale.weigh(TYPO, KNOWN).weight for model in models]
    for (few, much), (one, other) in zip(pairwise(sizes), pairwise(weights), strict=True):
        assert one - other == pytest.approx(log2(much / few), abs=0.01)
    assert weights[0] > shipped_model().thresholds.match > weights[-1]
    assert len({model.version for model in models}) == len(sizes) and [model.people for model in models] == [*sizes]


def test_for_as_many_as_it_was_trained_for_it_is_the_same_model() -> None:
    assert shipped_model().weighing_for(20_000).version == shipped_model().version
