"""Neo4j's errors in the hub's words, translated at the door. No query, parameter or text of the server's goes along.

The server's messages quote statements and sometimes values: only its code (`Neo.ClientError.…`) or the error's class
name becomes a cause.
"""

from __future__ import annotations

import ssl

from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from domain.errors import Broken, KindredError, Unavailable

ADDRESS, CREDENTIALS, DATABASE, CA = (
    "KINDRED_GRAPH",
    "KINDRED_GRAPH_CREDENTIALS",
    "KINDRED_GRAPH_DATABASE",
    "KINDRED_GRAPH_CA",
)

_REFUSED = ("Neo.ClientError.Security.",)
_NO_DATABASE = "Neo.ClientError.Database.DatabaseNotFound"
_OURS = ("Neo.ClientError.Statement.", "Neo.ClientError.Schema.", "Neo.ClientError.Procedure.")
_LATER = (
    "Neo.ClientError.Transaction.TransactionTimedOut",
    "Neo.ClientError.Transaction.LockClientStopped",
    "Neo.ClientError.Cluster.",
    "Neo.ClientError.Database.",
    "Neo.TransientError.",
    "Neo.DatabaseError.Transaction.",
    "Neo.DatabaseError.General.",
)


class Passing(Unavailable):
    """Unavailable now, and worth asking again at once: what a read tries again for, and nobody else sees the
    difference."""


def translate(error: Exception) -> KindredError:
    """What a driver's or server's error means.

    Passing: the server is away, changing its leader, short of something, or the connection broke. Unavailable: it
    answers, but refuses us (credentials, certificate, database; `field` and `fix` say which). Broken: a fault of ours.
    """
    if isinstance(error, AuthError):
        return Unavailable(field=CREDENTIALS, fix="graph.credentials", cause=error.code or type(error).__name__)
    if isinstance(error, Neo4jError):
        return _of_server(error.code or "", error.is_retryable())
    if _certificate(error):
        return Unavailable(field=CA, fix="graph.certificate", cause="certificate refused")
    if isinstance(error, ServiceUnavailable | SessionExpired):
        return Passing(field=ADDRESS, fix="graph.reachable", cause=type(error).__name__)
    if isinstance(error, ConfigurationError):
        return Unavailable(field=ADDRESS, fix="graph.address", cause=type(error).__name__)
    if isinstance(error, DriverError) and error.is_retryable():
        return Passing(cause=type(error).__name__)
    if isinstance(error, OSError | TimeoutError):
        return Passing(field=ADDRESS, fix="graph.reachable", cause=type(error).__name__)
    return Broken(cause=type(error).__name__)


def _of_server(code: str, retryable: bool) -> KindredError:
    if code.startswith(_REFUSED):
        return Unavailable(field=CREDENTIALS, fix="graph.credentials", cause=code)
    if code == _NO_DATABASE:
        return Unavailable(field=DATABASE, fix="graph.database", cause=code)
    if retryable:
        return Passing(cause=code)
    if code.startswith(_OURS) or not code.startswith(_LATER):
        return Broken(cause=code)
    return Unavailable(cause=code)


def _certificate(error: BaseException | None) -> bool:
    """Whether a failed handshake of TLS stands anywhere behind an error."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, ssl.SSLError):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False
