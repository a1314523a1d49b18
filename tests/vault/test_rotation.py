"""New versions of root keys, the end of old ones, and rings that learn of both from the file."""

from __future__ import annotations

import os
import secrets
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Broken, Invalid, Refused, Unavailable
from vault.key_ring import LASTING, KeyRing
from vault.provider import MAX_VERSION, FileProvider, Root, RootKey, fresh_roots, packed_roots, parsed_roots
from vault.rotation import COMPARTMENTS, IN_FLIGHT, Rewrapper, settled, with_new, without
from vault.unsealing import Unsealer

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def _rotate(provider: FileProvider, *roots: Root, until: datetime | None = None) -> None:
    with provider.held():
        made = [secrets.token_bytes(32) for _ in roots]
        provider.change(lambda before: with_new(before, roots, made, NOW, until))


@pytest.fixture
def provider(tmp_path: Path) -> FileProvider:
    made = FileProvider(tmp_path / "keys.json", create=True)
    made.roots()
    return made


def test_a_running_ring_opens_what_a_later_version_sealed(provider: FileProvider) -> None:
    hub, compartment = KeyRing.open(provider), COMPARTMENTS[0].value
    before = hub.sealer.new_key()
    _rotate(provider, Root.WRAPPING, *COMPARTMENTS)
    pull = KeyRing.open(provider)
    key = pull.sealer.new_key()
    sealed = pull.sealer.seal_compartment(compartment, b"text", b"label")  # type: ignore[arg-type]
    assert (key.wrapped[1], sealed[1]) == (2, 2)
    assert hub.sealer.new_key().wrapped[1] == 1, "it has not looked yet"
    payload = pull.sealer.seal(key, b"payload", b"l")
    assert Unsealer(hub).unseal(key.wrapped, payload, b"l") == b"payload"
    assert Unsealer(hub).unseal_compartment("docket", sealed, b"label") == b"text"
    assert hub.sealer.new_key().wrapped[1] == 2, "from then on it seals under the newest"
    assert Unsealer(pull).key(before.wrapped)


def test_a_version_that_nobody_has_is_told(provider: FileProvider) -> None:
    ring = KeyRing.open(provider)
    wrapped = bytearray(ring.sealer.new_key().wrapped)
    wrapped[1] = 9
    with pytest.raises(Broken):
        Unsealer(ring).key(bytes(wrapped))


def test_rewrapping_keeps_the_key_and_may_be_cut_off(provider: FileProvider) -> None:
    ring = KeyRing.open(provider)
    keys = [ring.sealer.new_key() for _ in range(5)]
    payloads = [ring.sealer.seal(key, b"payload", b"l") for key in keys]
    _rotate(provider, Root.WRAPPING)
    assert ring.refresh() and not ring.refresh()
    once = [Rewrapper(ring)(key.wrapped) for key in keys[:2]] + [key.wrapped for key in keys[2:]]
    census = Rewrapper(ring, only_counting=True)
    assert [census(wrapped) for wrapped in once] == once
    assert census.seen == {2: 2, 1: 3} and census.under_older(2) == 3
    again = [Rewrapper(ring)(wrapped) for wrapped in once]
    assert again[:2] == once[:2], "what lies as it should is left as it is"
    assert {wrapped[1] for wrapped in again} == {2}
    with provider.held():
        provider.change(lambda roots: without(settled(roots, Root.WRAPPING), Root.WRAPPING, NOW + IN_FLIGHT))
    alone = Unsealer(KeyRing.open(provider))
    assert [alone.unseal(w, p, b"l") for w, p in zip(again, payloads, strict=True)] == [b"payload"] * 5
    with pytest.raises(Broken):
        alone.key(keys[0].wrapped)


