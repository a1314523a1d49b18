"""Training with Splink: what comes out weighs as Splink does, and nothing of anybody touches a disk."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

import identity
from identity.comparisons import GIVEN_NAME, SURNAME
from identity.model import Figures, packed, read_model
from kindred.cli.verbs import main
from kindred.training import splink_training
from kindred.training.hub_model import model_of, task
from kindred.training.statements import Lists, read_statements
from simulator.linkage.writing import write

SEED = 811
SHIPPED = (Path(identity.__file__).parent / "models" / "kz-synthetic.json").read_bytes()
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Statements of a small country that the shipped model never saw."""
    folder = tmp_path_factory.mktemp("linkage")
    write(folder, people=700, seed=SEED, today=TODAY)
    return folder / "statements.ndjson"


@pytest.fixture(scope="module")
def lists(file: Path) -> Lists:
    return read_statements([file])


@pytest.fixture(scope="module")
def small(lists: Lists) -> Figures:
    """A model trained on it."""
    return model_of(lists, "small", 700, TODAY, pairs=100_000)


def test_ours_weighs_as_splink_predicts(lists: Lists) -> None:
    """The same pairs, the same figures: equal to 1e-6, pair by pair and comparison by comparison."""
    model = read_model(SHIPPED)
    given = task(lists, fewest=1)
    # The levels that Splink calls are the hub's own: those of the shipped model, known names included.
    given = splink_training.with_compare(given, dict(zip(given.compare, model.scale.compare, strict=True)))
    weights = {one.name: one for one in model.scale.weights}
    with splink_training.database() as connection:
        linker = splink_training.fixed(connection, given, weights, model.scale.prior)
        rows = linker.inference.predict().as_record_dict()
    records = [*lists.known, *lists.claims]
    assert len(rows) > 400
    seen = set()
    for row in rows:
        ours = model.scale.weigh(records[row["record_l"]], records[row["record_r"]])
        assert ours.weight == pytest.approx(row["match_weight"], abs=1e-6)
        assert ours.probability == pytest.approx(row["match_probability"], abs=1e-6)
        seen |= {(part.name, part.level) for part in ours.comparisons}
        for part, weigh in zip(ours.comparisons, model.scale.weights, strict=True):
            level = row[f"gamma_{part.name}"]
            assert part.level == ("not stated" if level == -1 else weigh.levels[len(weigh.levels) - 1 - level].label)
    assert {(SURNAME, "same"), (SURNAME, "other"), (GIVEN_NAME, "one or two slips"), ("place", "not stated")} <= seen


def test_training_finds_what_the_shipped_model_says(small: Figures) -> None:
    """Another country of the same kind: what agrees speaks for one person alike, what disagrees against."""
    ours, shipped = read_model(packed(small)).scale.weights, read_model(SHIPPED).scale.weights
    for one, other in zip(ours, shipped, strict=True):
        assert [level.label for level in one.levels] == [level.label for level in other.levels]
        assert one.levels[0].weight == pytest.approx(other.levels[0].weight, abs=5), one.name
        assert one.levels[0].weight > 0.5 and one.levels[-1].weight < 0, one.name


def test_a_rare_name_stands_in_no_model(lists: Lists, small: Figures) -> None:
    counts = Counter(one.surname for one in (*lists.known, *lists.claims))
    kept = small.comparisons[0].frequencies
    assert kept and all(counts[name] >= 20 for name in kept)
    assert any(0 < count < 20 for count in counts.values()), "every name is common: the test shows nothing"


def test_nothing_is_written_while_training(lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    model_of(lists, "small", 700, TODAY, pairs=50_000)
    assert list(tmp_path.rglob("*")) == []


def test_what_does_not_fit_fails_instead_of_spilling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: with a folder to spill into, the same query under the same limit writes files there."""
    monkeypatch.chdir(tmp_path)
    query = "SELECT count(*) FROM (SELECT DISTINCT range::VARCHAR || repeat('x', 200) AS name FROM range(3000000))"
    spill = tmp_path / "spill"
    with duckdb.connect(":memory:", config={"memory_limit": "100MB", "temp_directory": str(spill)}) as loose:
        seen: set[Path] = set()
        for _ in _while(loose, query):
            seen |= set(spill.rglob("*")) if spill.exists() else set()
        assert seen, "the query never spilled: the test shows nothing"
    with splink_training.database() as connection:
        assert connection.sql("SELECT current_setting('temp_directory')").fetchall() == [("",)]
        limit = connection.sql("SELECT current_setting('memory_limit')").fetchall()[0][0]
        assert limit == "953.6 MiB"
        connection.execute("SET memory_limit = '100MB'")
        with pytest.raises(duckdb.OutOfMemoryException):
            connection.execute(query)
    assert set(tmp_path.rglob("*")) <= {spill}


def _while(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[None]:
    """Looks while a query runs on another thread."""
    done = threading.Event()

    def run() -> None:
        try:
            connection.execute(query)
        finally:
            done.set()

    thread = threading.Thread(target=run)
    thread.start()
    while not done.wait(0.005):
        yield
    thread.join()


def test_the_verb_writes_a_model_that_the_hub_reads(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "model.json"
    with pytest.raises(SystemExit) as ended:
        main(["identity", "train", "--from", str(file), "--to", str(to), "--pairs", "50000", "--name", "mine"])
    assert ended.value.code == 0
    model = read_model(to.read_bytes())
    assert model.version in capsys.readouterr().out and model.version.startswith("mine-")


@pytest.mark.parametrize("content", ["", "{}\n", '{"list": "known"}\n', '{"list": "others", "surname": "Тайный"}\n'])
def test_a_file_of_another_form_is_refused_without_its_words(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "statements.ndjson"
    path.write_text(content)
    with pytest.raises(SystemExit) as ended:
        main(["identity", "train", "--from", str(path), "--to", str(tmp_path / "model.json")])
    told = capsys.readouterr()
    assert ended.value.code == 1 and "--from" in told.err and "Тайный" not in told.err + told.out


def test_splink_sees_numbers_alone(lists: Lists) -> None:
    """Every value in the tables that DuckDB is given is a number of ours."""
    with splink_training.database() as connection:
        names = splink_training.tables(connection, task(lists))
        values = itertools.chain.from_iterable(
            row for name in names for row in connection.execute(f"SELECT * FROM {name}").fetchall()
        )
        assert all(value is None or isinstance(value, int) for value in values)
