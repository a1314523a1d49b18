"""How wrong each agency is. `--error-rate` scales all of it; 0 is clean. docs/simulator.md explains each."""

from __future__ import annotations

#: kind of evidence error → share of an agency's cards that have it
EVIDENCE: dict[str, dict[str, float]] = {
    "population": {
        "typo": 0.004, "transliteration": 0.002, "missing_id": 0.002, "iin_of_another": 0.0005,
        "iin_of_nobody": 0.0005, "iin_one_digit": 0.001, "iin_one_digit_passing": 0.0005, "iin_malformed": 0.0002,
        "missing_patronymic": 0.005, "old_surname": 0.01, "wrong_birth_date": 0.002, "impossible_birth_date": 0.0003,
    },
    "civil": {
        "typo": 0.008, "transliteration": 0.004, "missing_id": 0.012, "iin_of_another": 0.0015,
        "iin_of_nobody": 0.0010, "iin_one_digit": 0.0020, "iin_one_digit_passing": 0.0010, "iin_malformed": 0.0005,
        "missing_patronymic": 0.010, "swapped_names": 0.001, "wrong_birth_date": 0.004,
        "impossible_birth_date": 0.0003,
    },
    "police": {
        "typo": 0.030, "transliteration": 0.030, "missing_id": 0.100, "iin_of_another": 0.0040,
        "iin_of_nobody": 0.0030, "iin_one_digit": 0.0060, "iin_one_digit_passing": 0.0020, "iin_malformed": 0.0010,
        "missing_patronymic": 0.080, "old_surname": 0.04, "swapped_names": 0.010, "wrong_birth_date": 0.010,
        "missing_birth_date": 0.08,
    },
    "tax": {
        "typo": 0.010, "transliteration": 0.060, "missing_id": 0.010, "iin_of_another": 0.0020,
        "iin_of_nobody": 0.0015, "iin_one_digit": 0.0030, "iin_one_digit_passing": 0.0015, "iin_malformed": 0.0005,
        "missing_patronymic": 0.040, "old_surname": 0.05, "swapped_names": 0.010, "wrong_birth_date": 0.005,
        "missing_birth_date": 0.03, "impossible_birth_date": 0.0003,
    },
    "health": {
        "typo": 0.015, "transliteration": 0.030, "missing_id": 0.020, "iin_of_another": 0.0025,
        "iin_of_nobody": 0.0015, "iin_one_digit": 0.0030, "iin_one_digit_passing": 0.0015, "iin_malformed": 0.0005,
        "missing_patronymic": 0.030, "old_surname": 0.06, "swapped_names": 0.004, "wrong_birth_date": 0.006,
        "impossible_birth_date": 0.0003,
    },
    "casework": {},
}  # fmt: skip

#: Errors of rows, in every stream but casework
LATE = 0.02
DUPLICATED = 0.01
IMPOSSIBLE_DATE = 0.0004  # an event date that is no day, or before the birth
CONTRADICTORY = 0.003  # a death or job date, or a sex, unlike what others say
DEATH_UNKNOWN = 0.01  # of the dead: the register or clinic has not heard of it
CORRECTED = 0.20  # of rows with an error of evidence: a later version is right
#: A late row comes this many blocks after its own; a correction or repeat too.
LATE_BLOCKS = (1, 6)
