"""Splink with the settings that its own documentation publishes for FEBRL 3 and 4, without the national number.

docs/demos/examples/duckdb/febrl3 and febrl4 (the detailed model) of moj-analytical-services/splink; what rests on
soc_sec_id is left out: its comparison, its blocking rule, its deterministic rule. Committed before ours was tuned.
Besides the threshold of a half, the threshold that is best for Splink by the truth is measured too.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import duckdb
import splink.comparison_library as compare
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.linkage.febrl import FIELDS, Febrl, Pair, f1, pair

THRESHOLD = 0.5
"""Probability from which a pair counts as found."""
SEED = 2
_PAIRS = 1_000_000
_SWAPPED = "l.given_name = r.surname and l.surname = r.given_name"
_NAMES_AND_BIRTH = block_on("given_name", "surname", "date_of_birth")


def predict(data: Febrl) -> dict[Pair, float]:
    """Pair → Splink's probability, of every pair that its blocking rules compare."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect(":memory:", config={"temp_directory": ""})
    tables = [_table(connection, f"side_{n}", side, data) for n, side in enumerate(data.sides)]
    linker = _linker_3(tables, connection) if len(tables) == 1 else _linker_4(tables, connection)
    linker.training.estimate_u_using_random_sampling(max_pairs=_PAIRS, seed=SEED)
    for column in ("date_of_birth", "postcode"):
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(column), estimate_without_term_frequencies=len(tables) > 1
        )
    rows: list[dict[str, Any]] = linker.inference.predict().as_record_dict()
    return {pair(row["rec_id_l"], row["rec_id_r"]): row["match_probability"] for row in rows}


def at_threshold(data: Febrl, scored: dict[Pair, float]) -> tuple[float, float, float]:
    """Precision, recall and F1 at the threshold."""
    return f1({one for one, probability in scored.items() if probability >= THRESHOLD}, data.true_pairs())


def at_best(data: Febrl, scored: dict[Pair, float]) -> tuple[float, float, float]:
    """Precision, recall and F1 at the threshold that has the best F1, chosen by the truth."""
    true, right, best = data.true_pairs(), 0, (0.0, 0)
    ranked = sorted(scored, key=lambda one: scored[one], reverse=True)
    for count, one in enumerate(ranked, 1):
        right += one in true
        best = max(best, (2 * right / (count + len(true)), count))
    return f1(set(ranked[: best[1]]), true)


def _linker_3(tables: Sequence[str], connection: duckdb.DuckDBPyConnection) -> Any:
    settings = SettingsCreator(
        unique_id_column_name="rec_id",
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on("given_name"),
            block_on("surname"),
            block_on("date_of_birth"),
            block_on("postcode"),
        ],
        comparisons=[
            compare.NameComparison("given_name"),
            compare.NameComparison("surname"),
            compare.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            compare.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            compare.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
    )
    linker = Linker(list(tables), settings, DuckDBAPI(connection=connection))
    rules: list[Any] = [_NAMES_AND_BIRTH, f"{_SWAPPED} and l.date_of_birth = r.date_of_birth"]
    linker.training.estimate_probability_two_random_records_match(rules, recall=0.9)
    return linker


def _linker_4(tables: Sequence[str], connection: duckdb.DuckDBPyConnection) -> Any:
    rules: list[Any] = [
        block_on("given_name", "surname"),
        _SWAPPED,
        block_on("date_of_birth"),
        block_on("state", "address_1"),
        block_on("street_number", "address_1"),
        block_on("postcode"),
    ]
    settings = SettingsCreator(
        unique_id_column_name="rec_id",
        link_type="link_only",
        blocking_rules_to_generate_predictions=rules,
        comparisons=[
            compare.NameComparison("given_name").configure(term_frequency_adjustments=True),
            compare.NameComparison("surname").configure(term_frequency_adjustments=True),
            compare.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
            ),
            compare.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            compare.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        ],
    )
    linker = Linker(list(tables), settings, DuckDBAPI(connection=connection))
    linker.training.estimate_probability_two_random_records_match([_NAMES_AND_BIRTH], recall=0.8)
    return linker


def _table(connection: duckdb.DuckDBPyConnection, name: str, ids: Sequence[str], data: Febrl) -> str:
    """The records of a side as a table; what is not stated is null."""
    columns = ("rec_id", *FIELDS)
    connection.execute(f"CREATE TABLE {name} ({', '.join(f'{column} VARCHAR' for column in columns)})")
    rows = [[one, *(data.records[one][field] or None for field in FIELDS)] for one in ids]
    connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", rows)  # noqa: S608 - ours
    return name
