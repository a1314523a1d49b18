"""Logs: one JSON object a line on standard error. Query texts, variables and names are never handed to them."""

from __future__ import annotations

import json
import logging
import sys
from typing import TextIO, cast

import structlog


def set_up(level: int = logging.INFO) -> None:
    """Set up logs for the process."""
    output = cast(TextIO, _StandardError())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=output),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(output)
    handler.setFormatter(Sparing())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


class _StandardError:
    """Whatever standard error is at the moment of writing: who exchanges it keeps what was set up before."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


class Sparing(logging.Formatter):
    """Lines of other libraries: who says something, how grave it is, and the kind of an exception.

    Texts of theirs may quote what they were handed, so only the server's own are shown, and never an exception's.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One JSON object."""
        told: dict[str, object] = {"level": record.levelname.lower(), "logger": record.name}
        if record.exc_info and record.exc_info[0] is not None:
            told["kind"] = record.exc_info[0].__name__
        elif record.name.startswith("uvicorn"):
            told["event"] = record.getMessage()
        return json.dumps(told, ensure_ascii=False)
