"""The decision table: every class decided before serving, so that a decision in a request is a look-up.

Filled once from the activities and the rules; it holds nothing about any person and is never written to disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from domain.errors import Broken
from domain.records.category import Detail
from policy.activity import Activity, Know, Line, Reach
from policy.decision import bits
from policy.decision.classes import Action, Traits, judge, relevant, subsets
from policy.decision.permit import Permit
from policy.rule_book import RULES, RuleBook, load_rule_book

MOST_CLASSES = 60_000
MOST_BITS = 16

_Row = tuple[bool, ...]
_NO_ROW: _Row = (False,) * (bits.ALL + 1)
_NO_PERMITS: tuple[Permit, ...] = (Permit.NONE,) * (bits.ALL + 1)


class DecisionTable:
    """Answers by look-up. Made by `fill`; safe to share between threads, because nothing in it changes."""

    __slots__ = ("_know", "_log", "_read", "classes", "policy_hash")

    def __init__(
        self,
        know: Mapping[str, _Row],
        read: Mapping[str, Mapping[str, tuple[Permit, ...]]],
        log: Mapping[str, _Row],
        policy_hash: str,
        classes: int,
    ) -> None:
        self._know = know
        self._read = read
        self._log = log
        self.policy_hash = policy_hash
        """Hex SHA-256 over the activities, the rules and their schema: what an entry names as the policy in force."""
        self.classes = classes
        """How many classes Cedar decided."""

    @classmethod
    def fill(cls, activities: Mapping[str, Activity], rules_dir: Path = RULES) -> DecisionTable:
        """Decide every class. Takes about a second and holds the interpreter: before serving, or in another process.

        Raises Broken if a rule is in error for any class, or if there are more classes or bits than a start can bear.
        """
        book = load_rule_book(rules_dir)
        rows = _Rows(book)
        know: dict[str, _Row] = {}
        log: dict[str, _Row] = {}
        read: dict[str, Mapping[str, tuple[Permit, ...]]] = {}
        for name, activity in activities.items():
            know[name] = rows.of(know_traits(activity))
            log[name] = rows.of(log_traits(activity))
            read[name] = {category: rows.permits(activity, line) for category, line in activity.categories.items()}
        return cls(know, read, log, _policy_hash(activities.values(), book), rows.classes)

    def know(self, activity: Activity, standing: int) -> bool:
        """Whether a reader under the activity may know that a person of this standing is here."""
        return self._know.get(activity.name, _NO_ROW)[standing]

    def read(self, activity: Activity, category: str, standing: int) -> Permit:
        """How much of a category may be read of a person of this standing; `Permit.NONE` if it is not listed."""
        listed = self._read.get(activity.name)
        return Permit.NONE if listed is None else listed.get(category, _NO_PERMITS)[standing]

    def log(self, activity: Activity, standing: int) -> bool:
        """Whether a family account may read the own log of a person of this standing. Never for officers."""
        return self._log.get(activity.name, _NO_ROW)[standing]


def know_traits(activity: Activity) -> Traits:
    """The traits under which knowing is asked. An account knows as far as its widest reach, the household."""
    reach = str(Reach.ACCOUNT_HOUSEHOLD) if activity.know is Know.ACCOUNT else str(activity.know)
    return Traits(Action.KNOW, reach, not activity.account, activity.protective)


def log_traits(activity: Activity) -> Traits:
    """The traits under which a person's own log is asked for: the account's narrow reach, for officers none."""
    reach = str(Reach.ACCOUNT) if activity.account else str(Know.LOG)
    return Traits(Action.LOG, reach, not activity.account, activity.protective)


def read_traits(activity: Activity, line: Line, *, locates: bool) -> Traits:
    """The traits under which a category's fields are asked for."""
    return Traits(Action.READ, str(line.reach), not activity.account, activity.protective, locates)


class _Rows:
    """Rows by traits, each decided once: two activities with the same traits share theirs."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._rows: dict[Traits, _Row] = {}
        self._permits: dict[tuple[Traits, Traits, Detail], tuple[Permit, ...]] = {}
        self.classes = 0

    def of(self, traits: Traits) -> _Row:
        """For every standing whether Cedar allows it."""
        row = self._rows.get(traits)
        if row is None:
            row = self._rows[traits] = self._decide(traits)
        return row

    def permits(self, activity: Activity, line: Line) -> tuple[Permit, ...]:
        """For every standing what may be read of a category listed so.

        Two questions: whether its fields may be read, and whether those that locate may be read. A reader who may not
        know that the person is here reads nothing, whatever the rules for reading say.
        """
        known = know_traits(activity)
        plain = read_traits(activity, line, locates=False)
        found = self._permits.get((known, plain, line.detail))
        if found is None:
            some = _both(self.of(known), self.of(plain))
            locating = _both(some, self.of(read_traits(activity, line, locates=True)))
            choose = _chooser(line.detail)
            found = tuple(choose(may, may_locate) for may, may_locate in zip(some, locating, strict=True))
            self._permits[known, plain, line.detail] = found
        return found

    def _decide(self, traits: Traits) -> _Row:
        mask = relevant(self._book, traits)
        if mask.bit_count() > MOST_BITS:
            raise Broken(cause=f"rules for {traits.action} look at more than {MOST_BITS} bits")
        standings = subsets(mask)
        self.classes += len(standings)
        if self.classes > MOST_CLASSES:
            raise Broken(cause=f"more than {MOST_CLASSES} classes of decisions")
        allowed = {s: v.allowed for s, v in zip(standings, judge(self._book, traits, standings), strict=True)}
        return tuple(allowed[standing & mask] for standing in range(bits.ALL + 1))


def _both(one: _Row, other: _Row) -> _Row:
    return tuple(a and b for a, b in zip(one, other, strict=True))


def _chooser(detail: Detail) -> Callable[[bool, bool], Permit]:
    """Permits are shared objects, so that a look-up makes none."""
    without, full = Permit(detail, False), Permit(detail, True)
    return lambda may, may_locate: (full if may_locate else without) if may else Permit.NONE


def _policy_hash(activities: Iterable[Activity], book: RuleBook) -> str:
    """SHA-256 over the activities in order of name, the rules and their schema."""
    ordered = sorted(activities, key=lambda activity: activity.name)
    digest = hashlib.sha256(msgspec.json.encode(ordered, order="deterministic"))
    digest.update(b"\0")
    digest.update(book.content)
    return digest.hexdigest()
