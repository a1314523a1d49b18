"""How a Neo4j is reached: address, credentials from a file, certificates, bounds."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from domain.errors import Invalid, Unavailable
from graph.neo4j_store.faults import ADDRESS, CA, CREDENTIALS
from graph.options import GraphOptions

SCHEMES = frozenset({"neo4j", "neo4j+s", "bolt", "bolt+s"})
"""`+s` is TLS; what takes any certificate (`+ssc`) is not among them."""

_LARGEST = 4096


@dataclass(frozen=True, slots=True)
class Access:
    """A checked address with what it takes to get in. `password` is in no representation."""

    address: str
    encrypted: bool
    user: str
    password: str = field(repr=False)
    options: GraphOptions

    @staticmethod
    def read(url: str, options: GraphOptions) -> Access:
        """The access to `url`, with credentials from their file.

        Raises Invalid (field: the setting at fault) for an address of another form, above all for one that holds
        credentials; for a missing credentials setting, a file that others may read or of another form; Unavailable
        for a file that cannot be read.
        """
        try:
            parts = urlsplit(url)
            plain = (bool(parts.hostname) and parts.port is not None) or bool(parts.hostname)
        except ValueError:
            raise Invalid(field=ADDRESS) from None
        if "@" in parts.netloc:
            raise Invalid(field=ADDRESS, fix="graph.no_credentials", cause="credentials in an address")
        if parts.scheme not in SCHEMES or not plain or parts.path not in {"", "/"} or parts.query or parts.fragment:
            raise Invalid(field=ADDRESS)
        if options.credentials is None:
            raise Invalid(field=CREDENTIALS, fix="graph.name_a_file", cause="no credentials file named")
        user, password = _credentials(options.credentials)
        scheme, _, secured = parts.scheme.partition("+")
        if options.ca is not None:
            if not secured:
                raise Invalid(field=CA, fix="graph.needs_tls", cause="a certificate for an address without TLS")
            if not options.ca.is_file():
                raise Unavailable(field=CA, cause="no certificate file")
        return Access(f"{scheme}://{parts.netloc}", bool(secured), user, password, options)


def _credentials(path: Path) -> tuple[str, str]:
    """User and password from a file `user/password`, the form that Neo4j's own container takes too."""
    try:
        with path.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            if not stat.S_ISREG(mode) or mode & 0o077:
                raise Invalid(field=CREDENTIALS, fix="keys.mode_0600", cause="file open to group or others")
            text = stream.read(_LARGEST).decode("utf-8").strip()
    except OSError as error:
        raise Unavailable(field=CREDENTIALS, cause=f"file not read: errno {error.errno}") from None
    except UnicodeDecodeError:
        text = ""
    user, _, password = text.partition("/")
    if not user or not password:
        raise Invalid(field=CREDENTIALS, fix="graph.user_slash_password", cause="credentials of another form")
    return user, password
