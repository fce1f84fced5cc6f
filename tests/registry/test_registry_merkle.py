"""The hash tree agrees with the examples that certificate-transparency implementations publish."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.log import merkle
from registry.log.events import LogState

# The eight leaves and roots of the reference test of certificate transparency (RFC 6962 hashing).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
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
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]
SUBTREE = merkle.subtree_from(HASHES)

INCLUSION = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
CONSISTENCY = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    """RFC 6962: the root of no leaves is the SHA-256 of the empty string."""
    assert merkle.root(0, SUBTREE) == hashlib.sha256().digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference(size: int) -> None:
    """Each prefix of the eight reference leaves has the published root, computed at once and step by step."""
    state = LogState(0, "[]")
    for leaf in HASHES[:size]:
        state.append(leaf)
    assert merkle.root(size, SUBTREE).hex() == ROOTS[size - 1] == state.root.hex()


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_inclusion_proofs_are_those_of_the_reference(index: int, size: int, path: list[str]) -> None:
    """The published audit paths are reproduced and accepted."""
    proof = merkle.inclusion_proof(index, size, SUBTREE)
    assert [step.hex() for step in proof] == path
    assert merkle.inclusion_holds(HASHES[index], index, size, proof, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENCY)
def test_consistency_proofs_are_those_of_the_reference(old: int, new: int, path: list[str]) -> None:
    """The published consistency proofs are reproduced and accepted."""
    proof = merkle.consistency_proof(old, new, SUBTREE)
    assert [step.hex() for step in proof] == path
    roots = bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1])
    assert merkle.consistency_holds(old, new, *roots, proof)


def tree(size: int) -> tuple[list[bytes], merkle.Subtree]:
    hashes = [merkle.leaf_hash(str(number).encode()) for number in range(size)]
    return hashes, merkle.subtree_from(hashes)


@given(st.integers(1, 200), st.data())
def test_every_leaf_of_every_tree_can_be_proved_and_no_other(size: int, data: st.DataObject) -> None:
    """A proof holds for its leaf, position, size and root, and fails when any of them is another one."""
    hashes, subtree = tree(size)
    index = data.draw(st.integers(0, size - 1))
    root, proof = merkle.root(size, subtree), merkle.inclusion_proof(index, size, subtree)
    assert merkle.inclusion_holds(hashes[index], index, size, proof, root)
    assert not merkle.inclusion_holds(merkle.leaf_hash(b"x"), index, size, proof, root)
    assert not merkle.inclusion_holds(hashes[index], index, size, [*proof, root], root)
    assert not merkle.inclusion_holds(hashes[index], index, size, proof, merkle.EMPTY_ROOT)
    if proof:
        assert not merkle.inclusion_holds(hashes[index], index, size, proof[:-1], root)
        assert not merkle.inclusion_holds(hashes[index], index ^ 1, size, proof, root)


@given(st.integers(1, 120), st.data())
def test_every_two_sizes_are_consistent_and_a_rewritten_past_is_not(new: int, data: st.DataObject) -> None:
    """A consistency proof holds between honest heads and fails once one old leaf was changed."""
    _, subtree = tree(new)
    old = data.draw(st.integers(1, new))
    proof = merkle.consistency_proof(old, new, subtree)
    old_root, new_root = merkle.root(old, subtree), merkle.root(new, subtree)
    assert merkle.consistency_holds(old, new, old_root, new_root, proof)
    forged = merkle.subtree_from([merkle.leaf_hash(b"forged"), *tree(new)[0][1:]])
    assert not merkle.consistency_holds(old, new, old_root, merkle.root(new, forged), proof)
    if old < new:
        assert not merkle.consistency_holds(old, new, merkle.EMPTY_ROOT, new_root, proof)


def test_a_proof_outside_the_tree_is_refused() -> None:
    """Positions and sizes that the tree never had raise."""
    with pytest.raises(IndexError):
        merkle.inclusion_proof(8, 8, SUBTREE)
    with pytest.raises(IndexError):
        merkle.consistency_proof(9, 8, SUBTREE)


@given(st.integers(0, 700))
def test_appending_leaf_by_leaf_gives_the_root_of_the_whole_tree(size: int) -> None:
    """The kept frontier and the tile roots agree with a tree computed from all leaves."""
    hashes, subtree = tree(size)
    state = LogState(0, "[]")
    tiles = [node for leaf in hashes for node in state.append(leaf)]
    assert state.root == merkle.root(size, subtree)
    assert [(tile["level"], tile["position"]) for tile in tiles] == [(8, n) for n in range(size >> 8)]
    assert all(tile["hash"] == subtree(tile["level"], tile["position"]) for tile in tiles)
