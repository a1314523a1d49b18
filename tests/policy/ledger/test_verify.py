"""Whoever alters, cuts, reorders or forks the log is found, and told where."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.entries import Act, Reach
from domain.errors import Broken
from domain.ids import PersonId
from policy.ledger.auditing import verify_store
from policy.ledger.canonical import encode
from policy.ledger.export import export_ledger
from policy.ledger.judging import Verdict
from policy.ledger.tree import Frontier, leaf_hash
from policy.ledger.verifying import verify_export
from tests.policy.ledger.making import entry, opened, ring, shown
from vault.key_ring import KeyRing

LEAVES = 24


@dataclass(frozen=True)
class Written:
    """A log of 24 leaves: its store, its export, its key, and the checkpoint published when it had 8."""

    store: Path
    file: Path
    key: str
    older: str

    @property
    def url(self) -> str:
        """The store's address."""
        return f"sqlite:///{self.store}"

    def check_file(self, checkpoint: str | None = None) -> Verdict:
        """The verdict on the export."""
        return verify_export(self.file, self.key, checkpoint)

    def check_store(self, checkpoint: str | None = None, keys: KeyRing | None = None) -> Verdict:
        """The verdict on the store."""
        return verify_store(self.url, self.key, checkpoint, keys)

    def lines(self) -> list[bytes]:
        """The export's lines."""
        return self.file.read_bytes().split(b"\n")

    def sql(self, *statements: str, values: tuple[object, ...] = ()) -> None:
        """Alter the store behind the hub's back."""
        connection = sqlite3.connect(self.store)
        for statement in statements:
            connection.execute(statement, values if "?" in statement else ())
        connection.commit()
        connection.close()


@pytest.fixture
async def written(tmp_path: Path) -> Written:
    """Entries of every sort."""
    store = tmp_path / "ledger.db"
    hub = opened(f"sqlite:///{store}")
    older = ""
    for number in range(6):
        account = {"role": "family_member"} if number % 2 else {}
        await hub.append(entry(3 * number, shown(5), shown(6, Reach.LISTED)))
        await hub.append(entry(3 * number + 1, act=Act.DENIAL, decision="deny", attempted=(PersonId(7),), **account))
        if number == 1:
            older = await hub.checkpoint()
    await hub.export(tmp_path / "log")
    hub.write_public_key(tmp_path / "key")
    await hub.close()
    return Written(store, tmp_path / "log", (tmp_path / "key").read_text(), older)


def test_whole(written: Written) -> None:
    """Intact alone, and grown from the older checkpoint."""
    assert [written.check_file().outcome, written.check_file(written.older).outcome] == [0, 0]
    assert [written.check_store().outcome, written.check_store(written.older).outcome] == [0, 0]
    assert "24 leaves" in written.check_file().text and "checkpoint of 8" in written.check_store(written.older).text
    assert "elsewhere" in written.check_file().text, "what it cannot rule out is said"
    for verdict in (written.check_file(written.older), written.check_store(written.older)):
        assert "of attempts, leaves tell that and by whom, not at whom" in verdict.text


async def test_exported_from_the_address_alone(written: Written, tmp_path: Path) -> None:
    """The same bytes; and an empty log exports and verifies too."""
    assert export_ledger(written.url, ring(), tmp_path / "again") == LEAVES
    assert (tmp_path / "again").read_bytes() == written.file.read_bytes()
    new = f"sqlite:///{tmp_path / 'new.db'}"
    await opened(new).close()
    assert export_ledger(new, ring(), tmp_path / "empty") == 0
    assert verify_export(tmp_path / "empty", written.key).outcome == 0
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")], "no drafts are left"


async def test_nothing_is_exported_of_a_log_that_lost_leaves(written: Written, tmp_path: Path) -> None:
    """No file that would pass for the log."""
    written.sql("DELETE FROM leaves WHERE number = 23")
    with pytest.raises(Broken):
        export_ledger(written.url, ring(), tmp_path / "again")
    assert not {"again", "again.hashes"} & set(os.listdir(tmp_path))


@pytest.mark.parametrize("number", [0, 7, 8, LEAVES - 1])
def test_one_byte_of_one_leaf(written: Written, number: int) -> None:
    """Named exactly while the hashes are beside the file; else by what the checkpoints leave open."""
    lines = written.lines()
    at = lines[number].index(b'"type"') + 2
    lines[number] = lines[number][:at] + b"T" + lines[number][at + 1 :]
    written.file.write_bytes(b"\n".join(lines))
    verdict = written.check_file()
    assert (verdict.outcome, verdict.leaf) == (1, number)
    assert f"leaf {number} " in verdict.text
    written.file.with_name("log.hashes").unlink()
    assert (written.check_file().outcome, written.check_file().leaf) == (1, 0)
    assert written.check_file(written.older).leaf == (0 if number < 8 else 8)