def test_an_altered_wrapped_key_is_not_rewrapped(provider: FileProvider) -> None:
    ring = KeyRing.open(provider)
    wrapped = bytearray(ring.sealer.new_key().wrapped)
    wrapped[-1] ^= 1
    _rotate(provider, Root.WRAPPING)
    ring.refresh()
    with pytest.raises(Broken):
        Rewrapper(ring)(bytes(wrapped))


@given(st.integers(0, 2**58 - 1))
def test_old_outward_ids_are_honoured_until_and_then_name_no_one(number: int) -> None:
    roots = with_new(fresh_roots(), [Root.OUTWARD], [secrets.token_bytes(32)], NOW, NOW + DAY)
    first = {**roots, Root.OUTWARD: roots[Root.OUTWARD][:1]}
    before, after = _Roots(first), _Roots(roots)
    old = KeyRing.open(before).outward("social")
    ring = KeyRing.open(after)
    text, cursor = old.encode("P", number), old.encode_bytes("C|x", b"place")
    during, late = ring.outward("social", NOW + DAY - timedelta(microseconds=1)), ring.outward("social", NOW + DAY)
    assert (during.decode("P", text), during.decode_bytes("C|x", cursor)) == (number, b"place")
    assert (late.decode("P", text), late.decode_bytes("C|x", cursor)) == (None, None)
    assert ring.outward("social").decode("P", text) is None, "without an instant nothing old is honoured"
    fresh = during.encode("P", number)
    assert fresh != text and fresh == late.encode("P", number)
    assert (during.decode("P", fresh), late.decode("P", fresh)) == (number, number)
    assert old.decode("P", fresh) is None
    other = ring.outward("police", NOW)
    assert (other.decode("P", text), other.decode("P", fresh)) == (None, None)
    assert other.encode("P", number) not in {text, fresh}


