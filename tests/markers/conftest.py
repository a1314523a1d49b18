"""One marker country for all tests of this folder, pulled once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.markers.capacities import ROLES, Capacity, capacity
from tests.markers.places import Places, places
from tests.markers.town import Town, town


@pytest.fixture(scope="package")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The country and its hub. Tests may ask, never change what is known."""
    with town(tmp_path_factory.mktemp("marked")) as built:
        yield built


@pytest.fixture(scope="package")
def world(marked: Town) -> Places:
    """Where each of its values belongs."""
    return marked.run(places(marked.hub))


@pytest.fixture(scope="package")
def askers(marked: Town, world: Places) -> dict[str, Capacity]:
    """Who asks, by role."""
    return {role: marked.run(capacity(marked.hub, marked.country, world, role)) for role in ROLES}
