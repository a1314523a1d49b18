"""Errors, sorted by what the caller should do. The public code may leave the hub; the private cause never does."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """The closed list of public codes (`extensions.code`). Adding one is a change of the outside contract."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    ACTIVITY_REQUIRED = "ACTIVITY_REQUIRED"
    ACTIVITY_REFUSED = "ACTIVITY_REFUSED"
    CASE_REQUIRED = "CASE_REQUIRED"
    CASE_REFUSED = "CASE_REFUSED"
    WARRANT_REQUIRED = "WARRANT_REQUIRED"
    BAD_REQUEST = "BAD_REQUEST"
    INVALID_QUERY = "INVALID_QUERY"
    INVALID_ARGUMENT = "INVALID_ARGUMENT"
    INVALID_NATIONAL_ID = "INVALID_NATIONAL_ID"
    INVALID_DATE = "INVALID_DATE"
    TOO_LARGE = "TOO_LARGE"
    TOO_COMPLEX = "TOO_COMPLEX"
    STALE = "STALE"
    SECOND_PERSON_REQUIRED = "SECOND_PERSON_REQUIRED"
    TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


class KindredError(Exception):
    """Base of all errors that cross a room's door.

    `code` is public; `field` names the argument, header or column at fault and `fix` is a text key that says how to
    mend it (both public, never personal data); `cause` is private and goes to the log of the operator alone.
    """

    code: Code = Code.INTERNAL

    def __init__(
        self, code: Code | None = None, *, field: str | None = None, fix: str | None = None, cause: str | None = None
    ) -> None:
        self.code = code if code is not None else type(self).code
        self.field = field
        self.fix = fix
        self.cause = cause
        super().__init__(str(self.code))


class Invalid(KindredError):
    """The caller's input is wrong: mend it and send it again."""

    code = Code.BAD_REQUEST


class Refused(KindredError):
    """The caller may not: sending it again changes nothing."""

    code = Code.ACTIVITY_REFUSED


class Unavailable(KindredError):
    """Something of ours is not reachable or not sure: the same call may succeed later. Nothing was disclosed."""

    code = Code.UNAVAILABLE


class Broken(KindredError):
    """A fault of ours: an operator has to look."""

    code = Code.INTERNAL


class Skip(KindredError):
    """One item cannot be used; the rest goes on. `cause` holds a reason code, never the item."""

    code = Code.BAD_REQUEST
