"""What a leaf tells, and what it does not."""

from __future__ import annotations

import json
import random
from pathlib import Path

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from domain.entries import Act, Entry, Reach, Shown
from domain.ids import PersonId
from policy.ledger.leaves import BODY_BYTES, Prepared, Preparer, body, body_content
from policy.ledger.ledger import Ledger
from policy.ledger.verifying import verify_export
from tests.policy.ledger.making import START, entry, ring, shown

HEADER_FIELDS = {
    "type", "id", "act", "at", "actor", "acting_for", "client", "agency", "unit", "role", "activity", "purpose",
    "basis", "case", "warrant", "decision", "reason", "request_id", "document_hash", "variables_hash", "token_id",
    "graph_sequence", "policy_hash", "quiet", "body",
}  # fmt: skip


def prepared(one: Entry, seed: int = 1) -> Prepared:
    """An entry's leaves under the fixed keys."""
    return Preparer(ring(), random.Random(seed).randbytes).prepare(one)


def test_header_in_full_and_nothing_more() -> None:
    """All fields of the header; case, warrant and request keyed; nobody's id, no key of the entry."""
    people = (shown(1_234_567_890_123), shown(9_876_543_210_987, Reach.LISTED))
    header = json.loads(prepared(entry(1, *people, warrant="WARRANT-9", attempted=(PersonId(5_555_555_555),))).header)
    assert set(header) == HEADER_FIELDS
    assert header["actor"] == "officer-7"
    assert header["at"] == "2026-03-01T09:00:01.001Z"
    text = json.dumps(header)
    ids = ("1234567890123", "9876543210987", "5555555555")
    for hidden in (*ids, "CASE-0042", "WARRANT-9", "request-1", "r-1", "token-1", "e" * 64):
        assert hidden not in text
    assert len({header[name] for name in ("case", "warrant", "request_id", "variables_hash", "token_id")}) == 5


CLEAR = {
    "type", "act", "at", "client", "agency", "unit", "role", "activity", "purpose", "basis", "decision", "reason",
    "document_hash", "graph_sequence", "policy_hash", "quiet",
}  # fmt: skip


def test_no_two_entries_of_one_person_can_be_joined() -> None:
    """Two entries alike in all but their key: no field that stands for a person, a case or a request is alike."""
    told = {"case": "CASE-1", "warrant": "W-1", "request_id": "r", "acting_for": "guardian", "at": START}
    same = told | {"role": "family_member", "graph_sequence": 1}
    first, second = (prepared(entry(number, shown(77), **same)) for number in (1, 2))
    headers = json.loads(first.header), json.loads(second.header)
    assert {name for name in headers[0] if headers[0][name] == headers[1][name]} == CLEAR
    leaves = json.loads(first.subjects[0].leaf), json.loads(second.subjects[0].leaf)
    alike = {name for name in leaves[0] if leaves[0][name] == leaves[1][name]}
    assert alike == {"type", "epoch", "reach", "categories"}
    assert (first.actor, first.subjects[0].pseudonym) == (second.actor, second.subjects[0].pseudonym), "the index joins"
    assert first.actor not in first.header.decode() and first.subjects[0].pseudonym.hex() not in str(leaves[0])


async def test_an_export_joins_no_looks(ledger: Ledger, tmp_path: Path) -> None:
    """Somebody finds the request their own account told of, in the file, and what lies beside it: it leads nowhere."""
    for number in range(6):
        quiet = number % 2 == 1
        await ledger.append(entry(number, shown(5), shown(6, Reach.LISTED), quiet=quiet))
    await ledger.export(tmp_path / "log")
    text = (tmp_path / "log").read_text()
    leaves = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert len(leaves) == 18 and "r-0" not in text and "token-1" not in text and "CASE-0042" not in text
    for name in ("pseudonym", "tie", "id", "case", "request_id", "variables_hash", "token_id", "body"):
        values = [leaf[name] for leaf in leaves if name in leaf]
        assert len(set(values)) == len(values) > 0, name
    assert len(await ledger.by_subject(PersonId(5), 50)) == 3, "positive control: the index still finds them all"


def test_members_of_the_public_stand_under_a_pseudonym() -> None:
    """An officer's id is clear, a family member's is not."""
    own = entry(1, actor="oidc-subject-77", role="family_member", activity="subject-access")
    assert "oidc-subject-77" not in prepared(own).header.decode()
    assert prepared(own).actor == prepared(entry(2, actor="oidc-subject-77", role="family_member")).actor
    assert prepared(entry(1)).actor == "officer-7"


