"""Terms: known families by hand, blood kin against counting of generations, and what each term tells of whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.texts import Language, load_texts
from resolvers.kin.concepts import all_keys
from resolvers.kin.naming import ANY, CONDITIONS, Kinship, Relatives, kinship
from resolvers.kin.ties import Ties, Way
from resolvers.kin.traits import Told, Trait, Traits, elder

TEXTS = {language: load_texts("kin", language) for language in Language}
F, M = "F", "M"


def way(names: str) -> Way:
    """A way of links written short, over people 1, 2, 3 … from 0."""
    short = {
        "U": "parent_birth", "D": "child_birth", "S": "partner_marriage", "c": "partner_cohabiting",
        "A": "parent_adoptive", "a": "child_adoptive", "F": "parent_foster", "f": "child_foster",
        "T": "parent_step", "t": "child_step", "G": "guardian", "w": "ward",
    }  # fmt: skip
    return Way(0, tuple(range(1, len(names) + 1)), tuple(short[name] for name in names))


def traits(sexes: str, born: tuple[str | None, ...] = ()) -> dict[int, Traits]:
    """Sexes of people 0, 1, 2 … (`.` unknown), and when they were born."""
    return {
        person: Traits(None if sex == "." else sex, born[person] if person < len(born) else None)
        for person, sex in enumerate(sexes)
    }


def term(names: str, sexes: str, language: Language, *born: str | None) -> str:
    """What the end of a way is called."""
    return kinship(way(names)).term(TEXTS[language], traits(sexes, born))[0]


@pytest.mark.parametrize(
    ("names", "sexes", "en", "ru", "kk"),
    [
        ("U", ".F", "mother", "мать", "ана"),
        ("U", "..", "parent", "родитель", "ата-ана"),
        ("D", ".M", "son", "сын", "ұл"),
        ("UU", ".MF", "grandmother", "бабушка", "әже"),
        ("UU", ".FM", "grandfather", "дедушка", "нағашы ата"),
        ("UUU", ".MFF", "great-grandmother", "прабабушка", "арғы әже"),
        ("UUUU", ".FFFF", "great-great-grandmother", "прапрабабушка", "арғы тек (4-буын)"),
        ("DD", ".FM", "grandson", "внук", "жиен"),
        ("DD", ".MF", "granddaughter", "внучка", "немере"),
        ("DDD", "...F", "great-granddaughter", "правнучка", "шөбере"),
        ("UUD", ".F.M", "uncle", "дядя", "нағашы аға"),
        ("UUD", ".M.F", "aunt", "тётя", "әкенің әпкесі немесе қарындасы"),
        ("UUUD", "....", "great-aunt or great-uncle", "двоюродный дед или двоюродная бабушка", "ата-әженің бауыры"),
        ("UDD", "..FM", "nephew", "племянник", "жиен"),
        ("UDDD", "..F.F", "grandniece", "внучатая племянница", "жиеншар"),
        ("UUDD", ".F.FM", "first cousin", "двоюродный брат", "бөле"),
        ("UUDD", ".M.MF", "first cousin", "двоюродная сестра", "немере бауыр"),
        ("UUDD", ".M.F.", "first cousin", "двоюродный брат или двоюродная сестра", "жиен"),
        ("UUUDD", ".....M", "first cousin once removed", "двоюродный дядя", "туыс (5-дәреже)"),
        ("UUDDD", ".....F", "first cousin once removed", "двоюродная племянница", "туыс (5-дәреже)"),
        ("UUUDDD", "......F", "second cousin", "троюродная сестра", "шөбере туыс"),
        ("UUUDDDD", ".......M", "second cousin once removed", "троюродный племянник", "туыс (7-дәреже)"),
        ("UUUUDDDD", "........M", "third cousin", "четвероюродный брат", "туыс (8-дәреже)"),
        ("UUUUUUDD", "........M", "first cousin four times removed", "троюродный прапрадед", "туыс (8-дәреже)"),
        ("A", ".M", "adoptive father", "усыновитель", "асырап алған әке"),
        ("AU", "..F", "grandmother", "бабушка", "әже"),
        ("AD", "..F", "adoptive sister", "сестра по усыновлению", "асырап алу бойынша бауыр"),
        ("F", ".F", "foster mother", "приёмная мать", "патронат тәрбиеші"),
        ("f", ".F", "foster daughter", "приёмная дочь", "патронаттағы қыз"),
        ("FU", "..F", "relative in a foster family", "родственница в приёмной семье", "патронат отбасындағы туыс"),
        ("T", ".M", "stepfather", "отчим", "өгей әке"),
        ("US", "..F", "stepmother", "мачеха", "өгей шеше"),
        ("t", ".F", "stepdaughter", "падчерица", "өгей қыз"),
        ("SD", "..M", "stepson", "пасынок", "өгей ұл"),
        ("TD", "..M", "stepbrother", "сводный брат", "өгей бауыр"),
        ("Ut", "..F", "stepsister", "сводная сестра", "өгей бауыр"),
        ("S", ".F", "wife", "жена", "әйел"),
        ("c", ".F", "partner", "партнёрша", "серіктес"),
        ("SU", ".FF", "mother-in-law", "тёща", "қайын ене"),
        ("SU", ".MF", "mother-in-law", "свекровь", "қайын ене"),
        ("SU", "..F", "mother-in-law", "мать супруга или супруги", "қайын ене"),
        ("DS", "..F", "daughter-in-law", "невестка", "келін"),
        ("SUD", ".F.M", "brother-in-law", "шурин", "жұбайдың бауыры"),
        ("SUDS", ".M.MF", "spouse's sibling's wife", "невестка (жена деверя)", "абысын"),
        ("SUDS", ".F.FM", "spouse's sibling's husband", "свояк", "бажа"),
        ("DSU", "...F", "child's mother-in-law", "сватья", "құдағи"),
        ("DU", "..F", "mother of a common child", "мать общего ребёнка", "ортақ баланың анасы"),
        ("G", ".F", "guardian", "опекун или попечитель", "қорғаншы немесе қамқоршы"),
        ("GU", "..F", "connected over guardianship", "связь через опеку", "қорғаншылық арқылы байланыс"),
        ("SUDSU", ".....F", "relative by marriage", "свойственница", "жекжат"),
    ],
)
def test_terms(names: str, sexes: str, en: str, ru: str, kk: str) -> None:
    found = [term(names, sexes, language) for language in (Language.EN, Language.RU, Language.KK)]
    assert found == [en, ru, kk]


@pytest.mark.parametrize(
    ("names", "sexes", "born", "kk"),
    [
        ("UD", "..M", ("1990-01-01", None, "1985-01-01"), "аға"),
        ("UD", "..M", ("1990-01-01", None, "1995"), "іні"),
        ("UD", "..F", ("1990", None, "1985-01-01"), "әпке"),
        ("UD", "M.F", ("1990", None, "1995"), "қарындас"),
        ("UD", "F.F", ("1990", None, "1995"), "сіңлі"),
        ("UD", "..F", ("1990", None, "1995"), "бауыр"),
        ("UD", "F.F", ("1990-02-02", None, "1990"), "бауыр"),
        ("UD", "F.M", ("1990-02-02", None, "1990-02-02"), "бауыр"),
        ("UDS", "..MF", ("1990", None, "1985"), "жеңге"),
        ("UDS", "..MF", ("1990", None, "1995"), "келін"),
        ("UDS", "..FM", ("1990", None, "1985"), "жезде"),
        ("SUD", ".F.F", (None, "1990", None, "1995"), "балдыз"),
        ("SUD", ".F.M", (None, "1990", None, "1995"), "балдыз"),
        ("SUD", ".M.M", (None, "1990", None, "1985"), "қайнаға"),
        ("SUD", ".M.M", (None, "1990", None, "1995"), "қайны"),
        ("SUD", ".M.F", (None, "1990", None, "1995"), "қайын сіңлі"),
        ("UUDD", ".M.MM", ("1990", None, None, None, "1985"), "немере аға"),
        ("UUD", ".M.M", (None, "1960", None, "1950"), "үлкен әке"),
    ],
)
def test_kazakh_tells_elder_from_younger(names: str, sexes: str, born: tuple[str | None, ...], kk: str) -> None:
    assert term(names, sexes, Language.KK, *born) == kk


def test_a_term_tells_what_it_rests_on_and_nothing_else() -> None:
    """English says brother by his sex alone; Kazakh needs both births and, of a younger sister, the sex of who asks."""
    siblings = kinship(way("UD"))
    known = traits("FMF", ("1990-01-01", "1960-01-01", "1995-01-01"))
    assert siblings.term(TEXTS[Language.EN], known)[1] == (Told(2, Trait.SEX),)
    born = Trait.BIRTH_ORDER
    assert set(siblings.term(TEXTS[Language.KK], known)[1]) == {
        Told(2, Trait.SEX), Told(0, Trait.SEX), Told(2, born), Told(0, born)
    }  # fmt: skip
    assert siblings.term(TEXTS[Language.KK], {})[1] == ()
    assert kinship(way("UUD")).side(traits(".F.."))[1] == (Told(1, Trait.SEX),)
    assert kinship(way("UUD")).side({}) == (None, ())


_ORDINALS = ("", "first", "second", "third")
_REMOVED = ("", " once removed", " twice removed", " three times removed", " four times removed")


def by_counting(up: int, down: int) -> str:
    """The English term of blood kin by generations to the nearest common ancestor, without regard to sex."""
    if up == 0 or down == 0:
        base, generations = ("child", down) if up == 0 else ("parent", up)
        return base if generations == 1 else "great-" * (generations - 2) + "grand" + base
    if up == 1 and down == 1:
        return "sibling"
    if down == 1:
        great = "great-" * (up - 2)
        return f"{great}aunt or {great}uncle"
    if up == 1:
        grand = "" if down == 2 else "great-" * (down - 3) + "grand"
        return f"{grand}niece or {grand}nephew"
    return f"{_ORDINALS[min(up, down) - 1]} cousin{_REMOVED[abs(up - down)]}"


@given(
    parents=st.lists(st.lists(st.integers(0, 40), max_size=2), min_size=2, max_size=25),
    ends=st.tuples(st.integers(0, 24), st.integers(0, 24)),
)
def test_blood_terms_equal_counting_generations(parents: list[list[int]], ends: tuple[int, int]) -> None:
    """Random descent without cycles: everyone's parents come before them. The nearest common ancestor decides."""
    count = len(parents)
    above = {child: {p % child for p in stated} if child else set() for child, stated in enumerate(parents)}
    one, other = ends[0] % count, ends[1] % count

    def generations(person: int) -> dict[int, int]:
        found, level, number = {person: 0}, {person}, 0
        while level:
            number += 1
            level = {p for child in level for p in above[child]}
            found = dict.fromkeys(level, number) | found
        return found

    up, down = generations(one), generations(other)
    common = {ancestor: (up[ancestor], down[ancestor]) for ancestor in up.keys() & down.keys()}
    ties = Ties()
    ties.add(_Link(child, parent, "parent_birth") for child in above for parent in above[child])
    ties.add(_Link(parent, child, "child_birth") for child in above for parent in above[child])
    found = Relatives.around(one, ties, 8).of(other)
    nearest = min((sum(pair) for pair in common.values()), default=9)
    if one == other or nearest > 8:
        assert found is None or found.chain.kind.value == "co_parent"
        return
    assert found is not None
    if len(found.chain.letters) < nearest:
        assert "DU" in found.chain.letters, "only over a common child is there a shorter way"
        return
    shortest = {pair for pair in common.values() if sum(pair) == nearest}
    assert found.chain.civil_degree == nearest
    got = found.term(TEXTS[Language.EN], {})[0].removeprefix("half-")
    assert got in {by_counting(*pair) for pair in shortest}


