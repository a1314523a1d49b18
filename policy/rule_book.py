"""The rule book: the Cedar files of a folder, read and validated once at start."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import cedarpy

from domain.errors import Broken

RULES = Path(__file__).parent / "rules"
FILES = ("never.cedar", "unless_overridden.cedar")
SCHEMA = "kindred.cedarschema"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `key` is its place in the set as Cedar's diagnostics name it, `id` its own name in the file."""

    key: str
    id: str
    permits: bool
    basis: str
    obligation: str


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules with the schema they were validated against. `content`: what the policy's hash is made over."""

    policies: cedarpy.PolicySet
    schema: cedarpy.Schema
    rules: Mapping[str, Rule]
    content: bytes

    def ids(self, keys: list[str]) -> tuple[str, ...]:
        """The rules' own names, in the order of the book, for the keys that a diagnostic lists."""
        return tuple(rule.id for key, rule in self.rules.items() if key in keys)


def load_rule_book(folder: Path = RULES) -> RuleBook:
    """Read the rules of a folder. Raises Broken if they do not parse, do not fit the schema or lack an annotation."""
    texts = [(folder / name).read_text(encoding="utf-8") for name in FILES]
    schema_text = (folder / SCHEMA).read_text(encoding="utf-8")
    policies_text = "\n".join(texts)
    try:
        schema = cedarpy.Schema.from_str(schema_text)
        policies = cedarpy.PolicySet.from_str(policies_text)
        faults = cedarpy.validate_policies(policies_text, schema).errors
        described = json.loads(cedarpy.policies_to_json_str(policies_text))
    except ValueError as error:
        raise Broken(cause=f"rules do not parse: {error}") from error
    if faults:
        raise Broken(cause="rules do not fit the schema: " + "; ".join(str(f) for f in faults))
    content = "\0".join([*texts, schema_text]).encode()
    return RuleBook(policies, schema, _rules(described), content)


def _rules(described: dict[str, dict[str, dict[str, object]]]) -> Mapping[str, Rule]:
    """The rules by key, from Cedar's own JSON. Raises Broken on templates, doubled ids or more than one permit."""
    if described["templates"]:
        raise Broken(cause="rules hold a template")
    rules = {key: _rule(key, body) for key, body in sorted(described["staticPolicies"].items(), key=_place)}
    if len({rule.id for rule in rules.values()}) != len(rules):
        raise Broken(cause="two rules share an id")
    if sum(rule.permits for rule in rules.values()) != 1:
        raise Broken(cause="the rules hold not exactly one permit")
    return MappingProxyType(rules)


def _place(item: tuple[str, object]) -> int:
    """Where a rule stands in the book: Cedar numbers them `policy0`, `policy1`, …"""
    return int(item[0].removeprefix("policy"))


def _rule(key: str, body: dict[str, object]) -> Rule:
    notes = body.get("annotations")
    if not isinstance(notes, dict) or not all(notes.get(name) for name in ("id", "basis", "obligation")):
        raise Broken(cause=f"{key} lacks @id, @basis or @obligation")
    return Rule(key, notes["id"], body["effect"] == "permit", notes["basis"], notes["obligation"])
