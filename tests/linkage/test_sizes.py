"""The page of figures keeps what was not measured again, and sizes are decided as the way in decides."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.linkage import sizes
from benchmarks.report import Section


def test_only_what_was_measured_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Head\n\nMeasured long ago.\n\n## One\n\nold\n\n## Two\n\nkept\n", "utf-8")
    monkeypatch.setattr(report, "PAGE", page)
    anew = [Section("One", "New.", ("", "figure"), (("a", "1"),)), Section("Three", "Added.", ("",), (("b",),))]
    for _ in range(2):
        report.rewrite(anew, date(2026, 11, 25))
        assert page.read_text("utf-8") == (
            "# Head\n\nMeasured long ago.\n\n## One\n\nNew. Measured on 2026-11-25.\n\n"
            "|  | figure |\n|---|---:|\n| a | 1 |\n\n## Two\n\nkept\n\n"
            "## Three\n\nAdded. Measured on 2026-11-25.\n\n|  |\n|---|\n| b |\n"
        )


def test_a_small_hub_is_precise_and_leaves_fewer_to_humans_if_it_says_that_it_is_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizes, "SEEDS", {2_000: (7201, 7202)})
    as_shipped, own_size = sizes.sizes_section(tmp_path).rows
    assert as_shipped[1] == "20,000" and own_size[0] == own_size[1]
    for row in (as_shipped, own_size):
        assert float(row[2]) >= 0.999 and float(row[3]) >= 0.97 and float(row[5]) <= 0.001
    assert float(own_size[3]) > float(as_shipped[3]) and float(own_size[6]) < float(as_shipped[6])