class _Link:
    def __init__(self, person: int, other: int, name: str) -> None:
        self.person, self.other, self.name = person, other, name


def around(*links: tuple[int, str, int]) -> Relatives:
    """Ties as a walk of depth 4 from 0 meets them."""
    back = {"parent_birth": "child_birth", "guardian": "ward", "partner_marriage": "partner_marriage"}
    ties = Ties()
    ties.add(_Link(one, other, name) for one, name, other in links)
    ties.add(_Link(other, one, back[name]) for one, name, other in links)
    return Relatives.around(0, ties, 4)


def _full(relatives: Relatives, sibling: int) -> tuple[bool | None, str]:
    found = relatives.of(sibling)
    assert found is not None
    return found.full, found.term(TEXTS[Language.EN], {})[0]


def test_full_half_and_plain_siblings() -> None:
    birth = "parent_birth"
    of_zero = [(0, birth, 1), (0, birth, 2)]
    assert _full(around(*of_zero, (3, birth, 1), (3, birth, 2)), 3) == (True, "sibling")
    assert _full(around(*of_zero, (3, birth, 1), (3, birth, 4)), 3) == (False, "half-sibling")
    assert _full(around(*of_zero, (3, birth, 1)), 3) == (None, "sibling"), "the other parent is not known"
    assert _full(around((0, birth, 1), (3, birth, 1)), 3) == (None, "sibling")
    two_sets = [(0, birth, 1), (0, birth, 2), (0, birth, 5), (0, birth, 6)]
    assert _full(around(*two_sets, (3, birth, 5), (3, birth, 6)), 3) == (True, "sibling")


