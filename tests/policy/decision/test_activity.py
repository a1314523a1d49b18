"""Activity files: the shipped ones say what was agreed, and a doubtful one keeps the hub from starting."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from domain.errors import Broken
from domain.principals import RoleName
from domain.records.category import Detail
from domain.texts import Language
from policy.activity import ACTIVITIES, Activity, RootRead, load_activities, parse_activity

SHIPPED = sorted(path.stem for path in ACTIVITIES.glob("*.yaml"))
CARD = (ACTIVITIES / "family-card-review.yaml").read_text(encoding="utf-8")


NAME_LINE = "  name: {detail: full, reach: region}"


CLEARED = "protected-identity-stewardship"


def _parse(text: str) -> Activity:
    return parse_activity("family-card-review", text.encode())


def test_every_role_has_an_activity(activities: Mapping[str, Activity]) -> None:
    assert {activity.role for activity in activities.values()} == set(RoleName)
    assert list(activities) == SHIPPED == sorted(SHIPPED)


def test_who_needs_what(activities: Mapping[str, Activity]) -> None:
    assert {n for n, a in activities.items() if a.requires.case} == {
        "family-card-review", "benefit-eligibility", "child-protection", "dv-response",
    }  # fmt: skip
    assert {n for n, a in activities.items() if a.requires.warrant} == {"child-protection"}
    assert {n for n, a in activities.items() if a.protective} == {"dv-response", CLEARED}
    assert {n for n, a in activities.items() if a.quiet} == {"child-protection", "dv-response", CLEARED}
    assert {n for n, a in activities.items() if RootRead.ACCESS_LOG in a.acts} == {"log-review"}
    assert {n for n, a in activities.items() if RootRead.MY_ACCESS_LOG in a.acts} == {"subject-access"}


def test_benefits_officers_see_sums_and_dates_in_coarse_form(activities: Mapping[str, Activity]) -> None:
    lines = activities["benefit-eligibility"].categories
    assert {name for name, line in lines.items() if line.detail is Detail.FULL} == {"name", "membership"}
    assert {name for name, line in lines.items() if line.detail is Detail.COARSE} == {
        "identity", "income", "employment", "disability", "health_cover",
    }  # fmt: skip


def test_no_officer_is_shown_the_secret_category(activities: Mapping[str, Activity]) -> None:
    assert [name for name, a in activities.items() if "conditions" in a.categories] == ["subject-access"]


def test_every_text_has_a_key_of_its_own(activities: Mapping[str, Activity]) -> None:
    keys = [text.key for a in activities.values() for text in (a.title, a.description)]
    assert len(set(keys)) == len(keys)
    for activity in activities.values():
        for text in (activity.title, activity.description):
            told = {language: text.told(language) for language in Language}
            assert all(told.values()) and len(set(told.values())) == len(Language)
            assert not any(told[spoken].isascii() for spoken in (Language.KK, Language.RU))
        assert activity.basis and activity.retention and activity.controllers and activity.recipients
        assert activity.broader.startswith("https://w3id.org/dpv#")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("quiet: false", "quiet: false\nsecret: true"),
        ("quiet: false", ""),
        ("quiet: false", "quiet: 'no'"),
        ("activity: family-card-review", "activity: family-card"),
        ("role: caseworker", "role: president"),
        ("  name: {detail: full", "  fingerprints: {detail: full"),
        ("  name: {detail: full", "  access_log: {detail: full"),
        (NAME_LINE, "  name: {detail: none, reach: region}"),
        (NAME_LINE, "  name: {detail: full, reach: walk}"),
        (NAME_LINE, "  name: {detail: full, reach: account}"),
        (NAME_LINE, "  name: {detail: full, reach: region, locating: true}"),
        (NAME_LINE, "  name: {detail: full, reach: case}\n" + NAME_LINE),
        ("know: region", "know: case"),
        ("know: region", "know: everyone"),
        ("know: region", "know: account"),
        ("case: true, warrant: false", "case: false, warrant: false"),
        ("case: true, warrant: false", "case: true, warrant: true"),
        ("case: true, warrant: false", "case: false, warrant: true"),
        ("acts: [me,", "acts: [me, me,"),
        ("acts: [me,", "acts: [me, my_access_log,"),
        ("acts: [me,", "acts: [me, everything,"),
        ("role: caseworker", "role: family_member"),
    ],
)  # fmt: skip
def test_a_doubtful_file_is_refused(old: str, new: str) -> None:
    assert _parse(CARD).name == "family-card-review"
    assert old in CARD
    with pytest.raises(Broken):
        _parse(CARD.replace(old, new))


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"\xff", b"a: &a [*a]", b"x" * 100_000, b"!!python/object:os.system {}"]
)
def test_rubbish_is_refused(content: bytes) -> None:
    with pytest.raises(Broken):
        parse_activity("rubbish", content)


def test_an_account_can_be_neither_quiet_nor_protective() -> None:
    text = (ACTIVITIES / "subject-access.yaml").read_text(encoding="utf-8")
    for old, new in (("quiet: false", "quiet: true"), ("cleared: false", "cleared: true")):
        with pytest.raises(Broken):
            parse_activity("subject-access", text.replace(old, new).encode())


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Broken):
        load_activities(tmp_path)
