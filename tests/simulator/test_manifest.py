"""What is written: the same for the same options, with every mistake listed, at the stated rates."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from simulator import iin
from simulator.country.generating import generate
from simulator.country.options import Options
from simulator.country.store import Store
from simulator.errors import rates
from tests.simulator.countries import by_stream, lines, options

FILES = ("manifest.ndjson", "world.ndjson", "sample.json", "index/civil.idx", "index/casework.idx")
SIGNATURE = re.compile(rb'("jws":"[\w-]+\.[\w-]+)\.[\w-]{86}"')


def _digests(country: Options) -> list[str]:
    """Of each file, but for the signatures of documents, which have a random part."""
    raw = [SIGNATURE.sub(rb"\1", (country.out / name).read_bytes()) for name in FILES]
    return [hashlib.sha256(text).hexdigest() for text in raw]


def test_equal_options_give_equal_files(tmp_path: Path) -> None:
    one, two, other = (options(tmp_path / n, seed=s) for n, s in (("a", 5), ("b", 5), ("c", 6)))
    for country in (one, two, other):
        generate(country)
    assert _digests(one) == _digests(two)
    assert all(a != b for a, b in zip(_digests(one), _digests(other), strict=True))
    manifest = one.files().manifest.read_bytes()
    keys = one.files().public_keys.read_bytes()
    generate(one)
    assert len(SIGNATURE.findall(manifest)) > 5
    assert one.files().public_keys.read_bytes() == keys
    assert SIGNATURE.sub(b"", one.files().manifest.read_bytes()) == SIGNATURE.sub(b"", manifest)
    secret = one.files().credentials
    assert secret.stat().st_mode & 0o777 == 0o600
    assert one.files().private_keys.stat().st_mode & 0o777 == 0o600
    assert b'"d"' not in one.files().public_keys.read_bytes()


def test_more_people_do_not_change_the_first(tmp_path: Path, wrong: Options) -> None:
    small = options(tmp_path / "small")
    generate(small)
    people = lines(small.files().world)
    assert lines(wrong.files().world)[: len(people)] == people


def test_the_store_reads_what_the_manifest_says(wrong: Options) -> None:
    store = Store(wrong)
    for name, expected in by_stream(lines(wrong.files().manifest)).items():
        assert store.count(name) == len(expected)
        assert [line["position"] for line in expected] == list(range(len(expected)))
        assert [orjson.loads(row) for row in store.page(name, 0, len(expected))] == [e["row"] for e in expected]
    store.close()


def _record(line: dict[str, Any]) -> tuple[str, int]:
    row = line["row"]
    name = row.get("recordId") or row.get("act_no") or row["id"]
    return name, int(row["version"] if "version" in row else row["meta"]["versionId"])


def _evidence(agency: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row without what tells its place in the sequence."""
    return {k: v for k, v in row.items() if k not in ("changedAt", "changed_at", "updated_at", "change_seq", "meta")}


def test_a_row_differs_from_the_truth_exactly_if_an_error_says_so(wrong: Options, right: Options) -> None:
    truth = by_stream(lines(right.files().manifest))
    seen = spoiled = 0
    for name, served in by_stream(lines(wrong.files().manifest)).items():
        if name == "casework":
            continue
        true = {_record(line)[0]: line for line in truth[name]}
        for line in served:
            record, version = _record(line)
            expected = dict(true[record]["row"])
            row = dict(line["row"])
            if "version" in row:
                expected["version"] = version
            told = [e for e in line["errors"] if e["kind"] not in ("late", "duplicated")]
            same = _evidence(name, row) == _evidence(name, expected)
            seen += 1
            spoiled += bool(told)
            assert same == (not told), (name, record, told)
            assert line["truth"] == true[record]["truth"]
    assert seen > 8_000
    assert spoiled > 1000


def test_a_clean_country_has_no_errors(right: Options) -> None:
    assert not any(line["errors"] for line in lines(right.files().manifest))


def test_errors_occur_at_their_rates(wrong: Options) -> None:
    served = by_stream(lines(wrong.files().manifest))
    patients = served["health-Patient"]
    for kind in ("typo", "transliteration", "missing_id", "missing_patronymic"):
        share = sum(any(e["kind"] == kind for e in line["errors"]) for line in patients) / len(patients)
        assert share == pytest.approx(3 * rates.EVIDENCE["health"][kind], rel=0.4)
    for name in ("population", "civil", "tax", "health-Patient"):
        every = served[name]
        late = sum(any(e["kind"] == "late" for e in line["errors"]) for line in every) / len(every)
        twice = sum(any(e["kind"] == "duplicated" for e in line["errors"]) for line in every) / len(every)
        assert late == pytest.approx(3 * rates.LATE, rel=0.4)
        assert twice == pytest.approx(3 * rates.DUPLICATED, rel=0.5)


def test_every_kind_of_error_occurs(wrong: Options) -> None:
    kinds = {e["kind"] for line in lines(wrong.files().manifest) for e in line["errors"]}
    stated = {kind for agency in rates.EVIDENCE.values() for kind in agency}
    assert kinds >= stated - {"impossible_birth_date"}
    assert kinds >= {"late", "duplicated", "contradictory", "death_unknown"}


def test_wrong_ids_are_of_others_of_nobody_or_invalid_as_listed(wrong: Options) -> None:
    owner = {p["iin"]: p["id"] for p in lines(wrong.files().world) if p["kind"] == "person"}
    found: dict[str, int] = {}
    for line in by_stream(lines(wrong.files().manifest))["health-Patient"]:
        for error in line["errors"]:
            if not error["kind"].startswith("iin_"):
                continue
            value = line["row"]["identifier"][0]["value"]
            me = line["truth"][error["person"]]
            found[error["kind"]] = found.get(error["kind"], 0) + 1
            if error["kind"] == "iin_of_another":
                assert owner[value] == error["of"] != me
            elif error["kind"] == "iin_of_nobody":
                assert iin.valid(value)
                assert value not in owner
            else:
                assert iin.valid(value) == error["valid"]
                assert owner.get(value) != me
    assert set(found) >= {"iin_of_another", "iin_of_nobody", "iin_one_digit", "iin_one_digit_passing"}


def test_repeats_are_byte_for_byte_and_versions_follow(wrong: Options) -> None:
    for name, served in by_stream(lines(wrong.files().manifest)).items():
        first: dict[tuple[str, int], dict[str, Any]] = {}
        for line in served:
            record, version = _record(line)
            repeated = any(e["kind"] == "duplicated" for e in line["errors"])
            assert repeated == ((record, version) in first), name
            if repeated:
                assert line["row"] == first[record, version]
            elif version > 1:
                assert (record, version - 1) in first
            first.setdefault((record, version), line["row"])


def test_orders_that_the_protocols_promise(wrong: Options) -> None:
    served = by_stream(lines(wrong.files().manifest))
    sequence = [line["row"]["change_seq"] for line in served["civil"]]
    assert sequence == sorted(sequence)
    for name in ("health-Patient", "health-Coverage", "health-Condition"):
        keys = [(line["row"]["meta"]["lastUpdated"], line["row"]["id"]) for line in served[name]]
        assert keys == sorted(keys)