def test_subject_leaf_names_person_and_header_by_key_and_salt_alone() -> None:
    """Salted anew each time; nothing of header or person is in the leaf."""
    first = prepared(entry(1, shown(77, Reach.OPENED, "amount", "since")))
    leaf = json.loads(first.subjects[0].leaf)
    assert leaf["categories"] == {"income": {"detail": "full", "fields": ["amount", "since"]}}
    assert set(leaf) == {"type", "epoch", "pseudonym", "reach", "categories", "tie"}
    assert json.loads(prepared(entry(1, shown(77)), seed=2).subjects[0].leaf)["tie"] != leaf["tie"]
    assert first.header_hash.hex() not in first.subjects[0].leaf.decode()


def test_an_empty_category_counts_as_shown() -> None:
    """Permitted and empty is still disclosed."""
    empty = Shown(PersonId(5), Reach.OPENED, {"tax": ("coarse", frozenset())})
    leaf = json.loads(prepared(entry(1, empty)).subjects[0].leaf)
    assert leaf["categories"] == {"tax": {"detail": "coarse", "fields": []}}


def test_a_subject_noted_twice_gets_one_leaf() -> None:
    """The farther reach, all fields, the fuller detail."""
    categories = {"income": ("coarse", frozenset({"band"})), "name": ("full", frozenset[str]())}
    coarse = Shown(PersonId(5), Reach.LISTED, categories)
    subjects = prepared(entry(1, coarse, shown(5), shown(6))).subjects
    assert len(subjects) == 2
    leaf = json.loads(subjects[0].leaf)
    assert leaf["reach"] == "opened"
    assert leaf["categories"]["income"] == {"detail": "full", "fields": ["amount", "band"]}
    assert "name" in leaf["categories"]


ANY_TEXT = st.text(st.characters())


@given(st.dictionaries(ANY_TEXT, ANY_TEXT | st.integers() | st.floats() | st.lists(ANY_TEXT), max_size=8))
def test_hidden_and_nonexistent_grow_the_tree_alike(asked: dict[str, object]) -> None:
    """Whatever was asked for, and whether it is here: as many leaves, each as long."""
    absent = prepared(entry(1, act=Act.DENIAL, sealed={}))
    hidden = prepared(entry(1, act=Act.DENIAL, sealed=asked, attempted=(PersonId(8),)))
    assert len(absent.header) == len(hidden.header)
    assert len(absent.people) == len(hidden.people)
    assert absent.subjects == hidden.subjects == ()
    assert len(body(asked)) == BODY_BYTES


def test_no_request_escapes_its_entry() -> None:
    """What JSON can hardly say is kept all the same."""
    deep: list[object] = []
    for _ in range(50_000):
        deep = [deep]
    for asked in ({"q": "\ud800"}, {"q": 2**70}, {"q": b"raw"}):
        assert "q" in body_content(body(dict(asked)))
    assert body_content(body({"q": deep})) == {"unsayable": True}


def test_body_keeps_what_fits_and_digests_what_does_not() -> None:
    """The worst text to escape, at every length around the limit."""
    assert body_content(body({"iin": "123"})) == {"iin": "123"}
    for length in (1000, 1005, 1006, 1007, 1010, 1011, 1012, 1013, 5000):
        clear = body({"q": '"\\\n' * (length // 3)})
        assert len(clear) == BODY_BYTES
        assert set(body_content(clear)) in ({"q"}, {"begins", "digest", "length"})
    assert body_content(body({"q": "x" * 5000}))["length"] == 5008


async def test_receipt_opens_one_subject(ledger: Ledger) -> None:
    """It ties this leaf to this header, and only these."""
    first = await ledger.append(entry(1, shown(5), shown(6), shown(7, Reach.LISTED)))
    second = await ledger.append(entry(2, shown(5)))
    receipt = await ledger.receipt(first.position, PersonId(5))
    other = await ledger.receipt(second.position, PersonId(5))
    assert receipt is not None and other is not None
    assert receipt.holds() and receipt.header_index == first.index
    assert not type(receipt)(other.header, 0, receipt.subject, 0, receipt.salt).holds()
    assert not type(receipt)(receipt.header, 0, receipt.subject, 0, other.salt).holds()
    assert await ledger.receipt(first.position, PersonId(7)) is None, "listed only: not in their own log"
    assert await ledger.receipt(first.position, PersonId(8)) is None
    assert await ledger.receipt(b"made up", PersonId(5)) is None


async def test_leaves_of_a_commit_are_shuffled(ledger: Ledger, tmp_path: Path) -> None:
    """Among many entries written one by one, the header's place among its subjects varies; all leaves are canonical."""
    offsets = set()
    for number in range(30):
        receipt = await ledger.append(entry(number, shown(1), shown(2), shown(3)))
        offsets.add(receipt.index - 4 * number)
    assert offsets == {0, 1, 2, 3}
    await ledger.export(tmp_path / "log")
    lines = (tmp_path / "log").read_bytes().split(b"\n")[:120]
    assert all(rfc8785.dumps(json.loads(line)) == line for line in lines)
    ledger.write_public_key(tmp_path / "key")
    assert verify_export(tmp_path / "log", (tmp_path / "key").read_text()).outcome == 0
