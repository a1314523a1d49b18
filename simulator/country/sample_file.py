"""sample.json and the sample's signed cases, once the first four blocks are there."""

from __future__ import annotations

from typing import Any

from simulator.agencies import casework
from simulator.agencies.draft import Draft
from simulator.chance import stream
from simulator.country import sample
from simulator.country.options import Options
from simulator.iin import nobodys
from simulator.numbering import number
from simulator.world.block import SAMPLE_REGION
from simulator.world.model import Block

_AGENCY = {
    "caseworker": "support-centre", "benefits_officer": "benefits-office", "investigator": "child-protection",
    "dv_unit": "dv-unit", "privacy_officer": "data-protection",
}  # fmt: skip
#: case → (officer, activity, event, key within the keys that no home has)
_CASES = {
    "caseworker": ("caseworker", "family-card-review", "family_request", 4_990_001),
    "benefits_officer": ("benefits_officer", "benefit-eligibility", "family_request", 4_990_002),
    "investigator": ("investigator", "child-protection", "court_order", 4_990_003),
    "investigator_without_warrant": ("investigator", "child-protection", "incident_report", 4_990_004),
    "dv_unit": ("dv_unit", "dv-response", "incident_report", 4_990_005),
}


class Sample:
    """Collects the sample people block by block."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._people: dict[str, list[dict[str, str]]] = {}
        self._numbers: dict[str, list[int]] = {}
        self._blocks: dict[str, Block] = {}

    def add(self, block: Block) -> None:
        """Take the sample people of one of the first blocks."""
        for name, people in sample.choose(block).items():
            self._people[name] = [{"iin": block.people[n].iin, "recordId": number("PR", block.key(n))} for n in people]
            self._numbers[name], self._blocks[name] = people, block

    def documents(self) -> list[Draft]:
        """The sample's cases and the investigator's warrant."""
        today = self._options.today.toordinal()
        found = []
        subjects = {
            "caseworker": "members", "benefits_officer": "benefits", "investigator": "investigated",
            "investigator_without_warrant": "without_warrant", "dv_unit": "protected",
        }  # fmt: skip
        for case, (officer, activity, event, key) in _CASES.items():
            of = subjects[case]
            block, people = self._blocks[of], tuple(self._numbers[of])
            named = [casework.subject(block, n) for n in people]
            document = casework.case_document(
                number("CASE", key), activity, _agency(officer), _unit(officer), SAMPLE_REGION, [_actor(officer)],
                named, today - 20, today + 345, event,
            )  # fmt: skip
            found.append(casework.draft(key, 0, people, document))
            if case == "investigator":
                warrant = casework.warrant_document(
                    number("WARRANT", key), number("CASE", key), named, today - 19, today + 161
                )
                found.append(casework.draft(key, 1, people, warrant))
        return found

    def truth(self, draft: Draft) -> dict[str, str]:
        """The true people of a sample document; its subjects may lie in any of the first blocks."""
        for of, block in self._blocks.items():
            if tuple(self._numbers[of]) == draft.people:
                return {number("PR", block.key(n)): block.true_id(n) for n in draft.people}
        raise LookupError("not a document of the sample")

    def file(self) -> dict[str, Any]:
        """The content of sample.json."""
        rng = stream(self._options.seed, "nobody")
        nobody = nobodys(rng, self._options.today.replace(year=1984, month=5, day=17), "F")
        one = {name: people[0] for name, people in self._people.items() if people}
        return {
            "officers": {
                name: {
                    "actor": _actor(name), "agency": _agency(name), "unit": _unit(name), "region": SAMPLE_REGION,
                    "iin": one[name]["iin"], "recordId": one[name]["recordId"],
                }
                for name in sample.OFFICERS
            },
            "family_member": one["wife"],
            "cases": {case: number("CASE", key) for case, (_, _, _, key) in _CASES.items()},
            "people": {
                "own_region": one["own_region"], "other_region": one["other_region"], "protected": one["protected"],
                "nobody": {"iin": nobody},
            },
            "family": {"head": one["head"], "spouse": one["spouse"], "children": self._people["children"]},
            "investigated": one["investigated"],
        }  # fmt: skip


def _actor(officer: str) -> str:
    return f"officer-{officer.replace('_', '-')}"


def _agency(officer: str) -> str:
    return f"{_AGENCY[officer]}-{SAMPLE_REGION}"


def _unit(officer: str) -> str:
    return f"unit-{_AGENCY[officer]}-1"
