"""m and u of comparisons by Splink: u from random pairs, m by expectation maximisation over blocked pairs.

Splink sees no value of anybody. DuckDB holds a number for each record and for each group of records that agree in what
pairs are blocked on; the levels are worked out by the very functions that the hub scores with, called from DuckDB with
two numbers. It runs in memory (`:memory:`), with its memory bounded and no folder to spill into.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

import duckdb
from splink import DuckDBAPI, Linker

from identity.weighing import NOT_STATED, Compare, Level, Weights

R = TypeVar("R")
MEMORY_LIMIT = "1GB"
_EXPECTED_PAIRS = 0.5
"""A level that was never met counts as if half a pair had met it."""
_LEAST = 1e-6
_GIVEN_TOO: Any = "special"
"""DuckDB's word for: a function is called with nulls too."""


@dataclass(frozen=True, slots=True)
class Task(Generic[R]):
    """What to train. `sides`: one list whose records are linked with each other, or two that are linked.

    `columns`: name → what two records may share (None: nothing). Each round of `rounds` names the columns that the
    pairs it trains on share; comparisons that rest on one of them (`uses`) sit that round out. `sure`: columns that few
    pairs but those of one person share, and `recall`: how many of these do; Splink works the prior out of it.
    `levels`: comparison → its words, best first. `terms`: comparison → the term of a record whose frequency counts;
    those that fewer than `fewest` bear are left out. `pairs`: how many random pairs tell u.
    """

    sides: tuple[Sequence[R], ...]
    compare: Mapping[str, Compare[R]]
    levels: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, Callable[[R], str | None]]
    uses: Mapping[str, tuple[str, ...]]
    rounds: tuple[tuple[str, ...], ...]
    sure: tuple[str, ...]
    recall: float
    terms: Mapping[str, Callable[[R], str | None]] = field(default_factory=dict)
    fewest: int = 1
    decisive: frozenset[str] = frozenset()
    pairs: int = 1_000_000
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Trained:
    """What came out: weights in the order of the comparisons, and the share of random pairs that are one person."""

    weights: tuple[Weights, ...]
    prior: float


def train(task: Task[R]) -> Trained:
    """Train. The same task gives the same figures to the last few digits (sums are made in chance order)."""
    with database() as connection, _quiet():
        linker = _linker(connection, task)
        linker.training.estimate_probability_two_random_records_match([_sharing(task.sure)], task.recall)
        linker.training.estimate_u_using_random_sampling(max_pairs=task.pairs, seed=task.seed)
        for shared in task.rounds:
            linker.training.estimate_parameters_using_expectation_maximisation(_sharing(shared))
        found = linker.misc.save_model_to_json()
    records = [record for side in task.sides for record in side]
    weights = tuple(_weights(task, records, one) for one in found["comparisons"])
    return Trained(weights, float(found["probability_two_random_records_match"]))


def _sharing(columns: tuple[str, ...]) -> str:
    return " AND ".join(f"l.{column} = r.{column}" for column in columns)


@contextlib.contextmanager
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory alone: nothing may spill, and what does not fit fails."""
    connection = duckdb.connect(":memory:", config={"temp_directory": "", "memory_limit": MEMORY_LIMIT, "threads": 1})
    try:
        yield connection
    finally:
        connection.close()


def functions(connection: duckdb.DuckDBPyConnection, task: Task[R]) -> None:
    """Give DuckDB a function `level_<comparison>(record, record, …)` for each comparison.

    What comes after the two numbers are the columns that the comparison rests on: only Splink looks at them.
    """
    records = [record for side in task.sides for record in side]
    for name, compare in task.compare.items():
        given: list[Any] = ["INTEGER"] * (2 + 2 * len(task.uses[name]))
        connection.create_function(
            f"level_{name}", _level(records, compare, len(given)), given, "INTEGER", null_handling=_GIVEN_TOO
        )


def _level(records: Sequence[R], compare: Compare[R], given: int) -> Callable[..., int]:
    def level2(one: int, other: int) -> int:
        return compare.level(records[one], records[other])

    def level4(one: int, other: int, _a: int | None, _b: int | None) -> int:
        return compare.level(records[one], records[other])

    def level6(one: int, other: int, _a: int | None, _b: int | None, _c: int | None, _d: int | None) -> int:
        return compare.level(records[one], records[other])

    made: dict[int, Callable[..., int]] = {2: level2, 4: level4, 6: level6}
    return made[given]


def tables(connection: duckdb.DuckDBPyConnection, task: Task[R]) -> list[str]:
    """Make a table a side: numbers of records, groups and terms."""
    columns = [*task.columns, *(f"term_{name}" for name in task.terms)]
    tell = [*task.columns.values(), *task.terms.values()]
    numbers: list[dict[str, int]] = [{} for _ in columns]
    names, record = [], 0
    for at, side in enumerate(task.sides):
        names.append(f"side_{at}")
        told = "".join(f", {column} INTEGER" for column in columns)
        connection.execute(f"CREATE TABLE side_{at} (record INTEGER{told})")
        rows = []
        for one in side:
            groups = [_number(numbers[n], read(one)) for n, read in enumerate(tell)]
            rows.append((record, *groups))
            record += 1
        _insert(connection, f"side_{at}", rows)
    return names


def _number(numbers: dict[str, int], text: str | None) -> int | None:
    return None if text is None else numbers.setdefault(text, len(numbers))


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[int | None, ...]]) -> None:
    for start in range(0, len(rows), 500):
        chunk = rows[start : start + 500]
        values = ",".join("(" + ",".join("NULL" if v is None else str(v) for v in row) + ")" for row in chunk)
        connection.execute(f"INSERT INTO {table} VALUES {values}")  # noqa: S608 - numbers alone


def settings(task: Task[R], weights: Mapping[str, Weights] | None = None, prior: float = 0.0001) -> dict[str, Any]:
    """Splink's settings for the task: untrained, or with the figures of `weights`."""
    return {
        "link_type": "dedupe_only" if len(task.sides) == 1 else "link_only",
        "unique_id_column_name": "record",
        "probability_two_random_records_match": prior,
        "blocking_rules_to_generate_predictions": [_sharing(shared) for shared in task.rounds],
        "comparisons": [_comparison(task, name, (weights or {}).get(name)) for name in task.compare],
        "retain_intermediate_calculation_columns": True,
    }


