"""The hash tree of RFC 6962 section 2.1, as pure functions over hashes. Knows nothing of databases."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

LEAF_PREFIX: Final = b"\x00"  # RFC 6962 section 2.1
NODE_PREFIX: Final = b"\x01"
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

Subtree = Callable[[int, int], bytes]
"""Root of the full subtree of 2**level leaves at that position of its level."""


def leaf_hash(data: bytes) -> bytes:
    """Hash of one leaf's content."""
    return hashlib.sha256(LEAF_PREFIX + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(NODE_PREFIX + left + right).digest()


def peaks(size: int) -> list[tuple[int, int]]:
    """(level, position) of the full subtrees that make up a tree of `size` leaves, from left to right."""
    found, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            found.append((level, start >> level))
            start += 1 << level
    return found


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over the peaks of a tree."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def subtree_from(leaves: Sequence[bytes]) -> Subtree:
    """Subtree roots computed from all leaf hashes in memory."""

    def subtree(level: int, position: int) -> bytes:
        return full_root(leaves[position << level : (position + 1) << level])

    return subtree


def full_root(hashes: Sequence[bytes]) -> bytes:
    """Root of a full subtree: the number of hashes is a power of two."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def root(size: int, subtree: Subtree) -> bytes:
    """Merkle tree hash of the first `size` leaves."""
    return fold([subtree(level, position) for level, position in peaks(size)])


def _range_root(first: int, last: int, subtree: Subtree) -> bytes:
    """Root over the leaves [first, last), where `first` is aligned as RFC 6962 splits."""
    size = last - first
    return fold([subtree(level, (first >> level) + position) for level, position in peaks(size)])


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Audit path of leaf `index` in the tree of `size` leaves (RFC 6962 section 2.1.1).

    Raises:
        IndexError: the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(index)
    path, first, last = [], 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            path.append(_range_root(middle, last, subtree))
            last = middle
        else:
            path.append(_range_root(first, middle, subtree))
            first = middle
    return path[::-1]


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """Proof that the tree of `new` leaves continues the tree of `old` leaves (RFC 6962 section 2.1.2).

    Raises:
        IndexError: not 0 <= old <= new.
    """
    if not 0 <= old <= new:
        raise IndexError(old)
    if old in (0, new):
        return []
    path, first, last, known = [], 0, new, True
    while last - first != old - first:
        middle = first + _split(last - first)
        if old <= middle:
            path.append(_range_root(middle, last, subtree))
            last = middle
        else:
            path.append(_range_root(first, middle, subtree))
            first, known = middle, False
    if not known:
        path.append(_range_root(first, last, subtree))
    return path[::-1]


def inclusion_holds(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_: bytes) -> bool:
    """Verify an audit path (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, result = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(step, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, step)
        node, last = node >> 1, last >> 1
    return last == 0 and result == root_


def consistency_holds(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Verify a consistency proof (RFC 9162 section 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new:
        return old == 0 and not proof and old_root == EMPTY_ROOT
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not steps:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, step)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root
