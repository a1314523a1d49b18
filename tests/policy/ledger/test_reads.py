"""A person's own looks, and a reviewer's pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.entries import Act, Entry, Reach
from domain.errors import Broken, Invalid
from domain.ids import PersonId
from policy.ledger.ledger import Ledger
from policy.ledger.reading import MAX_PAGE
from tests.policy.ledger.making import START, entry, opened, request_of, shown

ME, RELATIVE, STRANGER = PersonId(2**57 + 5), PersonId(6), PersonId(7)


async def requests(ledger: Ledger, person: PersonId, first: int = 50, **more: object) -> list[str]:
    """Whose looks, by request id."""
    looks = await ledger.by_subject(person, first, **more)  # type: ignore[arg-type]
    return [request_of(look.header) for look in looks]


async def test_own_log_shows_looks_at_that_person(ledger: Ledger) -> None:
    """Opened or asked for and hidden; not listed beside another, not quiet, not their own reading, newest first."""
    await ledger.append(entry(1, shown(ME, Reach.OPENED, "amount"), shown(RELATIVE)))
    await ledger.append(entry(2, shown(ME, Reach.LISTED), shown(RELATIVE)))
    await ledger.append(entry(3, shown(ME), quiet=True))
    await ledger.append(entry(4, shown(ME), activity="subject-access", role="family_member", actor="me"))
    await ledger.append(entry(5, act=Act.DENIAL, decision="deny", attempted=(ME,)))
    await ledger.append(entry(6, shown(STRANGER)))
    await ledger.append(entry(7, attempted=(ME,), quiet=True))
    looks = await ledger.by_subject(ME, 50)
    assert [request_of(look.header) for look in looks] == ["r-5", "r-1"]
    assert looks[0].shown is None
    assert looks[1].shown == shown(ME, Reach.OPENED, "amount")
    assert looks[1].header.agency == "centre" and looks[1].header.at == entry(1).at
    assert await requests(ledger, RELATIVE) == ["r-2", "r-1"]


async def test_a_relative_is_not_in_my_log(ledger: Ledger) -> None:
    """What I am given of a shared entry is the same whoever else was shown in it."""
    await ledger.append(entry(1, shown(ME), shown(RELATIVE, Reach.OPENED, "secret", category="tax")))
    (mine,) = await ledger.by_subject(ME, 5)
    assert "secret" not in repr(mine.shown) and "tax" not in repr(mine.shown)


async def test_pages_and_positions(ledger: Ledger) -> None:
    """Pages join without gap or overlap; entries elsewhere shift nothing; strange positions give the empty page."""
    receipts = [await ledger.append(entry(number, shown(ME))) for number in range(7)]
    other = await ledger.append(entry(90, shown(STRANGER)))
    page = await ledger.by_subject(ME, 3)
    assert [look.position for look in page] == [receipt.position for receipt in receipts[:3:-1]]
    await ledger.append(entry(91, shown(STRANGER)))
    await ledger.append(entry(92, shown(ME)))
    assert await requests(ledger, ME, 3, after=page[-1].position) == ["r-3", "r-2", "r-1"]
    assert await requests(ledger, ME, 3, after=receipts[1].position) == ["r-0"]
    assert await requests(ledger, ME, 3, after=receipts[0].position) == []
    for strange in (other.position, b"", b"\x00" * 16, b"x" * 400):
        assert await requests(ledger, ME, 3, after=strange) == []
    assert await ledger.entries(5, after=b"made up") == ()


async def test_positions_tell_the_key_and_no_place(url: str) -> None:
    """The same in a log where other entries came between."""
    hub = opened(url)
    await hub.append(entry(1))
    there = await hub.append(entry(2, shown(ME)))
    await hub.close()
    other = opened(url + ".other")
    assert (await other.append(entry(2, shown(ME)))).position == there.position
    await other.close()


async def test_since(ledger: Ledger) -> None:
    """From that instant on."""
    for number in range(5):
        await ledger.append(entry(number, shown(ME)))
    assert await requests(ledger, ME, since=entry(3).at) == ["r-4", "r-3"]
    assert await requests(ledger, ME, since=START + timedelta(days=1)) == []


async def test_reviewers_see_everything(ledger: Ledger) -> None:
    """Denials, searches, quiet ones; people by id except in quiet entries; what was asked for."""
    await ledger.append(entry(1, shown(ME), shown(RELATIVE, Reach.LISTED), warrant="W-1"))
    await ledger.append(entry(2, act=Act.DENIAL, decision="deny", sealed={"iin": "850101300019"}, attempted=(ME,)))
    await ledger.append(entry(3, shown(ME), quiet=True, actor="officer-dv", activity="dv-response"))
    await ledger.append(entry(4, shown(ME), activity="subject-access", role="family_member", actor="sub-4"))
    own, quiet, denial, plain = await ledger.entries(10)
    assert plain.subjects == (shown(ME), shown(RELATIVE, Reach.LISTED))
    assert (plain.case, plain.warrant, plain.actor, plain.request_id) == ("CASE-0042", "W-1", "officer-7", "r-1")
    assert denial.asked == {"iin": "850101300019"} and denial.attempted == (ME,) and denial.subjects == ()
    assert quiet.subjects is None and quiet.attempted is None and quiet.asked is None and quiet.case is None
    assert quiet.request_id == quiet.header.request_id != "r-3"
    assert quiet.header.quiet and quiet.actor == "officer-dv"
    assert own.actor == "sub-4" and own.header.actor != "sub-4"


FILTERS = [
    ({"actor": "officer-7"}, ["r-2", "r-1"]),
    ({"actor": "sub-4"}, ["r-4"]),
    ({"subject": ME}, ["r-4", "r-2", "r-1"]),
    ({"subject": STRANGER}, []),
    ({"activity": "dv-response"}, ["r-3"]),
    ({"decision": "deny"}, ["r-2"]),
    ({"decision": "deny", "actor": "officer-dv"}, []),
    ({"subject": ME, "decision": "permit", "actor": "officer-7"}, ["r-1"]),
]


@pytest.mark.parametrize(("filters", "expected"), FILTERS)
async def test_filters(ledger: Ledger, filters: dict[str, object], expected: list[str]) -> None:
    """Alone and together; by subject no quiet entry is found: finding it would tell who is in it."""
    await ledger.append(entry(1, shown(ME, Reach.LISTED)))
    await ledger.append(entry(2, act=Act.DENIAL, decision="deny", attempted=(ME,)))
    await ledger.append(entry(3, shown(ME), quiet=True, actor="officer-dv", activity="dv-response"))
    await ledger.append(entry(4, shown(ME), activity="subject-access", role="family_member", actor="sub-4"))
    found = await ledger.entries(10, **filters)  # type: ignore[arg-type]
    assert [request_of(one.header) for one in found] == expected


async def test_without_an_opener_nothing_is_opened(url: str) -> None:
    """Headers alone."""
    hub = opened(url, opener=None)
    await hub.append(entry(1, shown(ME), sealed={"iin": "1"}))
    (one,) = await hub.entries(1)
    assert (one.subjects, one.asked, one.case) == (None, None, None) and request_of(one.header) == "r-1"
    await hub.close()


class Refusing:
    """An opener that finds everything altered."""

    def unseal_compartment(self, name: str, sealed: bytes, label: bytes) -> bytes:
        """Never."""
        raise Broken(cause="does not verify")


async def test_altered_sealed_part_is_a_fault_not_an_omission(url: str) -> None:
    """The page is not shown as if there were nothing."""
    hub = opened(url, opener=Refusing())
    await hub.append(entry(1, shown(ME)))
    with pytest.raises(Broken):
        await hub.entries(1)
    await hub.close()


@pytest.mark.parametrize("first", [0, -1, MAX_PAGE + 2, 10**9])
async def test_page_sizes(ledger: Ledger, first: int) -> None:
    """Out of bounds is the caller's mistake."""
    with pytest.raises(Invalid):
        await ledger.by_subject(ME, first)
    with pytest.raises(Invalid):
        await ledger.entries(first)


