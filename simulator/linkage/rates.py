"""How wrong the claims of a linkage set are. docs/simulator.md tells them; all are illustrative."""

from __future__ import annotations

#: share of the living people about whom there is a claim; twins and namesakes always have one
CLAIMED = 0.7
#: share of people nobody is responsible to, and of twins, whom the register does not hold
STRANGER = 0.08
STRANGER_TWIN = 0.30
#: share of people who get a namesake, somebody else with surname and given name the same; half of them are in the
#: register, half only claim. One in ten has the same birth date and another father, the others the same father's
#: name and another birth date
NAMESAKE, SAME_BIRTH_DATE = 0.02, 0.1
#: corruptions of a claim: one, two
ONE, TWO = 0.24, 0.055
#: beside corruptions: written in Latin letters, in one of the ways; the patronymic left out
LATIN = 0.20
NO_PATRONYMIC = 0.18
#: claims that state an address; of these, whether it is another place; whether it names the house
ADDRESS, ELSEWHERE, HOUSE = 0.5, 0.15, 0.6
#: kind of corruption → how often it is drawn, against the others
KINDS: dict[str, float] = {
    "typo_surname": 3.0, "typo_given": 3.0, "typo_patronymic": 1.0, "day_month": 2.0, "birth_digit": 2.0,
    "birth_year": 1.0, "birth_near": 1.0, "swapped_names": 1.5, "old_surname": 1.5,
}  # fmt: skip
