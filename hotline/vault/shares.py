"""Cut a key into shares for paper: any *threshold* of them give it back, fewer say nothing about it (Shamir).

Over GF(256) with the polynomial of AES. A share, before it is written in Base32 groups of four::

    "HLS1" | threshold | index | group (4) | share of the key (32) | first 4 bytes of SHA-256 of all before

The group is the same for the shares of one cutting, so that shares of two cuttings are not mixed up.
"""

import base64
import hashlib
import secrets
from collections.abc import Callable, Sequence

from hotline.errors import Malformed

KEY_LENGTH = 32
_MAGIC = b"HLS1"
_HEAD = len(_MAGIC) + 6
_LENGTH = _HEAD + KEY_LENGTH + 4


def cut(
    key: bytes,
    *,
    threshold: int,
    shares: int,
    draw: Callable[[int], bytes] = secrets.token_bytes,
) -> list[str]:
    """Return *shares* shares of the 32-byte *key*, any *threshold* of which join to it; *draw* is for vectors.

    Raises:
        Malformed: not 2 <= threshold <= shares <= 255, or a key of another length.
    """
    if not 2 <= threshold <= shares <= 255 or len(key) != KEY_LENGTH:
        raise Malformed
    group = draw(4)
    polynomials = [(byte, *draw(threshold - 1)) for byte in key]
    written = []
    for index in range(1, shares + 1):
        share = bytes(_value(polynomial, index) for polynomial in polynomials)
        written.append(_write(_MAGIC + bytes((threshold, index)) + group + share))
    return written


def join(written: Sequence[str]) -> bytes:
    """Return the key that shares of one cutting give.

    Raises:
        Malformed: one was mistyped, they are not of one cutting, or too few or doubled.
    """
    read = [_read(text) for text in written]
    indexes = {share[5] for share in read}
    cuttings = {(share[4], share[6:_HEAD]) for share in read}
    if len(cuttings) != 1 or len(indexes) != len(read) or len(read) < read[0][4]:
        raise Malformed
    points = [(share[5], share[_HEAD:]) for share in read]
    weights = [_weight(index, indexes - {index}) for index, _ in points]
    columns = zip(*(share for _, share in points), strict=True)
    return bytes(_sum(map(_times, weights, column)) for column in columns)


def _write(share: bytes) -> str:
    text = base64.b32encode(share + _check(share)).decode().rstrip("=")
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _read(text: str) -> bytes:
    letters = "".join(char for char in text.upper() if char.isalnum())
    try:
        share = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError:
        raise Malformed from None
    if len(share) != _LENGTH or not share.startswith(_MAGIC) or _check(share[:-4]) != share[-4:]:
        raise Malformed
    return share[:-4]


def _check(share: bytes) -> bytes:
    return hashlib.sha256(share).digest()[:4]


def _value(polynomial: Sequence[int], at: int) -> int:
    value = 0
    for coefficient in reversed(polynomial):
        value = _times(value, at) ^ coefficient
    return value


def _weight(index: int, others: set[int]) -> int:
    """Return Lagrange's weight of *index* at zero."""
    above, below = 1, 1
    for other in others:
        above, below = _times(above, other), _times(below, index ^ other)
    return _times(above, _inverse(below))


def _inverse(number: int) -> int:
    """Return *number* to the power 254, which is its inverse."""
    power = 1
    for _ in range(254):
        power = _times(power, number)
    return power


def _times(one: int, other: int) -> int:
    product = 0
    while other:
        product ^= one * (other & 1)
        one = (one << 1) ^ (0x11B * (one >> 7))
        other >>= 1
    return product


def _sum(values: "map[int]") -> int:
    total = 0
    for value in values:
        total ^= value
    return total
