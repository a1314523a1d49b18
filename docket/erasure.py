"""An erasure, as the docket carries it out: one transaction for what is about them, one for each page of held rows."""

from __future__ import annotations

from functools import partial

from docket.store import DocketStore
from docket.striking import BEGIN, HELD, Gone, Names, Place, strike_about, strike_held

AT_ONCE = 200
"""Held rows that are looked at in one transaction: so many are in memory, and others write in between."""


async def strike(store: DocketStore, gone: Gone, names: Names) -> int:
    """Take away what is kept of people who were erased; how many held rows named them.

    What is written about them from then on is left out (`docket/striking.py`), but for the content of rows, which is
    looked at here alone. Cut off anywhere, it is called again; a call after the last finds nothing. Raises Unavailable.
    """
    number = 0
    await store.work(partial(strike_about, opener=store.opener, gone=gone))
    for outcome in HELD:
        place: Place | None = BEGIN
        while place is not None:
            page = partial(strike_held, opener=store.opener, names=names, outcome=outcome, after=place, size=AT_ONCE)
            struck, place = await store.work(page)
            number += struck
    return number
