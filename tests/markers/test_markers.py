"""For random documents, the markers in the answer's bytes and the entry's (subject, category, field) set are one.

Markers are values that stand at one place in the whole world: names, texts, amounts, national ids, and the dates that
only one (person, category, field) has. What is not unique (sex, regions, roles, years, most dates) is compared by its
name in the answer. An entry names a permitted field that is empty; what it names beyond the answer must be empty in the
graph, or be told by a list's being a list: that a member belongs to the household, that kin are kin.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.markers.capacities import ROLES, Capacity
from tests.markers.documents import questions
from tests.markers.exactness import Tally, check
from tests.markers.places import Places
from tests.markers.town import Town

EXAMPLES = 25
NEVER_SHOWN = {
    "caseworker": {"conditions"},
    "benefits_officer": {"conditions", "residence", "civil_status", "clinic", "kinship"},
    "investigator": {"conditions", "income", "employment", "health_cover", "clinic", "disability"},
    "dv_unit": {"conditions", "income", "employment", "civil_status", "clinic", "disability"},
    "family_member": {"contact"},
    "identity_steward": {"residence", "income", "membership", "kinship", "conditions", "contact"},
}


@pytest.mark.parametrize("role", ROLES)
def test_an_entry_names_exactly_what_its_answer_told(
    role: str, marked: Town, world: Places, askers: dict[str, Capacity]
) -> None:
    who, tally = askers[role], Tally()

    # No shrinking: a whole hub is asked each time, and documents are short as they are.
    @settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.data())
    def ask(data: Any) -> None:
        question = data.draw(questions(who))
        found = check(question, marked, world, who, tally)
        if question.pages and found.cursors:
            picked = {name: data.draw(st.sampled_from(found.cursors)) for name in ("c0", "c1")}
            check(question.after(picked), marked, world, who, tally)

    ask()
    assert tally.refused < EXAMPLES / 4 < tally.questions, tally
    assert tally.markers > 15, tally
    assert len(tally.places) >= 8, tally
    assert not {category for category, _ in tally.places} & NEVER_SHOWN[role]
