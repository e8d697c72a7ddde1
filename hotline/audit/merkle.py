"""Merkle trees as in RFC 6962 and RFC 9162, section 2.1: root, inclusion and consistency proofs. Pure.

A *complete subtree* is named by its height and its index among those of that height: (0, 5) is the sixth
leaf, (8, 0) the first 256 leaves. Whoever asks for a root or a proof hands in how such a hash is found, so
a proof over a million leaves touches some twenty of them.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

from hotline.errors import Malformed

EMPTY = hashlib.sha256(b"").digest()
HASH_LENGTH = 32

Node = Callable[[int, int], bytes]
"""Returns the hash of a complete subtree, by height and index."""


class ProofRefused(Malformed):
    default_message = "the log has no such line or never was that large"


def leaf_hash(entry: bytes) -> bytes:
    """Return SHA-256(0x00 || *entry*)."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 || *left* || *right*)."""
    return hashlib.sha256(b"\1" + left + right).digest()


def subtree_hash(hashes: Sequence[bytes]) -> bytes:
    """Return the hash over a complete subtree, from 1, 2, 4, … hashes that lie side by side in it."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level), 2)]
    return level[0]


def root(size: int, node: Node) -> bytes:
    """Return the tree hash over the first *size* leaves."""
    return _hash_of(0, size, node) if size else EMPTY


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the tree hash over *leaves* (leaf hashes, in order)."""
    return root(len(leaves), _of_leaves(leaves))


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Return the audit path of leaf *index* (from 0) in the tree of *size* leaves, nearest the leaf first.

    Raises:
        ProofRefused: the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ProofRefused
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _left_size(end - start)
        if index < middle:
            path.append(_hash_of(middle, end, node))
            end = middle
        else:
            path.append(_hash_of(start, middle, node))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """Return the proof that the tree of *new* leaves begins with that of *old*.

    Raises:
        ProofRefused: *old* is no earlier, non-empty tree of *new*.
    """
    if not 0 < old <= new:
        raise ProofRefused
    path, start, end = [], 0, new
    while old != end:
        middle = start + _left_size(end - start)
        if old <= middle:
            path.append(_hash_of(middle, end, node))
            end = middle
        else:
            path.append(_hash_of(start, middle, node))
            start = middle
    if start:
        path.append(_hash_of(start, end, node))
    return path[::-1]


def includes(index: int, size: int, leaf: bytes, proof: Sequence[bytes], of: bytes) -> bool:
    """Tell whether *proof* shows *leaf* at *index* (from 0) in the tree of *size* leaves with root *of*.

    RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == of


def continues(
    old: int, new: int, proof: Sequence[bytes], *, old_root: bytes, new_root: bytes
) -> bool:
    """Tell whether *proof* shows that the tree of *new* leaves begins with that of *old*.

    RFC 9162, section 2.1.4.2; every tree continues the empty one.
    """
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not 0 < old < new or not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _left_size(count: int) -> int:
    """Return the largest power of two below *count*: how many leaves go to the left."""
    return 1 << (count - 1).bit_length() - 1


def _hash_of(start: int, end: int, node: Node) -> bytes:
    """Return the hash over the leaves *start* to *end*, of which *start* begins a complete subtree that large."""
    parts = [node(height, index) for height, index in _complete(start, end)]
    found = parts.pop()
    while parts:
        found = node_hash(parts.pop(), found)
    return found


def _complete(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the complete subtrees that the leaves *start* to *end* consist of, largest first."""
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height


def _of_leaves(leaves: Sequence[bytes]) -> Node:
    def node(height: int, index: int) -> bytes:
        width = 1 << height
        return subtree_hash(leaves[index * width : (index + 1) * width])

    return node
