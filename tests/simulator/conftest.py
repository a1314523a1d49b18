"""One country with mistakes, one without, one of markers; generated once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from simulator.country.generating import generate
from simulator.country.options import Options
from tests.simulator.countries import options


@pytest.fixture(scope="session")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Options:
    """A country whose agencies make mistakes at three times their rates."""
    made = options(tmp_path_factory.mktemp("wrong"), people=1500, error_rate=3.0)
    generate(made)
    return made


@pytest.fixture(scope="session")
def right(tmp_path_factory: pytest.TempPathFactory) -> Options:
    """The same country, whose agencies make no mistakes."""
    made = options(tmp_path_factory.mktemp("right"), people=1500, error_rate=0.0)
    generate(made)
    return made


@pytest.fixture(scope="session")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Options:
    """A country of markers."""
    made = options(tmp_path_factory.mktemp("marked"), markers=True)
    generate(made)
    return made


@pytest.fixture
def fresh(right: Options, tmp_path: Path) -> Options:
    """A copy of the right country, to play events into."""
    out = tmp_path / "country"
    shutil.copytree(right.out, out)
    return options(out, people=1500, error_rate=0.0)