def test_kinship_comes_before_a_shorter_tie_of_law() -> None:
    """A grandmother who is the guardian is a grandmother."""
    found = around((0, "guardian", 2), (0, "parent_birth", 1), (1, "parent_birth", 2), (0, "guardian", 3))
    grandmother, guardian = found.of(2), found.of(3)
    assert grandmother is not None and guardian is not None
    assert (grandmother.kind.value, guardian.kind.value) == ("blood", "guardianship")


def test_one_side_or_both() -> None:
    birth = "parent_birth"
    one = around((0, birth, 1), (0, birth, 2), (1, birth, 3))
    both = around((0, birth, 1), (0, birth, 2), (1, birth, 3), (2, birth, 3))
    known = traits(".FM.")
    found: list[Kinship | None] = [one.of(3), both.of(3)]
    sides = [None if each is None else each.side(known)[0] for each in found]
    assert sides == ["maternal", None]


@pytest.mark.parametrize("language", Language)
def test_every_concept_has_texts_and_every_form_can_be_met(language: Language) -> None:
    assert TEXTS[language].keys() == all_keys()
    opposite = [{"male", "female"}, {"of_man", "of_woman"}, {"by_man", "by_woman"}, {"over_man", "over_woman"}]
    opposite.append({"elder", "younger"})
    for key, forms in TEXTS[language].items():
        for form in forms:
            conditions = set(form.split("-"))
            assert form == ANY or conditions <= CONDITIONS, (key, form)
            assert not any(pair <= conditions for pair in opposite), (key, form)


def test_elder() -> None:
    assert elder(Traits(born="1990-01-01"), Traits(born="1990-01-02")) is True
    assert elder(Traits(born="1991"), Traits(born="1990-12-31")) is False
    assert elder(Traits(born="1990"), Traits(born="1990-12-31")) is None
    assert elder(Traits(), Traits(born="1990")) is None
