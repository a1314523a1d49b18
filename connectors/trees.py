"""Editions of genealogists' files: the same file again is the same edition, a corrected one is said to be the next.

A GEDCOM file has no number of its own and its date is often missing, so the one who hands it in says what it corrects.
What is kept is the file's digest; where it stood or what it was called is not.
"""

from __future__ import annotations

from connectors.protocols.gedcom.edition import Edition, first_edition
from docket.dossiers import Dossier
from docket.port import Docket
from domain.errors import Broken, Invalid
from vault.hashing import Hasher

_FILE = "gedcom_file"
_TREE = "gedcom_tree"
_KNOWN = "known"


async def edition_of(docket: Docket, hasher: Hasher, digest: str, corrects: str | None = None) -> Edition:
    """Which edition a file of this digest is, written down if it is new. A file keeps the edition it was first given.

    `corrects`: the tree that the file is the next edition of. Raises Invalid for a tree that is not there, or a file
    that is an edition of another one; Unavailable.
    """
    file = hasher.label(_FILE, digest)
    known = await docket.load(file)
    if known is None:
        tree = corrects if corrects is not None else first_edition(digest).tree
        newest = await _newest(docket, hasher, tree)
        if corrects is not None and newest == 0:
            raise Invalid(field="--corrects", fix="tree_of_an_earlier_import", cause="no such tree")
        await docket.save(_dossier(file, _FILE, Edition(tree, newest + 1)))
        given = Edition(tree, newest + 1)
    else:
        given = _edition(known)
        if corrects is not None and corrects != given.tree:
            raise Invalid(field="--corrects", fix="leave_it_out", cause="the file is an edition of another tree")
    newest = await _newest(docket, hasher, given.tree)
    if given.version > newest:
        await _advance(docket, hasher, given)
    return Edition(given.tree, given.version, corrected=given.version < newest)


async def _newest(docket: Docket, hasher: Hasher, tree: str) -> int:
    there = await docket.load(hasher.label(_TREE, tree))
    return _edition(there).version if there is not None else 0


async def _advance(docket: Docket, hasher: Hasher, edition: Edition) -> None:
    tree = hasher.label(_TREE, edition.tree)
    there = await docket.load(tree)
    await docket.save(_dossier(tree, _TREE, edition, there.version if there is not None else 0))


def _dossier(id: bytes, kind: str, edition: Edition, version: int = 0) -> Dossier:
    return Dossier(id, kind, (), _KNOWN, version, None, {"tree": edition.tree, "version": edition.version})


def _edition(dossier: Dossier) -> Edition:
    tree, version = dossier.body.get("tree"), dossier.body.get("version")
    if not isinstance(tree, str) or not isinstance(version, int):
        raise Broken(cause="an edition of unknown form")
    return Edition(tree, version)
