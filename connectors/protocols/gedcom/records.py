"""One record of a GEDCOM file as JSON: a tree of the lines that the mapping makes something of.

ged4py reads the lines; of each record alone, so that what is wrong with one spoils no other. Its errors quote the file
and are dropped.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from ged4py.parser import GedcomReader, IntegrityError, ParserError

from connectors.protocols.gedcom.dates import read_date
from connectors.protocols.gedcom.index import MOST_BYTES, xref
from domain.errors import Skip

TOO_LARGE, BAD_TEXT, BAD_SHAPE = "TOO_LARGE", "BAD_TEXT", "BAD_SHAPE"
"""What may be wrong with a record as a whole; words of `connectors.agencies.agency.Reason`."""
_MOST_LEVELS = 8
MOST_LINE = 8 * 1024
"""Bytes of a line; a longer one is cut to its tag, unless the mapping wants it."""
_TAG = re.compile(rb"[ \t]*(\d{1,2})[ \t]+([A-Za-z0-9_]{1,31})[ \t]")
_ENDS = re.compile(rb"[\r\n]+")


@dataclass(slots=True)
class _Line:
    """A wanted line with the lines that continue it; its value is decoded whole, for some programs cut letters."""

    tag: str
    value: bytearray
    sub: list[_Line] = field(default_factory=list)


Node = dict[str, Any]
"""`tag`; where there are any `value`, `ref` (the id that it points to), `date` (its kind), `day` (ISO), `sub`."""


def read_record(raw: bytes, codec: str, tags: Container[str]) -> Node:
    """The record with those of its lines whose tags are wanted. Raises Skip with what is wrong as its cause."""
    if len(raw) > MOST_BYTES:
        raise Skip(cause=TOO_LARGE)
    try:
        return _tree(raw, codec, tags)
    except UnicodeError:
        raise Skip(cause=BAD_TEXT) from None
    except (ParserError, IntegrityError, ValueError, OSError):
        raise Skip(cause=BAD_SHAPE) from None


def _tree(raw: bytes, codec: str, tags: Container[str]) -> Node:
    path: list[_Line] = []
    dropped = _MOST_LEVELS
    written = b"\n".join(_short(line, tags) for line in _ENDS.split(raw) if line.strip())
    for line in GedcomReader(io.BytesIO(written), encoding=codec).GedcomLines(0):
        if line.tag in ("CONC", "CONT"):
            if line.level <= dropped and path:
                path[-1].value.extend((b"\n" if line.tag == "CONT" else b"") + (line.value or b""))
            continue
        if line.level > dropped:
            continue
        if line.level == 0 and path:
            raise ValueError
        del path[line.level :]
        dropped = _MOST_LEVELS
        tag = line.tag.upper()
        if line.level == _MOST_LEVELS or (line.level and tag not in tags):
            dropped = line.level
            continue
        made = _Line(tag, bytearray(line.value or b""))
        if path:
            path[-1].sub.append(made)
        path.append(made)
    if not path:
        raise ValueError
    return _node(path[0], codec)


def _short(line: bytes, tags: Container[str]) -> bytes:
    """The line; of a long one that nobody wants (a note, a picture) only what it is. Raises Skip for a wanted one."""
    if len(line) <= MOST_LINE:
        return line
    found = _TAG.match(line)
    tag = found[2].decode("ascii").upper() if found is not None else ""
    if tag in ("CONC", "CONT"):
        return line[:MOST_LINE]  # longer than any name may be, whatever it continues
    if found is None or tag in tags:
        raise Skip(cause=TOO_LARGE)
    return found[1] + b" " + found[2]


def _node(line: _Line, codec: str) -> Node:
    node: Node = {"tag": line.tag}
    text = unicodedata.normalize("NFC", line.value.decode(codec)).strip()
    if len(text) > 2 and text[0] == text[-1] == "@" and text[1] != "#":
        node["ref"] = xref(bytes(line.value.strip()[1:-1]))
    elif line.tag == "DATE" and text:
        kind, day = read_date(text)
        node["date"] = kind
        if day is not None:
            node["day"] = day
    elif text:
        node["value"] = text.replace("@@", "@")
    if line.sub:
        node["sub"] = [_node(one, codec) for one in line.sub]
    return node
