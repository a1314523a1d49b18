"""Coarse forms that several categories share. Each takes the full value and loses what singles a person out."""

from __future__ import annotations

_BAND = 100_000


def year_of(iso_date: str) -> int:
    """The year of an ISO date or month."""
    return int(iso_date[:4])


def money_band(tenge: int) -> str:
    """Bands of 100,000 tenge, the last open: `0-100000`, …, `1000000+`."""
    if tenge >= 10 * _BAND:
        return f"{10 * _BAND}+"
    low = max(tenge, 0) // _BAND * _BAND
    return f"{low}-{low + _BAND}"
