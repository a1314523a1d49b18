"""New versions of root keys, and the end of old ones: what may be done to a key set, and when.

Pure functions from roots to roots. Who calls them holds the key file (`FileProvider.held`) and has counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.errors import Invalid, Refused
from vault.key_ring import LASTING, KeyRing
from vault.provider import MAX_VERSION, Root, RootKey, Roots

COMPARTMENTS = (Root.DOCKET, Root.PROTECTIVE, Root.CURSOR, Root.OUTBOX, Root.LEDGER)
"""What they sealed stays as it is, so that their old versions stay too."""
IN_FLIGHT = timedelta(minutes=15)
"""How long after a new version was made something may still come to be stored under the one before: longer than any
page of a pull takes."""


class Rewrapper:
    """Puts wrapped data keys under the newest wrapping key, and counts what it saw, by version. `only_counting` leaves
    everything as it is. Gives no way to what is wrapped."""

    def __init__(self, ring: KeyRing, *, only_counting: bool = False) -> None:
        self._ciphers = ring._ciphers
        self._counting = only_counting
        self.seen: Counter[int] = Counter()

    def __call__(self, wrapped: bytes) -> bytes:
        """The same key, wrapped as it should be. Raises Broken for what does not open."""
        self.seen[wrapped[1] if len(wrapped) > 1 else 0] += 1
        return wrapped if self._counting else self._ciphers.rewrap(wrapped)

    def under_older(self, newest: int) -> int:
        """How many lay under other versions than the newest."""
        return sum(count for version, count in self.seen.items() if version != newest)


def with_new(
    roots: Roots, which: Sequence[Root], secrets: Sequence[bytes], now: datetime, until: datetime | None = None
) -> Roots:
    """A key set with a new newest version of some roots, not settled yet. `until`: how long the version that was the
    newest is honoured from now on. Raises Refused if a root has had all the versions there can be."""
    after = dict(roots)
    for root, secret in zip(which, secrets, strict=True):
        *older, last = roots[root]
        if last.version >= MAX_VERSION:
            raise Refused(field=root.value, fix="keys.no_more_versions", cause="no further version of this key")
        after[root] = (*older, replace(last, until=until), RootKey(last.version + 1, secret, now, None, settled=False))
    return after


def merged(backup: Roots, present: Roots) -> Roots:
    """Every version of either of two sets of one hub's keys: what a backup brings may lie under versions that were
    retired since, what is there under newer ones. Where the sets differ, what has to lie under the newest is to be put
    there anew. Raises Invalid if they are not one hub's."""
    for root in Root:
        versions = {key.version: key.secret for key in backup[root]}
        if any(versions.get(key.version, key.secret) != key.secret for key in present[root]) or (
            root in LASTING and backup[root][0].secret != present[root][0].secret
        ):
            cause = "the backup's keys and the present ones are not of one hub"
            raise Invalid(field="KINDRED_KEYS", fix="keys.of_this_hub", cause=cause)
    after: dict[Root, tuple[RootKey, ...]] = {}
    for root in Root:
        all_of = {key.version: key for key in (*backup[root], *present[root])}
        *older, last = (all_of[version] for version in sorted(all_of))
        alike = {key.version for key in backup[root]} == {key.version for key in present[root]}
        after[root] = (*older, last if alike else replace(last, settled=False))
    return after


def settled(roots: Roots, root: Root) -> Roots:
    """The same with its newest version settled: everything it is for lies under it."""
    *older, last = roots[root]
    return {**roots, root: (*older, replace(last, settled=True))}


def without(roots: Roots, root: Root, now: datetime) -> Roots:
    """A key set that keeps the newest version of a root alone; that is not settled, for what is left of the others has
    to go. Raises Invalid if there are no others, Refused if the newest is not settled or not old enough."""
    *older, last = roots[root]
    if not older:
        raise Invalid(field=root.value, fix="keys.nothing_to_retire", cause="there is one version alone")
    if not last.settled:
        raise Refused(field=root.value, fix="keys.rotate_to_the_end", cause="the newest version is not settled yet")
    if last.made is not None and now < last.made + IN_FLIGHT:
        raise Refused(field=root.value, fix="keys.wait_for_what_is_in_flight", cause="the newest version is too young")
    if any(key.until is not None and now < key.until for key in older):
        raise Refused(field=root.value, fix="keys.wait_until_lapsed", cause="an older version is still honoured")
    return {**roots, root: (replace(last, settled=False),)}
