"""The tree against the vectors of the standard's reference code and against the definition, written out."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from policy.ledger.proofs import consistency_proof, inclusion_proof, verify_consistency, verify_inclusion
from policy.ledger.tree import EMPTY_ROOT, Frontier, leaf_hash, root_of

# Leaves and roots of the test vectors published with the reference implementation of RFC 6962.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def defined_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, over the leaves themselves: recursion and nothing shared with what is tested."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + defined_root(leaves[:k]) + defined_root(leaves[k:])).digest()


def test_published_roots() -> None:
    """Every prefix of the published leaves."""
    leaves = [bytes.fromhex(leaf) for leaf in LEAVES]
    frontier = Frontier()
    assert frontier.root() == EMPTY_ROOT == defined_root([])
    for leaf, root in zip(leaves, ROOTS, strict=True):
        frontier.add(leaf_hash(leaf))
        assert frontier.root().hex() == root
        assert Frontier.load(frontier.size, frontier.dump()).root().hex() == root


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_root_is_as_defined(leaves: list[bytes]) -> None:
    """Any leaves, repeated ones too."""
    assert root_of(map(leaf_hash, leaves)) == defined_root(leaves)


@given(st.integers(1, 70), st.data())
def test_inclusion(size: int, data: st.DataObject) -> None:
    """The right path shows a leaf; no other leaf, index, size or root does, nor a longer or shorter path."""
    leaves = [bytes((n,)) for n in range(size)]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    index = data.draw(st.integers(0, size - 1))
    path, root = inclusion_proof(index, hashes), defined_root(leaves)
    assert verify_inclusion(hashes[index], index, size, path, root)
    other = data.draw(st.integers(0, size + 3).filter(lambda n: n != index))
    assert not verify_inclusion(hashes[index], other, size, path, root)
    assert not verify_inclusion(leaf_hash(b"other"), index, size, path, root)
    assert not verify_inclusion(hashes[index], index, size, path, leaf_hash(b"other"))
    assert not verify_inclusion(hashes[index], index, size, [*path, root], root)
    if path:
        assert not verify_inclusion(hashes[index], index, size, path[:-1], root)


@given(st.integers(1, 70), st.data())
def test_consistency(size: int, data: st.DataObject) -> None:
    """A prefix is shown to be one; a tree that differs in one old leaf is not."""
    old = data.draw(st.integers(1, size))
    leaves = [bytes((n,)) for n in range(size)]
    path = consistency_proof(old, [leaf_hash(leaf) for leaf in leaves])
    root, old_root = defined_root(leaves), defined_root(leaves[:old])
    assert verify_consistency(old, old_root, size, root, path)
    changed = data.draw(st.integers(0, old - 1))
    forked = [b"fork" if n == changed else leaf for n, leaf in enumerate(leaves)]
    assert not verify_consistency(old, defined_root(forked[:old]), size, root, path)
    forked_path = consistency_proof(old, [leaf_hash(leaf) for leaf in forked])
    assert not verify_consistency(old, old_root, size, defined_root(forked), forked_path)
    assert not verify_consistency(old, old_root, size, root, [*path, root])
