"""The rates of the country. docs/simulator.md has the table with a source or `illustrative` for each."""

from __future__ import annotations

# Founders and today
FOUNDER_COUPLES = 28
FOUNDER_BIRTH_YEARS = (1918, 1940)
KAZAKH_BLOCKS = 0.72  # share of blocks of Kazakh custom, the others Russian
MIXED_COUPLES = 0.08
REGISTER_SINCE_YEAR = 2007  # registrations that ended before are not in the register
CIVIL_SINCE_YEAR = 1945  # acts before are on paper only

# Unions and births
SEEK_AGE = {"F": (23.5, 3.4), "M": (26.5, 4.0)}  # mean, standard deviation
NEVER_SEEKS = 0.07
MARRIED = 0.84  # the others live together without marriage
CHILDREN = {"kk": (0.05, 0.10, 0.26, 0.27, 0.17, 0.10, 0.05), "ru": (0.12, 0.33, 0.38, 0.12, 0.04, 0.01, 0.0)}
TWINS = 0.011
BIRTH_ALONE = 0.10  # for each two years in which a woman seeks and finds nobody
FATHER_NAMED_OUTSIDE_MARRIAGE = 0.78
WIFE_TAKES_SURNAME = 0.78
DIVORCE = {"marriage": 0.27, "cohabiting": 0.42}
DIVORCE_MEAN_YEARS = 9.0
SEEKS_AGAIN = {"M": 0.62, "F": 0.45}

# Deaths: Gompertz with these medians, and the first year
MEDIAN_DEATH_AGE = {"M": 72.0, "F": 80.0}
GOMPERTZ_SLOPE = 0.085
INFANT_DEATH = 0.010

# Homes
COUPLE_AT_HUSBANDS_PARENTS = 0.28
COUPLE_AT_WIFES_PARENTS = 0.04
LEAVES_HOME_SINGLE = 0.32
MOVE_MEAN_YEARS = 14.0
MOVES_REGION = 0.22
COUPLE_MOVES_REGION = 0.10
MAN_LEAVES_AT_DIVORCE = 0.62
LEAVER_TO_PARENTS = 0.35
CHILDREN_STAY_WITH = {"mother": 0.80, "shared": 0.12, "father": 0.08}
WIDOWED_JOINS_CHILD = 0.35

# Care apart from kinship
REMOVED_FROM_PARENTS = 0.006
ADOPTED_AFTER_CARE = 0.25
STEP_ADOPTION = 0.10
RESPONSIBILITY_TO_ONE_AT_DIVORCE = 0.08

# Work, school, health
EMPLOYED = 0.68
INCOME_MEDIAN_TENGE = 290_000
INCOME_SIGMA = 0.55
INCOME_MONTHS = 6
EARLIER_JOB = 0.35
COVER_ACTIVE = 0.83
COVER_CANCELLED = 0.07
PATIENT = 0.97
DISABILITY = {"child": 0.027, "adult": 0.036, "old": 0.09}
CHRONIC = {"young": 0.03, "adult": 0.12, "old": 0.42}
OWNS_DWELLING = 0.70

# Domestic violence and protection
REPORT_IN_FIVE_YEARS = 0.035  # of couples that lived together in the last five years
WOMAN_REPORTS = 0.90
COUNTER_REPORT = 0.12
STATUS = {"reported": 0.50, "confirmed": 0.32, "withdrawn": 0.18}
GRADED_AFTER_REPORT = 0.22
STRICT = 0.45  # of the graded; the others confidential
GRADED_OTHERWISE = 0.0003

# Cases
CASES = 0.012  # of households
