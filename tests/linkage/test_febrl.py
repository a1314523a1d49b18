"""FEBRL 3 and 4 without the national number: at least as good as Splink by its own settings at its best threshold."""

from __future__ import annotations

import pytest

from benchmarks.linkage import ours, splink_baseline
from benchmarks.linkage.febrl import FIELDS, Febrl, febrl3, febrl4
from benchmarks.linkage.measuring import febrl_scores


@pytest.mark.parametrize("data", [febrl3(), febrl4()], ids=["3", "4"])
def test_ours_is_at_least_as_good(data: Febrl) -> None:
    own, same_fields, half, best = (score[2] for score in febrl_scores(data).values())
    assert own >= same_fields >= best >= half > 0.9


def test_the_national_number_is_never_read() -> None:
    assert "soc_sec_id" not in FIELDS and all(record.keys() == set(FIELDS) for record in febrl3().records.values())
    assert len(febrl3().true_pairs()) == 6538 and len(febrl4().true_pairs()) == 5000
    assert "soc_sec_id" not in repr(ours.COMPARE)
    assert splink_baseline.THRESHOLD == ours.THRESHOLD == 0.5