def _first(lines: list[bytes]) -> list[bytes]:
    return [b"x" + lines[0][1:], *lines[1:]]


FILE_FAULTS: dict[str, tuple[Callable[[list[bytes]], list[bytes]], int]] = {
    "a leaf is no JSON": (_first, 0),
    "a leaf is gone": (lambda lines: lines[:3] + lines[4:], 3),
    "a leaf too many": (lambda lines: [*lines[:4], lines[3], *lines[4:]], 4),
    "two have changed places": (lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]], 5),
    "the end is gone": (lambda lines: lines[:20] + lines[LEAVES:], 20),
    "cut in a line": (lambda lines: [*lines[:9], lines[9][:50]], 9),
    "cut before the checkpoint": (lambda lines: [*lines[:LEAVES], b""], LEAVES),
    "a leaf appended": (lambda lines: [*lines[:LEAVES], lines[0], *lines[LEAVES:]], LEAVES),
}


@pytest.mark.parametrize("fault", FILE_FAULTS)
def test_altered_files(written: Written, fault: str) -> None:
    """Each is found, at its leaf."""
    alter, leaf = FILE_FAULTS[fault]
    written.file.write_bytes(b"\n".join(alter(written.lines())))
    verdict = written.check_file()
    assert (verdict.outcome, verdict.leaf) == (1, leaf), verdict.text


def test_altered_checkpoint(written: Written) -> None:
    """A changed size, root or signature."""
    whole = written.file.read_bytes()
    root, signature = whole.split(b"\n")[-4][:8], whole.split(b"\n")[-2][-20:-2]
    for old, new in ((b"\n%d\n" % LEAVES, b"\n23\n"), (root, b"AAAAAAAA"), (signature, signature.swapcase())):
        assert old in whole
        written.file.write_bytes(whole.replace(old, new))
        assert written.check_file().outcome == 1


async def test_cut_back_with_an_older_checkpoint(written: Written) -> None:
    """Whole in itself; the checkpoint published since tells."""
    newest = "\n".join(written.file.read_text().split("\n")[LEAVES:])
    cut = b"\n".join(written.lines()[:8]) + b"\n" + written.older.encode()
    written.file.write_bytes(cut)
    assert written.check_file().outcome == 0
    verdict = written.check_file(newest)
    assert (verdict.outcome, verdict.leaf) == (1, 8)
    assert "missing" in verdict.text
    frontier = Frontier()
    for line in written.lines()[:8]:
        frontier.add(leaf_hash(line))
    written.sql(
        "DELETE FROM leaves WHERE number >= 8",
        "DELETE FROM entries WHERE header >= 8",
        "DELETE FROM looks WHERE leaf >= 8",
        "DELETE FROM checkpoints WHERE size > 8",
    )
    written.sql("UPDATE head SET leaves = 8, entries = 4, peaks = ?", values=(frontier.dump(),))
    assert written.check_store().outcome == 0, "positive control: nothing in the store tells"
    assert (written.check_store(newest).outcome, written.check_store(newest).leaf) == (1, 8)


async def test_fork_signed_with_the_same_key(written: Written, tmp_path: Path) -> None:
    """Another log by the same hub, whole in itself: not grown from the published checkpoint."""
    hub = opened(f"sqlite:///{tmp_path / 'fork.db'}")
    for number in range(LEAVES):
        await hub.append(entry(100 + number))
    await hub.export(tmp_path / "fork")
    await hub.close()
    assert verify_export(tmp_path / "fork", written.key).outcome == 0
    verdict = verify_export(tmp_path / "fork", written.key, written.older)
    assert (verdict.outcome, verdict.leaf) == (1, 0)
    assert verify_store(f"sqlite:///{tmp_path / 'fork.db'}", written.key, written.older).outcome == 1


def test_cannot_tell(written: Written, tmp_path: Path) -> None:
    """No file, no log, no key, another's key, another's checkpoint."""
    foreign = ring("foreign").signer()
    assert verify_export(tmp_path / "none", written.key).outcome == 2
    assert verify_store(f"sqlite:///{tmp_path / 'none.db'}", written.key).outcome == 2
    assert not (tmp_path / "none.db").exists()
    assert verify_export(written.file, "no key").outcome == 2
    assert verify_export(written.file, foreign.verifier).outcome == 2
    assert verify_store(written.url, foreign.verifier).outcome == 2
    assert written.check_file(foreign.sign("kindred/ledger\n0\n\n")).outcome == 2
    for content in (b"", b"hello\n", b"\xff" * 100, b"[]\n\n\n"):
        (tmp_path / "odd").write_bytes(content)
        assert verify_export(tmp_path / "odd", written.key).outcome == 2
        shutil.copy(tmp_path / "odd", tmp_path / "odd.db")
        assert verify_store(f"sqlite:///{tmp_path / 'odd.db'}", written.key).outcome == 2


