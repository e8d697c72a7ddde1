"""Merkle tree hashes as in Certificate Transparency (RFC 6962, section 2.1). Pure."""

import hashlib
from collections.abc import Iterable

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return SHA-256(0x00 || *entry*)."""
    return hashlib.sha256(b"\0" + entry).digest()


def root_hash(leaves: Iterable[bytes]) -> bytes:
    """Return the tree hash over *leaves* (leaf hashes, in order); it keeps one hash per level only."""
    peaks: list[tuple[int, bytes]] = []
    for leaf in leaves:
        size, node = 1, leaf
        while peaks and peaks[-1][0] == size:
            node = _node(peaks.pop()[1], node)
            size *= 2
        peaks.append((size, node))
    if not peaks:
        return EMPTY
    root = peaks.pop()[1]
    while peaks:
        root = _node(peaks.pop()[1], root)
    return root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
