"""Numbers that each agency gives, one-to-one with what they name and unlike between agencies.

A person is the `key` = block × 1000 + number in the block. An agency's number is an affine permutation of it,
so no table is kept, nothing collides, and one agency's number tells nothing of another's order.
"""

from __future__ import annotations

PEOPLE_A_BLOCK = 1000
_MODULUS = 10**9
#: prefix → (multiplier coprime with 10, shift)
_KINDS = {
    "PR": (387_420_489, 104_729),
    "PO": (282_475_249, 611_953),
    "CR": (594_823_321, 224_737),
    "TP": (815_730_721, 350_377),
    "pt": (418_195_493, 479_909),
    "HH": (244_140_627, 746_773),
    "DV": (362_797_057, 882_377),
    "AK": (141_650_939, 982_451),
    "TX-I": (276_922_881, 15_485),
    "TX-E": (191_707_313, 32_452),
    "cov": (214_358_881, 49_979),
    "con": (893_871_739, 67_867),
    "CASE": (506_623_121, 86_028),
    "DOC": (373_301_041, 122_949),
    "WARRANT": (923_521_003, 141_650),
}


def number(prefix: str, key: int) -> str:
    """The number with which the agency of `prefix` names `key` (0 ≤ key < 10⁹)."""
    multiplier, shift = _KINDS[prefix]
    return f"{prefix}-{(key * multiplier + shift) % _MODULUS:09d}"


def key_of(named: str) -> int:
    """The key that `number` was given; raises ValueError for what no agency gave."""
    prefix, _, digits = named.rpartition("-")
    if prefix not in _KINDS or len(digits) != 9 or not digits.isdigit():
        raise ValueError("not a number of this country")
    multiplier, shift = _KINDS[prefix]
    return (int(digits) - shift) * pow(multiplier, -1, _MODULUS) % _MODULUS


def person_id(key: int) -> str:
    """The true id of a person in the world file, known to no agency."""
    return f"P-{key // PEOPLE_A_BLOCK:05d}-{key % PEOPLE_A_BLOCK:03d}"
