"""GEDCOM files made here: a royal family from public facts, and families of any size from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

HEAD = ("0 HEAD", "1 SOUR HANDMADE", "1 GEDC", "2 VERS 5.5.1", "1 CHAR UTF-8", "1 DATE 3 MAR 2020", "2 TIME 12:00:00")


@dataclass
class Tree:
    """Records to be written: individuals by id with their lines, families with husband, wife, children and lines."""

    individuals: dict[str, list[str]] = field(default_factory=dict)
    families: dict[str, tuple[str | None, str | None, list[str], list[str]]] = field(default_factory=dict)
    head: Sequence[str] = HEAD

    def person(self, xref: str, name: str, sex: str = "", born: str = "", died: str = "", *more: str) -> str:
        """An individual; dates as GEDCOM writes them."""
        lines = [f"1 NAME {name}"] if name else []
        lines += [f"1 SEX {sex}"] if sex else []
        lines += ["1 BIRT", f"2 DATE {born}"] if born else []
        lines += ["1 DEAT", f"2 DATE {died}"] if died else []
        self.individuals[xref] = [*lines, *more]
        return xref

    def family(
        self, xref: str, husband: str | None, wife: str | None, children: Iterable[str] = (), married: str = ""
    ) -> str:
        """A family; `married`: "Y" or a date."""
        event = [] if not married else ["1 MARR Y"] if married == "Y" else ["1 MARR", f"2 DATE {married}"]
        self.families[xref] = (husband, wife, list(children), event)
        return xref

    def text(self) -> str:
        """The file."""
        lines = list(self.head)
        pointers: dict[str, list[str]] = {xref: [] for xref in self.individuals}
        for xref, (husband, wife, children, _) in self.families.items():
            for one in (husband, wife):
                pointers.get(one or "", []).append(f"1 FAMS @{xref}@")
            for child in children:
                pointers.get(child, []).append(f"1 FAMC @{xref}@")
        for xref, own in self.individuals.items():
            there = {line for line in own if line.startswith(("1 FAMC", "1 FAMS"))}
            lines += [f"0 @{xref}@ INDI", *own, *(line for line in pointers[xref] if line not in there)]
        for xref, (husband, wife, children, event) in self.families.items():
            lines.append(f"0 @{xref}@ FAM")
            lines += [f"1 {tag} @{one}@" for tag, one in (("HUSB", husband), ("WIFE", wife)) if one]
            lines += [*(f"1 CHIL @{child}@" for child in children), *event]
        return "\n".join([*lines, "0 TRLR", ""])


#: xref → name, sex, born, died. Facts of public record.
_ROYALS: Mapping[str, tuple[str, str, str, str]] = {
    "I1": ("Victoria /Hanover/", "F", "24 MAY 1819", "22 JAN 1901"),
    "I2": ("Albert /Saxe-Coburg and Gotha/", "M", "26 AUG 1819", "14 DEC 1861"),
    "I3": ("Edward /Saxe-Coburg and Gotha/", "M", "9 NOV 1841", "6 MAY 1910"),
    "I4": ("Alexandra /Glücksburg/", "F", "1 DEC 1844", "20 NOV 1925"),
    "I5": ("Alice /Saxe-Coburg and Gotha/", "F", "25 APR 1843", "14 DEC 1878"),
    "I6": ("Ludwig /Hessen/", "M", "12 SEP 1837", "13 MAR 1892"),
    "I7": ("George /Windsor/", "M", "3 JUN 1865", "20 JAN 1936"),
    "I8": ("Mary /Teck/", "F", "26 MAY 1867", "24 MAR 1953"),
    "I9": ("Alix /Hessen/", "F", "6 JUN 1872", "17 JUL 1918"),
    "I10": ("Николай Александрович /Романов/", "M", "@#DJULIAN@ 6 MAY 1868", "17 JUL 1918"),
    "I11": ("Алексей Николаевич /Романов/", "M", "@#DJULIAN@ 30 JUL 1904", "17 JUL 1918"),
    "I12": ("George /Windsor/", "M", "14 DEC 1895", "6 FEB 1952"),
    "I13": ("Elizabeth /Bowes-Lyon/", "F", "4 AUG 1900", "30 MAR 2002"),
    "I14": ("Elizabeth /Windsor/", "F", "21 APR 1926", ""),
    "I15": ("Victoria /Hessen/", "F", "5 APR 1863", "24 SEP 1950"),
    "I16": ("Louis /Battenberg/", "M", "24 MAY 1854", "11 SEP 1921"),
    "I17": ("Alice /Battenberg/", "F", "25 FEB 1885", "5 DEC 1969"),
    "I18": ("Andrew /Glücksburg/", "M", "2 FEB 1882", "3 DEC 1944"),
    "I19": ("Philip /Glücksburg/", "M", "10 JUN 1921", ""),
    "I20": ("Мария Фёдоровна /Романова (Глюксбург)/", "F", "26 NOV 1847", "13 OCT 1928"),
    "I21": ("Александр Александрович /Романов/", "M", "10 MAR 1845", "1 NOV 1894"),
    "I22": ("Christian /Glücksburg/", "M", "8 APR 1818", "29 JAN 1906"),
    "I23": ("Louise /Hessen-Kassel/", "F", "7 SEP 1817", "29 SEP 1898"),
    "I24": ("Georgios /Glücksburg/", "M", "24 DEC 1845", "18 MAR 1913"),
    "I25": ("Ольга Константиновна /Романова/", "F", "3 SEP 1851", "18 JUN 1926"),
}
_COUPLES: Mapping[str, tuple[str, str, tuple[str, ...], str]] = {
    "F1": ("I2", "I1", ("I3", "I5"), "10 FEB 1840"),
    "F2": ("I3", "I4", ("I7",), "10 MAR 1863"),
    "F3": ("I6", "I5", ("I9", "I15"), "1 JUL 1862"),
    "F4": ("I10", "I9", ("I11",), "26 NOV 1894"),
    "F5": ("I7", "I8", ("I12",), "6 JUL 1893"),
    "F6": ("I12", "I13", ("I14",), "26 APR 1923"),
    "F7": ("I16", "I15", ("I17",), "30 APR 1884"),
    "F8": ("I18", "I17", ("I19",), "7 OCT 1903"),
    "F9": ("I21", "I20", ("I10",), "9 NOV 1866"),
    "F10": ("I22", "I23", ("I4", "I20", "I24"), "26 MAY 1842"),
    "F11": ("I24", "I25", ("I18",), "27 OCT 1867"),
    "F12": ("I19", "I14", (), "20 NOV 1947"),
}


def royals() -> Tree:
    """European royal houses around 1900, and how they are related."""
    tree = Tree()
    for xref, facts in _ROYALS.items():
        tree.person(xref, *facts)
    for xref, (husband, wife, children, married) in _COUPLES.items():
        tree.family(xref, husband, wife, children, married)
    return tree


def chain(generations: int, dated: bool = False) -> Tree:
    """Parents and children in one line, `generations` people, the eldest first."""
    tree = Tree()
    for n in range(generations):
        born = f"1 JAN {1000 + 25 * n}" if dated else ""
        tree.person(f"I{n}", f"Line{n} /Chain/", "FM"[n % 2], born)
        if n:
            parent = f"I{n - 1}"
            husband, wife = (parent, None) if n % 2 == 0 else (None, parent)
            tree.family(f"F{n}", husband, wife, [f"I{n}"])
    return tree


_MEN, _WOMEN = ("Alfred", "Ivan", "Timur", "Karl", "Jon"), ("Anna", "Aigul", "Marta", "Olga", "Ida")


def generated(people: int, seed: int) -> Tree:
    """Couples with children over generations of 25 years, everyone born on some day from 1500 on."""
    dice, tree = random.Random(seed), Tree()
    free: dict[str, list[str]] = {"M": [], "F": []}
    year = 1500
    while len(tree.individuals) < people:
        for sex, names in (("M", _MEN), ("F", _WOMEN)):
            while len(free[sex]) < 8:
                free[sex].append(_somebody(tree, dice, names, sex, year))
        following: dict[str, list[str]] = {"M": [], "F": []}
        for husband, wife in zip(free["M"], free["F"], strict=False):
            children = []
            for _ in range(dice.randint(1, 5)):
                sex = dice.choice("MF")
                child = _somebody(tree, dice, _MEN if sex == "M" else _WOMEN, sex, year + 25)
                following[sex].append(child)
                children.append(child)
            tree.family(f"F{len(tree.families)}", husband, wife, children, f"1 MAY {year + 20}")
        dice.shuffle(following["M"])
        free, year = following, year + 25
    return tree


def _somebody(tree: Tree, dice: random.Random, names: Sequence[str], sex: str, year: int) -> str:
    day, month = dice.randint(1, 28), dice.choice(("JAN", "APR", "JUL", "OCT", "DEC"))
    return tree.person(
        f"I{len(tree.individuals)}", f"{dice.choice(names)} /House{dice.randint(0, 400)}/", sex, f"{day} {month} {year}"
    )