Shape = tuple[list[tuple[int, Reach]], list[int], bool, str]
PEOPLE = st.integers(1, 4)
ENTRIES = st.lists(
    st.tuples(
        st.lists(st.tuples(PEOPLE, st.sampled_from(Reach)), max_size=4),
        st.lists(PEOPLE, max_size=2),
        st.booleans(),
        st.sampled_from(["family-card-review", "subject-access"]),
    ),
    max_size=10,
)


def _expected(written: list[Entry], person: int) -> list[str]:
    """The own log by its definition."""
    return [
        one.request_id
        for one in reversed(written)
        if not one.quiet
        and one.activity != "subject-access"
        and (person in one.attempted or any((s.subject, s.reach) == (person, Reach.OPENED) for s in one.shown))
    ]


@settings(max_examples=25)
@given(ENTRIES, st.integers(1, 4))
async def test_own_log_is_as_defined(tmp_path_factory: pytest.TempPathFactory, shapes: list[Shape], size: int) -> None:
    """For any entries, read in pages of any size."""
    hub = opened(f"sqlite:///{tmp_path_factory.mktemp('own') / 'l.db'}")
    written = [
        entry(
            number,
            *(shown(person, reach) for person, reach in people),
            attempted=tuple(map(PersonId, attempted)),
            quiet=quiet,
            activity=activity,
        )
        for number, (people, attempted, quiet, activity) in enumerate(shapes)
    ]
    for one in written:
        await hub.append(one)
    for person in range(1, 5):
        found: list[str] = []
        after: bytes | None = None
        while page := await hub.by_subject(PersonId(person), size, after):
            found += [request_of(look.header) for look in page]
            after = page[-1].position
        assert found == _expected(written, person)
    await hub.close()
