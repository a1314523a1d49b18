"""How far the rules are from the truth: a figure to look at, not a failure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.oracle.deciding import Decided
from tests.oracle.rounds import Line, truth
from tests.oracle.said import SourceNumber


def disagreement(decided: Decided, lines: Iterable[Line]) -> Counter[str]:
    """Counts of rows and source keys.

    Rows: `wrongly matched` names somebody whose key was joined to another's person; `missed` names somebody who was
    taken for new though the hub knew them; `held` could not be told and waits for a human; `unreadable` is in
    quarantine. Keys likewise.
    """
    lines = list(lines)
    true = truth(lines)
    wrong = {key for key, person in decided.people.items() if true[key] != true[person]}
    missed = _missed(decided, true)
    found = Counter({"rows": 0, "rows wrongly matched": 0, "rows missed": 0, "rows held": 0, "rows unreadable": 0})
    for line, taken in zip(lines, decided.taken, strict=True):
        named = {(line["agency"], number) for number in line["truth"]} if taken.outcome == "accepted" else set()
        found["rows"] += 1
        found["rows wrongly matched"] += bool(named & wrong)
        found["rows missed"] += bool(named & missed)
        found["rows held"] += taken.outcome == "review"
        found["rows unreadable"] += taken.outcome == "quarantined"
    found.update({"keys": len(decided.people), "keys wrongly matched": len(wrong), "keys missed": len(missed)})
    return found


def _missed(decided: Decided, true: dict[SourceNumber, str]) -> set[SourceNumber]:
    """Keys that founded a person although the truth had one already, in the order of decisions."""
    known: set[str] = set()
    missed = set()
    for key, how in decided.how.items():
        if how == "new" and true[key] in known:
            missed.add(key)
        known.add(true[key])
    return missed
