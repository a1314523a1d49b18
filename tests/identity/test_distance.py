"""At most one slip: compared with the whole optimal-string-alignment distance, computed the long way."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from identity.distance import within_one_edit

_words = st.text(alphabet="abc", max_size=7)


def alignment_distance(left: str, right: str) -> int:
    """Optimal string alignment by the full table."""
    rows = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) + 1):
        rows[i][0] = i
    rows[0] = list(range(len(right) + 1))
    for i in range(1, len(left) + 1):
        for j in range(1, len(right) + 1):
            cost = left[i - 1] != right[j - 1]
            best = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
            if i > 1 and j > 1 and left[i - 1] == right[j - 2] and left[i - 2] == right[j - 1]:
                best = min(best, rows[i - 2][j - 2] + 1)
            rows[i][j] = best
    return rows[-1][-1]


@given(_words, _words)
@example("ab", "ba")
@example("abc", "bca")
@example("aabb", "abab")
@example("", "a")
@example("", "")
def test_equals_the_whole_distance(left: str, right: str) -> None:
    assert within_one_edit(left, right) == (alignment_distance(left, right) <= 1)


@given(_words, st.integers(0, 6), st.sampled_from("abcd"))
def test_one_slip_is_forgiven(word: str, at: int, letter: str) -> None:
    at = min(at, len(word))
    assert within_one_edit(word, word[:at] + letter + word[at:])
    assert within_one_edit(word, word[:at] + word[at + 1 :])
    assert within_one_edit(word, word[:at] + letter + word[at + 1 :])