def _comparison(task: Task[R], name: str, weights: Weights | None) -> dict[str, Any]:
    given = ["record_l", "record_r", *(f"{column}_{side}" for column in task.uses[name] for side in "lr")]
    call = f"level_{name}({', '.join(given)})"
    told: list[dict[str, Any]] = [
        {"sql_condition": f"{call} = {NOT_STATED}", "label_for_charts": "not stated", "is_null_level": True}
    ]
    words = task.levels[name]
    for at, word in enumerate(words):
        last = at == len(words) - 1
        level: dict[str, Any] = {"sql_condition": "ELSE" if last else f"{call} = {at}", "label_for_charts": word}
        if weights is not None:
            level |= {"m_probability": weights.levels[at].m, "u_probability": weights.levels[at].u}
        if at == 0 and name in task.terms and weights is not None:
            level |= {
                "tf_adjustment_column": f"term_{name}",
                "tf_adjustment_weight": 1.0,
                "disable_tf_exact_match_detection": True,
            }
        told.append(level)
    return {"output_column_name": name, "comparison_levels": told}


def _linker(connection: duckdb.DuckDBPyConnection, task: Task[R]) -> Any:
    functions(connection, task)
    return Linker(tables(connection, task), settings(task), DuckDBAPI(connection=connection))


def _weights(task: Task[R], records: Sequence[R], found: Mapping[str, Any]) -> Weights:
    name = found["output_column_name"]
    stated = [level for level in found["comparison_levels"] if not level.get("is_null_level")]
    least = _EXPECTED_PAIRS / task.pairs
    levels = tuple(
        Level(word, _probability(level.get("m_probability"), least), _probability(level.get("u_probability"), least))
        for word, level in zip(task.levels[name], stated, strict=True)
    )
    shares, floor = _frequencies(task, records, name)
    return Weights(name, levels, shares, floor, name in task.decisive)


def _probability(found: float | None, least: float) -> float:
    return min(max(found if isinstance(found, float) else least, least, _LEAST), 1.0)


def _frequencies(task: Task[R], records: Sequence[R], name: str) -> tuple[dict[str, float], float]:
    """Shares of the terms that at least `fewest` records bear, so that nobody stands in a model by a rare name."""
    tell = task.terms.get(name)
    if tell is None:
        return {}, 0.0
    counts: dict[str, int] = {}
    for record in records:
        term = tell(record)
        if term is not None:
            counts[term] = counts.get(term, 0) + 1
    total = sum(counts.values())
    kept = {term: round(count / total, 6) for term, count in sorted(counts.items()) if count >= task.fewest}
    return kept, max(task.fewest / 2, 1.0) / total


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Splink's progress on standard error says nothing that is needed here."""
    log, nowhere = logging.getLogger("splink"), logging.NullHandler()
    before = log.propagate
    log.propagate = False
    log.addHandler(nowhere)
    try:
        yield
    finally:
        log.removeHandler(nowhere)
        log.propagate = before


def with_compare(task: Task[R], compare: Mapping[str, Compare[R]]) -> Task[R]:
    """The same task with comparisons made otherwise."""
    return replace(task, compare=compare)


def fixed(connection: duckdb.DuckDBPyConnection, task: Task[R], weights: Mapping[str, Weights], prior: float) -> Any:
    """A linker with the figures of a model: what it predicts is what the model's own scale says."""
    functions(connection, task)
    names = tables(connection, task)
    linker = Linker(names, settings(task, weights, prior), DuckDBAPI(connection=connection))
    for name, tell in task.terms.items():
        terms = _terms(task, tell)
        connection.execute(f"CREATE TABLE share_{name} (term_{name} INTEGER, tf_term_{name} DOUBLE)")
        shares = [(number, weights[name].frequency((term, term))) for term, number in terms.items()]
        connection.executemany(f"INSERT INTO share_{name} VALUES (?, ?)", shares)  # noqa: S608 - our own names
        tables_of: Any = linker.table_management
        tables_of.register_term_frequency_lookup(f"share_{name}", f"term_{name}")
    return linker


def _terms(task: Task[R], tell: Callable[[R], str | None]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for side in task.sides:
        for record in side:
            _number(numbers, tell(record))
    return numbers
