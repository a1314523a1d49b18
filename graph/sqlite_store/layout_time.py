"""The second step of the layout: what stood at every earlier sequence, decisions made anew, ids that name another.

A current row is in force from `since`; what a batch replaces goes to the `_past` table of the same name and was in
force at s if since <= s < until. A bulk load of new people replaces nothing and so writes nothing there.

Of rows that were written before this step it is not known when. They count as written with the last claim of their
person, for that is when their fold last changed; without claims with the last decision on a key of the person, and
without one with the newest batch. What they replaced is gone: reads at an earlier sequence do not show them.
"""

from __future__ import annotations

TIME = (
    # The newest sequence at which a key was decided anew, an id came to name another or somebody was forgotten.
    "ALTER TABLE meta ADD COLUMN parted INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX batch_instant ON batch (instant)",
    "ALTER TABLE record ADD COLUMN since INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE link ADD COLUMN since INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE membership ADD COLUMN since INTEGER NOT NULL DEFAULT 0",
    """UPDATE record SET since = coalesce(
        (SELECT max(c.seq) FROM source_key k JOIN claim c ON c.key = k.key WHERE k.person = record.id >> 4),
        (SELECT max(k.seq) FROM source_key k WHERE k.person = record.id >> 4), (SELECT max(seq) FROM batch), 0)""",
    """UPDATE link SET since = coalesce(
        (SELECT max(c.seq) FROM source_key k JOIN claim c ON c.key = k.key WHERE k.person = link.person),
        (SELECT max(k.seq) FROM source_key k WHERE k.person = link.person), (SELECT max(seq) FROM batch), 0)""",
    """UPDATE membership SET since = coalesce(
        (SELECT max(c.seq) FROM source_key k JOIN claim c ON c.key = k.key WHERE k.person = membership.person),
        (SELECT max(k.seq) FROM source_key k WHERE k.person = membership.person), (SELECT max(seq) FROM batch), 0)""",
    """CREATE TABLE record_past (
        id INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, sealed BLOB NOT NULL,
        PRIMARY KEY (id, since)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE link_past (
        person INTEGER NOT NULL, since INTEGER NOT NULL, place INTEGER NOT NULL, until INTEGER NOT NULL,
        other INTEGER NOT NULL, kind TEXT NOT NULL, year INTEGER NOT NULL, key BLOB NOT NULL, sealed BLOB NOT NULL,
        PRIMARY KEY (person, since, place)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX link_past_other ON link_past (other)",
    """CREATE TABLE membership_past (
        person INTEGER NOT NULL, since INTEGER NOT NULL, place INTEGER NOT NULL, until INTEGER NOT NULL,
        household INTEGER NOT NULL, sealed BLOB NOT NULL,
        PRIMARY KEY (person, since, place)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX membership_past_household ON membership_past (household)",
    # The decision in force stands in source_key (person, reason, seq); those before it here, none ever rewritten.
    """CREATE TABLE decision_past (
        key BLOB NOT NULL, seq INTEGER NOT NULL, person INTEGER NOT NULL, reason TEXT NOT NULL,
        PRIMARY KEY (key, seq)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX decision_past_person ON decision_past (person)",
    # `person` was moved into `target` at `seq`, each link of a chain kept, so that a part of it can be undone. `named`
    # is the chain's end, derived, so that a read is one look-up.
    """CREATE TABLE moved (
        person INTEGER PRIMARY KEY, target INTEGER NOT NULL, seq INTEGER NOT NULL, named INTEGER NOT NULL) STRICT""",
    "CREATE INDEX moved_target ON moved (target)",
    "CREATE TABLE mark (hash BLOB PRIMARY KEY) STRICT, WITHOUT ROWID",
)