STORE_FAULTS = {
    "a leaf": "UPDATE leaves SET leaf = replace(leaf, 'income', 'incomE') WHERE number = {subject}",
    "a leaf gone": "DELETE FROM leaves WHERE number = {subject}",
    "the last leaf gone": "DELETE FROM leaves WHERE number = 23",
    "two leaves exchanged": "UPDATE leaves SET number = 1000 - number WHERE number IN (3, 4)",
    "the head": "UPDATE head SET leaves = 23, peaks = zeroblob(128)",
    "the head's peaks": "UPDATE head SET peaks = zeroblob(64)",
    "a checkpoint": "UPDATE checkpoints SET note = replace(note, char(10) || '24', char(10) || '23')",
    "a number's kind": "UPDATE entries SET subjects = 'text' WHERE header = {header}",
    "an entry's actor": "UPDATE entries SET actor = 'somebody' WHERE header = {header}",
    "an entry's decision": "UPDATE entries SET decision = 'permit' WHERE decision = 'deny'",
    "an entry made quiet": "UPDATE entries SET quiet = 1 WHERE header = {header}",
    "an entry hidden": "DELETE FROM entries WHERE header = {header}",
    "an entry's salts": "UPDATE entries SET salts = zeroblob(32) WHERE header = {header}",
    "a look hidden": "DELETE FROM looks WHERE leaf = {subject}",
    "a look disowned": "UPDATE looks SET own = 0 WHERE leaf = {opened}",
    "a look at another leaf": "UPDATE looks SET leaf = {header} WHERE leaf = {subject}",
    "a look in another entry": "UPDATE looks SET entry = entry + 1 WHERE leaf = {subject}",
    "a look twice": "INSERT INTO looks SELECT zeroblob(16), own, entry, leaf FROM looks WHERE leaf = {subject}",
}
KEYED_FAULTS = {
    "a look of another": "UPDATE looks SET pseudonym = zeroblob(16) WHERE leaf = {subject}",
    "an account's actor": "UPDATE entries SET actor = '~' || hex(zeroblob(16)) WHERE header = {account}",
}


def places_in(written: Written) -> dict[str, int]:
    """The numbers of some leaves."""
    lines = [json.loads(line) for line in written.lines()[:LEAVES]]
    return {
        "header": next(n for n, one in enumerate(lines) if one["type"] == "header" and one["decision"] == "permit"),
        "subject": next(n for n, one in enumerate(lines) if one["type"] == "subject"),
        "opened": next(n for n, one in enumerate(lines) if one.get("reach") == "opened"),
        "account": next(n for n, one in enumerate(lines) if one.get("role") == "family_member"),
    }


@pytest.mark.parametrize("fault", KEYED_FAULTS)
def test_names_in_the_index(written: Written, fault: str) -> None:
    """Leaves have names of their own: the hub's keys tell; without them, or with others, it is said that they would."""
    assert written.check_store(keys=ring()).outcome == 0 and "hub's keys" not in written.check_store(keys=ring()).text
    places = places_in(written)
    written.sql(KEYED_FAULTS[fault].format(**places))
    verdict = written.check_store(keys=ring())
    assert (verdict.outcome, "index" in verdict.text) == (1, True)
    for keys in (None, ring("foreign")):
        assert written.check_store(keys=keys).outcome == 0
        assert "hub's keys" in written.check_store(keys=keys).text


@pytest.mark.parametrize("fault", STORE_FAULTS)
def test_altered_stores(written: Written, fault: str) -> None:
    """Every table that reads go by."""
    places = places_in(written)
    written.sql(STORE_FAULTS[fault].format(**places))
    verdict = written.check_store()
    assert verdict.outcome == 1, verdict.text
    if fault in {"a leaf", "a leaf gone"}:
        assert verdict.leaf == places["subject"]
    if fault.startswith("an entry hidden"):
        assert verdict.leaf == places["header"]


@pytest.mark.parametrize("number", [2, 20])
def test_leaf_and_hash_altered_together(written: Written, number: int) -> None:
    """The checkpoints kept in the store still tell between which of them."""
    leaf = json.loads(written.lines()[number]) | {"forged": True}
    forged = encode(leaf)
    connection = sqlite3.connect(written.store)
    connection.execute("UPDATE leaves SET leaf = ?, hash = ? WHERE number = ?", (forged, leaf_hash(forged), number))
    connection.commit()
    connection.close()
    verdict = written.check_store()
    assert (verdict.outcome, verdict.leaf) == (1, 0 if number < 8 else 8)