def test_every_text_is_tried_under_every_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Newest, honoured, lapsed, made up and malformed: the same decryptions, so that none can be told by its cost."""
    roots = with_new(fresh_roots(), [Root.OUTWARD], [secrets.token_bytes(32)], NOW, NOW + DAY)
    old = KeyRing.open(_Roots({**roots, Root.OUTWARD: roots[Root.OUTWARD][:1]})).outward("s").encode("P", 7)
    ring = KeyRing.open(_Roots(roots))
    for at in (NOW, NOW + 2 * DAY):
        ids = ring.outward("s", at)
        tried: list[tuple[int, int]] = []
        ids._keys = [(_Counting(siv, n, tried), label) for n, (siv, label) in enumerate(ids._keys)]  # type: ignore[misc]
        seen = []
        for text in (ids.encode("P", 7), old, "A" * 32, "short", None):
            tried.clear()
            ids.decode("P", text)
            seen.append(list(tried))
        assert seen == [[(0, 24), (1, 24)]] * 5


def test_search_keys_are_looked_for_under_every_version(provider: FileProvider) -> None:
    ring = KeyRing.open(provider)
    (before,), address, national = ring.hasher.search("x"), ring.hasher.address("x"), ring.hasher.national("1")
    _rotate(provider, Root.SEARCH)
    ring.refresh()
    newest, older = ring.hasher.search("x")
    assert older == before != newest
    assert (ring.hasher.address("x"), ring.hasher.national("1")) == (address, national)


def test_retiring_is_refused_before_its_time() -> None:
    roots = fresh_roots()
    with pytest.raises(Invalid):
        without(roots, Root.SEARCH, NOW)
    both = with_new(roots, [Root.SEARCH], [secrets.token_bytes(32)], NOW)
    with pytest.raises(Refused, match="ACTIVITY_REFUSED") as told:
        without(both, Root.SEARCH, NOW + DAY)
    assert told.value.fix == "keys.rotate_to_the_end"
    done = settled(both, Root.SEARCH)
    with pytest.raises(Refused):
        without(done, Root.SEARCH, NOW + IN_FLIGHT - timedelta(seconds=1))
    left = without(done, Root.SEARCH, NOW + IN_FLIGHT)
    assert [key.version for key in left[Root.SEARCH]] == [2] and not left[Root.SEARCH][0].settled
    honoured = settled(with_new(roots, [Root.OUTWARD], [secrets.token_bytes(32)], NOW, NOW + DAY), Root.OUTWARD)
    with pytest.raises(Refused):
        without(honoured, Root.OUTWARD, NOW + DAY / 2)
    assert without(honoured, Root.OUTWARD, NOW + DAY)


def test_there_is_a_last_version() -> None:
    roots = {**fresh_roots(), Root.SEARCH: (RootKey(MAX_VERSION, b"x" * 32),)}
    with pytest.raises(Refused):
        with_new(roots, [Root.SEARCH], [b"y" * 32], NOW)


def test_a_key_set_comes_back_from_its_file_whole() -> None:
    roots = with_new(fresh_roots(), [Root.OUTWARD, Root.SEARCH], [b"a" * 32, b"b" * 32], NOW, NOW + DAY)
    assert parsed_roots(packed_roots(roots)) == roots
    content = packed_roots(roots).replace(b"2026-11-25T12:00:00Z", b"2026-11-25T12:00:00")
    with pytest.raises(Broken):
        parsed_roots(content)


def test_keys_that_are_anothers_or_unreadable_do_not_replace_a_rings(provider: FileProvider, tmp_path: Path) -> None:
    ring = KeyRing.open(provider)
    key = ring.sealer.new_key()
    original = provider.content()
    for content in (packed_roots(fresh_roots()), b"{"):
        (tmp_path / "keys.json").write_bytes(content)
        assert not ring.refresh()
        assert Unsealer(ring).key(key.wrapped)
    (tmp_path / "keys.json").unlink()
    assert not ring.refresh()
    (tmp_path / "keys.json").write_bytes(original)
    (tmp_path / "keys.json").chmod(0o600)
    assert ring.refresh()
    assert set(LASTING) >= {Root.HASHING, Root.PROTECTIVE}


def test_two_cannot_change_keys_at_once(provider: FileProvider) -> None:
    other = FileProvider(provider._path)
    with provider.held():
        with pytest.raises(Unavailable) as told, other.held():
            pass
        assert told.value.fix == "keys.busy"
    with other.held():
        pass


def test_no_reader_ever_meets_half_a_file(provider: FileProvider, tmp_path: Path) -> None:
    stop, met = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            try:
                met.append(len(FileProvider(provider._path).roots()[Root.SEARCH]))
            except Exception as error:
                met.append(-1)
                raise AssertionError from error

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(40):
        _rotate(provider, Root.SEARCH)
    stop.set()
    reader.join()
    assert met and min(met) >= 1
    assert sorted(os.listdir(tmp_path)) == ["keys.json", "keys.json.lock"]
    assert all((tmp_path / name).stat().st_mode & 0o777 == 0o600 for name in os.listdir(tmp_path))


def test_a_change_that_fails_leaves_the_file_as_it_was(
    provider: FileProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = provider.content()

    def full(_handle: int) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr("vault.provider.os.fsync", full)
    with pytest.raises(Unavailable):
        _rotate(provider, Root.SEARCH)
    assert provider.content() == before
    assert sorted(os.listdir(tmp_path)) == ["keys.json", "keys.json.lock"]


class _Roots:
    def __init__(self, roots: object) -> None:
        self._roots = roots

    def roots(self) -> dict[Root, tuple[RootKey, ...]]:
        return self._roots  # type: ignore[return-value]

    def stamp(self) -> object:
        return 0


class _Counting:
    def __init__(self, siv: object, number: int, tried: list[tuple[int, int]]) -> None:
        self._siv, self._number, self._tried = siv, number, tried

    def decrypt(self, raw: bytes, labels: list[bytes]) -> bytes:
        self._tried.append((self._number, len(raw)))
        return self._siv.decrypt(raw, labels)  # type: ignore[attr-defined]
