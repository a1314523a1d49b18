"""Letters: each file is read in the encoding that it is written in."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from domain.errors import Invalid
from tests.connectors.protocols.gedcom.reading import names, problems, rows_of


def written(char: str, name: str, *more: str) -> str:
    """A file of one person."""
    head = ["0 HEAD", "1 GEDC", "2 VERS 5.5.1", *([f"1 CHAR {char}"] if char else []), *more]
    return "\n".join([*head, "0 @I1@ INDI", f"1 NAME {name}", "0 TRLR", ""])


_NAME = "Айгүл /Ахметова/"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (written("UTF-8", _NAME).encode(), _NAME),
        (codecs.BOM_UTF8 + written("UTF-8", _NAME).encode(), _NAME),
        (codecs.BOM_UTF8 + written("", _NAME).encode(), _NAME),
        (written("UNICODE", _NAME).encode("utf-16"), _NAME),
        (codecs.BOM_UTF16_BE + written("UNICODE", _NAME).encode("utf-16-be"), _NAME),
        (written("UNICODE", _NAME).encode("utf-16-le"), _NAME),
        (written("UNICODE", _NAME).encode("utf-16-be"), _NAME),
        (written("", "Zoë /Müller/").replace("5.5.1", "7.0").encode(), "Zoë /Müller/"),
        (written("ANSEL", "X /Y/").encode().replace(b"X", b"Zo\xe8e"), "Zoë /Y/"),
        (written("", "X /Y/").encode().replace(b"X", b"Zo\xe8e"), "Zoë /Y/"),
        (written("ANSI", "Zoë /Müller/").encode("cp1252"), "Zoë /Müller/"),
        (written("ANSI", "Иван /Ким/", "1 LANG Russian").encode("cp1251"), "Иван /Ким/"),
        (written("ANSI", "Иван /Ким/", "2 CODEPAGE 1251").encode("cp1251"), "Иван /Ким/"),
        (written("WINDOWS-1251", "Иван /Ким/").encode("cp1251"), "Иван /Ким/"),
        (written("ASCII", "Ivan /Kim/").encode(), "Ivan /Kim/"),
        (written("IBMPC", "Zoë /Müller/").encode("cp437"), "Zoë /Müller/"),
        (written("UTF-8", _NAME).replace("\n", "\r\n").encode(), _NAME),
        (written("UTF-8", _NAME).replace("\n", "\r").encode(), _NAME),
        (written("UTF-8", _NAME).replace("\n", "\r\n").encode("utf-16"), _NAME),
        (written("UTF-8", _NAME).replace("\n", "\n   ").encode(), _NAME),
        (written("UTF-8", "A").replace("NAME A", "NAME Ай\n2 CONC гүл\n2 CONC  /Ахметова/").encode(), _NAME),
    ],
)  # fmt: skip
async def test_letters(tmp_path: Path, content: bytes, name: str) -> None:
    assert names(await rows_of(tmp_path, content)) == [name]


async def test_a_letter_cut_in_two_by_a_continued_line(tmp_path: Path) -> None:
    whole = "Айгүл /Ахметова/".encode()
    cut = whole[:5] + b"\n2 CONC " + whole[5:]
    assert names(await rows_of(tmp_path, written("UTF-8", "@").encode().replace(b"@\n0 TRLR", cut + b"\n0 TRLR"))) == [
        "Айгүл /Ахметова/"
    ]


async def test_the_operator_knows_better(tmp_path: Path) -> None:
    content = written("ANSI", "Иван /Ким/").encode("cp1251")
    assert names(await rows_of(tmp_path, content)) != ["Иван /Ким/"]
    assert names(await rows_of(tmp_path, content, encoding="cp1251")) == ["Иван /Ким/"]


@pytest.mark.parametrize("encoding", ["klingon", "utf-7-and-a-half", "base64", "rot13", ""])
async def test_no_such_encoding(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(Invalid):
        await rows_of(tmp_path, written("UTF-8", "A /B/"), encoding=encoding)
    with pytest.raises(Invalid):
        await rows_of(tmp_path, written(encoding or "nothing", "A /B/"))


async def test_letters_that_the_encoding_does_not_have_spoil_their_record_alone(tmp_path: Path) -> None:
    content = (
        written("UTF-8", "A /B/").encode() + b"0 @I2@ INDI\n1 NAME \xff\xfe /C/\n0 @I3@ INDI\n1 NAME D /E/\n0 TRLR\n"
    )
    rows = await rows_of(tmp_path, content)
    assert problems(rows) == {"I2": "BAD_TEXT"}
    assert names(rows) == ["A /B/", "D /E/"]


async def test_half_a_letter_of_utf_16_spoils_its_record_alone(tmp_path: Path) -> None:
    text = written("UNICODE", "A /B/") + "0 @I2@ INDI\n1 NAME ? /C/\n0 TRLR\n"
    content = codecs.BOM_UTF16_LE + text.encode("utf-16-le").replace(b"?\x00", b"\x00\xd8")
    rows = await rows_of(tmp_path, content)
    assert problems(rows) == {"I2": "BAD_TEXT"}
    assert names(rows) == ["A /B/"]
