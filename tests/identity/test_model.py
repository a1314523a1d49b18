"""A model file: what is read is what was written, and what cannot weigh is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

import identity
from domain.errors import Invalid
from identity.describing import described
from identity.model import packed, read_model

SHIPPED = (Path(identity.__file__).parent / "models" / "kz-synthetic.json").read_bytes()


def test_the_shipped_model_is_whole() -> None:
    model = read_model(SHIPPED)
    assert packed(model.figures) == SHIPPED
    assert model.version.startswith("kz-synthetic-")
    assert {"date", "seed", "on", "splink", "for_people"} <= model.figures.trained.keys()


def test_another_content_is_another_version() -> None:
    changed = SHIPPED.replace(b'"margin": 6.0', b'"margin": 6.5')
    assert changed != SHIPPED and read_model(changed).version != read_model(SHIPPED).version


def test_a_match_is_explained_by_its_parts() -> None:
    """The weight is the prior's and the comparisons' together, and no value of anybody stands in it."""
    scale = read_model(SHIPPED).scale
    one = described("Ахметова", "Айгүл", "Серікқызы", None, "1984-03-12", "F")
    told = scale.weigh(one, described("Akhmetova", "Aigul", None, None, "1984-12-03", "F"))
    alone = scale.weigh(one, described(None, None))
    assert told.weight == pytest.approx(alone.weight + sum(part.weight for part in told.comparisons))
    assert {part.level for part in alone.comparisons} == {"not stated"}
    assert [part.level for part in told.comparisons][:2] == ["same", "same"]
    assert told.probability > 0.9 > alone.probability and not told.contradicted
    assert "1984" not in repr(told) and "aigul" not in repr(told)


def test_a_common_name_weighs_less_than_a_rare_one() -> None:
    model = read_model(SHIPPED)
    shares = model.figures.comparisons[1].frequencies
    common = max(shares, key=lambda name: shares[name])
    weights = [
        model.scale.weigh(described("Ким", name), described("Ким", name)).comparisons[1].weight
        for name in (common, "Бибіфатима")
    ]
    assert weights[0] + 2 < weights[1]


def test_a_twin_contradicts() -> None:
    """Surname, father, birth date and house agree, the given name does not: no sum of weights may match them."""
    one = described("Ким", "Асқар", "Болатұлы", None, "2001-01-01", "M")
    told = read_model(SHIPPED).scale.weigh(one, described("Ким", "Данияр", "Болатұлы", None, "2001-01-01", "M"))
    assert told.contradicted


def _without(figures: dict[str, Any], *path: Any, value: Any = None) -> bytes:
    at = figures
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return msgspec.json.encode(figures)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("prior",), 1.0),
        (("comparisons", 0), None),
        (("comparisons", 0, "levels", 0), None),
        (("comparisons", 0, "levels", 0, "u"), 0.0),
        (("comparisons", 0, "floor"), 0.0),
        (("thresholds",), None),
        (("more",), 1),
    ],
)
def test_what_cannot_weigh_is_refused(path: tuple[Any, ...], value: Any) -> None:
    with pytest.raises(Invalid):
        read_model(_without(msgspec.json.decode(SHIPPED), *path, value=value))
    with pytest.raises(Invalid):
        read_model(b"{")
