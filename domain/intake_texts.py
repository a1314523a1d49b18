"""What a registrar reads beside the code of a row that is held, or of a flag. Kazakh, Russian, English.

Fixed texts: nothing of a row or of a person stands in them. docs/reference/intake.md is made from this.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.flags import LEAST_AGE, Doubt

LANGUAGES = ("kk", "ru", "en")

QUARANTINE_TEXT: Mapping[str, tuple[str, str, str]] = {
    "TOO_LARGE": (
        "Жазба тым үлкен (1 МиБ-тан асады) және оқылмады.",
        "Запись слишком велика (больше 1 МиБ) и не прочитана.",
        "The record is too large (over 1 MiB) and was not read.",
    ),
    "BAD_TEXT": (
        "Жазбада файлдың кодтауында жоқ таңбалар бар. Кодтауды көрсетіп, файлды қайта жүктеңіз.",
        "В записи есть знаки, которых нет в кодировке файла. Укажите кодировку и загрузите файл снова.",
        "The record has letters that the file's encoding does not have. Name the encoding and hand the file in again.",
    ),
    "BAD_SHAPE": (
        "Жазба осы дереккөздің жазбасына ұқсамайды немесе міндетті өріс жоқ.",
        "Запись не похожа на запись этого источника, или в ней нет обязательного поля.",
        "The row is not of the form that this source's rows have, or something is missing that must be there.",
    ),
    "REPEATED_ID": (
        "Бұл нөмірмен файлда басқа жазба бар. Екіншісі алынбады.",
        "Под этим номером в файле есть другая запись. Вторая не принята.",
        "Another record of the file has the same number. This second one was not taken.",
    ),
    "UNKNOWN_PERSON": (
        "Отбасы жазбасы файлда жоқ баланы атайды.",
        "Запись о семье называет ребёнка, которого в файле нет.",
        "The family's record names a child whom the file does not hold.",
    ),
    "BAD_DATE": (
        "Күн дұрыс емес: күнтізбеде жоқ, болашақта, тым ерте немесе аяқталуы басталуынан бұрын.",
        "Дата неверна: такого дня нет, он в будущем, слишком рано, или конец раньше начала.",
        "A date is wrong: no such day, in the future, too early, or an end before its beginning.",
    ),
    "BAD_IIN": (
        "ЖСН дұрыс емес: 12 цифр емес немесе бақылау цифры сәйкес келмейді.",
        "ИИН неверен: не 12 цифр или не сходится контрольная цифра.",
        "The national id is wrong: not 12 digits, or its check digit does not fit.",
    ),
    "BAD_VALUE": (
        "Өрістегі мән рұқсат етілген тізімде жоқ немесе тым ұзын.",
        "Значения поля нет в списке допустимых, или оно слишком длинное.",
        "A field has a value that is not in the list of those allowed, or is too long.",
    ),
    "BAD_SIGNATURE": (
        "Құжаттың қолтаңбасы расталмады.",
        "Подпись документа не подтверждена.",
        "The document's signature does not hold.",
    ),
}
"""Why a row is quarantined (`connectors/agencies/agency.py`, Reason)."""

FLAG_TEXT: Mapping[Doubt, tuple[str, str, str]] = {
    Doubt.LINK_TO_NOBODY: (
        "Туыстық байланыс тізілімдерде әлі жоқ адамға сілтейді. Ол адам пайда болса, белгі өздігінен алынады.",
        "Родственная связь ведёт к человеку, которого ещё нет. Когда он появится, пометка снимется сама.",
        "A link leads to somebody who is not known yet. The flag goes by itself when they come.",
    ),
    Doubt.LINK_TO_SELF: (
        "Адам өзіне-өзі туыс немесе жұбай деп көрсетілген.",
        "Человек указан родственником или супругом самого себя.",
        "Somebody is stated as their own relative or spouse.",
    ),
    Doubt.OWN_ANCESTOR: (
        "Ата-ана байланыстары шеңбер құрайды: адам өзінің арғы атасы болып шығады.",
        "Связи с родителями замыкаются в круг: человек оказывается собственным предком.",
        "Links to parents form a circle: somebody would be their own ancestor.",
    ),
    Doubt.PARENT_YOUNGER: (
        "Ата-анасы баласынан кейін немесе сол күні туған деп көрсетілген.",
        "Родитель, судя по датам, родился не раньше ребёнка.",
        "By the dates, a parent was not born before the child.",
    ),
    Doubt.PARENT_TOO_CLOSE: (
        f"Туған ата-анасы баласынан {LEAST_AGE} жастан аз үлкен.",
        f"Родитель по рождению старше ребёнка меньше чем на {LEAST_AGE} лет.",
        f"A parent by birth is less than {LEAST_AGE} years older than the child.",
    ),
    Doubt.TOO_MANY_PARENTS: (
        "Туған ата-анасы екеуден көп көрсетілген.",
        "Указано больше двух родителей по рождению.",
        "More than two parents by birth are stated.",
    ),
    Doubt.BORN_AFTER_MOTHERS_DEATH: (
        "Бала анасы қайтыс болғаннан кейін туған деп көрсетілген.",
        "Ребёнок, судя по датам, родился после смерти матери.",
        "By the dates, the child was born after the mother's death.",
    ),
    Doubt.BORN_IN_FUTURE: (
        "Туған күні әлі келген жоқ.",
        "Дата рождения ещё не наступила.",
        "The date of birth is still to come.",
    ),
    Doubt.DIED_IN_FUTURE: (
        "Қайтыс болған күні әлі келген жоқ.",
        "Дата смерти ещё не наступила.",
        "The date of death is still to come.",
    ),
    Doubt.DIED_BEFORE_BIRTH: (
        "Қайтыс болған күні туған күнінен бұрын.",
        "Дата смерти раньше даты рождения.",
        "The date of death is before that of birth.",
    ),
    Doubt.TWO_DEATHS: (
        "Дереккөздер қайтыс болған күнін әртүрлі көрсетеді.",
        "Источники указывают разные даты смерти.",
        "Sources state different dates of death.",
    ),
}
"""Why something is flagged."""

_HEAD = """\
# What is held, and what is flagged

Made from `domain/intake_texts.py`; a test keeps it current. `kindred quarantine` counts the rows that are held,
`kindred flags` what is flagged; both speak `--language kk`, `ru` or `en`. With `--rows` they list each one by its
number, and the ledger has an entry of that before anything is shown. The Kazakh texts were written without a Kazakh
registrar at hand and want one's eye.

A row in **quarantine** could not be read and is kept as it came; nothing of it is known. A **flag** is about rows that
were accepted: what sources say stays, and changes no answer; the flag is for whoever can put it right at the source. It
goes when a later version of a record puts it right. No reader of the hub sees a flag.
"""


def intake_page() -> str:
    """The whole page, Markdown."""
    least = f"\nThe {LEAST_AGE} years of `PARENT_TOO_CLOSE` are illustrative: taken from no law and no study.\n"
    return f"{_HEAD}\n## Quarantine\n{_table(QUARANTINE_TEXT)}\n## Flags\n{_table(FLAG_TEXT)}{least}"


def _table(texts: Mapping[Doubt, tuple[str, str, str]] | Mapping[str, tuple[str, str, str]]) -> str:
    rows = "".join(f"| `{code}` | {' | '.join(told)} |\n" for code, told in texts.items())
    return f"| code | Қазақша | Русский | English |\n|---|---|---|---|\n{rows}"
