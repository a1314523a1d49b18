"""What people read beside a public code. Fixed texts: nothing of a request or of a person stands in them."""

from __future__ import annotations

from collections.abc import Mapping

from domain.errors import Code

PUBLIC_TEXT: Mapping[Code, str] = {
    Code.UNAUTHENTICATED: "A valid access token is needed.",
    Code.ACTIVITY_REQUIRED: "Name a processing activity in the Kindred-Activity header.",
    Code.ACTIVITY_REFUSED: "This activity is not open to you.",
    Code.CASE_REQUIRED: "This activity needs a case in the Kindred-Case header.",
    Code.CASE_REFUSED: "This case is not open to you.",
    Code.WARRANT_REQUIRED: "This read needs a warrant in force on the case.",
    Code.BAD_REQUEST: "The request is not well formed.",
    Code.INVALID_QUERY: "The query is not valid.",
    Code.INVALID_ARGUMENT: "An argument is out of its bounds.",
    Code.INVALID_NATIONAL_ID: "The national id is not valid.",
    Code.INVALID_DATE: "The date is not valid; write YYYY-MM-DD, an instant as YYYY-MM-DDThh:mm:ssZ.",
    Code.TOO_LARGE: "The request is too large.",
    Code.TOO_COMPLEX: "The query asks for too much at once.",
    Code.STALE: "This has changed since it was read; read it again.",
    Code.SECOND_PERSON_REQUIRED: "Another person has to approve this.",
    Code.TOO_MANY_REQUESTS: "Too many requests; try again later.",
    Code.UNAVAILABLE: "The service is not available at present; try again later.",
    Code.INTERNAL: "An internal error occurred.",
}
"""A text for every code; programs should go by the code."""
