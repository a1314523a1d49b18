"""In which letters a GEDCOM file is written: the byte order mark, else what its header says, else the standard's word.

`ANSI` names no code page: the one that the header states counts, else Windows-1251 where the file's language is written
in Cyrillic, else Windows-1252. Who knows better names the encoding.
"""

from __future__ import annotations

import codecs
import io
import re
from typing import BinaryIO

import ansel

from domain.errors import Invalid

ansel.register()

MOST_UTF16 = 64 * 1024 * 1024
"""Bytes of a UTF-16 file: it is turned into UTF-8 in memory, because records are cut out at bytes."""
_LEAD = 64 * 1024
_ANSEL = "gedcom"
_CHARS = {
    "ansel": _ANSEL,
    "ascii": "ascii",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "ibmpc": "cp437",
    "ibm": "cp437",
    "msdos": "cp850",
    "macintosh": "mac-roman",
}
_ANSI = frozenset({"ansi", "windows", "ibm windows", "ibm_windows"})
_CYRILLIC = frozenset({"russian", "kazakh", "ukrainian", "belorusian", "belarusian", "bulgarian", "kyrgyz", "tatar"})
_LINE = re.compile(r"[ \t]*(\d{1,2})[ \t]+([A-Za-z0-9_]+)(?:[ \t]([^\r\n]*))?")


def lettered(file: BinaryIO, named: str | None = None) -> tuple[BinaryIO, str]:
    """The file as bytes in which line ends and digits are single bytes, and their codec. `named`: the caller's word.

    Raises Invalid for an encoding that nobody knows, that is not the file's, or a UTF-16 file that is too large.
    """
    lead = file.read(_LEAD)
    wide = _utf16(lead)
    file.seek(0)
    if wide is not None:
        return _narrowed(file, wide), "utf-8"
    if named is not None:
        return file, _known(named)
    if lead.startswith(codecs.BOM_UTF8):
        return file, "utf-8"
    return file, _stated(lead)


def header(lead: bytes) -> dict[str, str]:
    """The values of a header's lines, `HEAD.GEDC.VERS` and so on; the first of each, read as Latin-1."""
    path = ["", "", "", ""]
    found: dict[str, str] = {}
    for line in re.split(r"[\r\n]+", lead.removeprefix(codecs.BOM_UTF8).decode("latin-1")):
        matched = _LINE.match(line)
        if matched is None or int(matched[1]) >= len(path):
            continue
        level = int(matched[1])
        if level == 0 and found:
            break
        path[level] = matched[2].upper()
        found.setdefault(".".join(path[: level + 1]), (matched[3] or "").strip())
    return found


def _stated(lead: bytes) -> str:
    said = header(lead)
    if said.get("HEAD.GEDC.VERS", "").startswith("7"):
        return "utf-8"
    char = said.get("HEAD.CHAR", "").casefold()
    if char in _ANSI:
        page = said.get("HEAD.CHAR.CODEPAGE") or said.get("HEAD.CHAR.VERS") or ""
        if page.isascii() and page.isdigit():
            return _known(f"cp{page}")
        return "cp1251" if said.get("HEAD.LANG", "").casefold() in _CYRILLIC else "cp1252"
    return _CHARS.get(char) or (_known(char) if char else _ANSEL)


def _known(name: str) -> str:
    try:
        found = codecs.lookup(_CHARS.get(name.casefold(), name)).name
        "0 1".encode(found)
    except (LookupError, UnicodeError, ValueError):
        raise Invalid(field="FILE", fix="name_the_encoding", cause="the file names no known encoding") from None
    return found


def _utf16(lead: bytes) -> str | None:
    if lead.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if lead.startswith(b"0\x00 \x00"):
        return "utf-16-le"
    return "utf-16-be" if lead.startswith(b"\x000\x00 ") else None


def _narrowed(file: BinaryIO, codec: str) -> BinaryIO:
    whole = file.read(MOST_UTF16 + 1)
    if len(whole) > MOST_UTF16:
        raise Invalid(field="FILE", fix="save_as_utf_8", cause="UTF-16 file larger than 64 MiB")
    # What does not decode spoils its own record alone: it comes out as bytes that are no UTF-8.
    return io.BytesIO(whole.decode(codec, "kindred_gedcom_mark").encode("utf-8", "surrogatepass"))


def _mark(error: UnicodeError) -> tuple[str, int]:
    end = error.end if isinstance(error, UnicodeDecodeError) else 0
    return "\ud800", end


codecs.register_error("kindred_gedcom_mark", _mark)
