"""How agencies are reached, read from the file that the setting `agencies` names."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from connectors.protocols.access import AgencyAccess
from domain.errors import Invalid, Unavailable

FIELD = "KINDRED_AGENCIES"
_LARGEST = 1024 * 1024


class AgencyEntry(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One agency in the file. `signing_key_file` (a private JWK) and `keys_file` (a JWK set) are paths."""

    base_url: str
    headers: dict[str, str] = {}
    signing_key_file: str | None = None
    keys_file: str | None = None
    page_size: int = 500
    timeout: float = 30.0

    def access(self, folder: Path) -> AgencyAccess:
        """The access; relative paths are relative to the file's folder. Raises Invalid, Unavailable."""
        return AgencyAccess(
            self.base_url,
            headers=self.headers,
            signing_key=_json(folder, self.signing_key_file, secret=True),
            keys=_json(folder, self.keys_file),
            page_size=self.page_size,
            timeout=self.timeout,
        )


def read_access(path: Path | None) -> Mapping[str, AgencyAccess]:
    """Agency → access; empty without a file. Raises Invalid for a file that others may read or of another shape."""
    if path is None:
        return {}
    try:
        entries = msgspec.json.decode(_bytes(path, secret=True), type=dict[str, AgencyEntry])
    except msgspec.MsgspecError:
        raise Invalid(field=FIELD, fix="agencies.shape", cause="agencies file of another shape") from None
    return {name: entry.access(path.parent) for name, entry in entries.items()}


def _json(folder: Path, name: str | None, *, secret: bool = False) -> Mapping[str, Any] | None:
    if name is None:
        return None
    try:
        return msgspec.json.decode(_bytes(folder / name, secret=secret), type=dict[str, Any])
    except msgspec.MsgspecError:
        raise Invalid(field=FIELD, fix="agencies.keys", cause="a key file that is none") from None


def _bytes(path: Path, *, secret: bool) -> bytes:
    try:
        with path.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            if not stat.S_ISREG(mode) or (secret and mode & 0o077):
                raise Invalid(field=FIELD, fix="keys.mode_0600", cause="file open to group or others")
            return stream.read(_LARGEST)
    except OSError as error:
        raise Unavailable(field=FIELD, cause=f"file not read: errno {error.errno}") from None
