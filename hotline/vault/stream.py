"""Seal a file piece by piece, so that no more than a piece of it is ever held in clear (pure).

The construction is age's STREAM (C2SP age.md, "Payload") with AES-256-GCM, version 1::

    "HLS1" | suite 1 | commitment (32) | chunk 0 | chunk 1 | …

A chunk is 64 KiB of the padded file and a tag of 16 bytes. Its nonce is its number, 11 bytes with the highest
first, and one byte that is 1 for the last chunk alone. So chunks that are left out, doubled, moved, or cut
off at the end do not open. Key and commitment are two HKDF outputs of the secret and the place, as in a
record; a secret seals a single file, so that no nonce comes twice.

The file is padded with zeros to the next of eight sizes per doubling, from 4 KiB on: at most an eighth is
added to a file of more than 32 KiB, and a stream tells its size to that grain only. How long the file is
stands elsewhere, sealed too.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hotline.vault.envelope import Place, SealBroken

CHUNK = 64 << 10
"""Bytes of the padded file in one chunk; the last may hold fewer."""
HEADER_LENGTH = 5 + 32

_HEADER = b"HLS1\x01"
_TAG = 16
_SMALLEST = 4 << 10


def padded_length(size: int) -> int:
    """Return how many bytes a file of *size* bytes has when it is padded."""
    doubling = max(size - 1, 1).bit_length()
    step = _SMALLEST if doubling <= 16 else 1 << (doubling - 4)
    return max(-(-size // step), 1) * step


class Sealer:
    """Takes a file in pieces and gives sealed chunks: the first also carries the header of the stream."""

    def __init__(self, secret: bytes, place: Place) -> None:
        self.size = 0
        self._cipher = _Cipher(secret, place)
        self._waiting = bytearray()
        self._number = 0
        self._whole = hashlib.sha256()

    def add(self, piece: bytes) -> Iterator[bytes]:
        """Take *piece*, and yield the chunks that are complete and not the last."""
        self.size += len(piece)
        self._whole.update(piece)
        self._waiting += piece
        while len(self._waiting) > CHUNK:
            yield self._next(self._cut(), is_last=False)

    def finish(self) -> Iterator[bytes]:
        """Yield the chunks that are left, padded."""
        left = padded_length(self.size) - self.size
        # The padding of a large file is large itself.
        while len(self._waiting) + left > CHUNK:
            added = CHUNK - len(self._waiting)
            self._waiting += bytes(added)
            left -= added
            yield self._next(self._cut(), is_last=False)
        yield self._next(bytes(self._waiting) + bytes(left), is_last=True)

    @property
    def sha256(self) -> bytes:
        """The hash of the file so far, as it was given."""
        return self._whole.digest()

    def _cut(self) -> bytes:
        piece = bytes(self._waiting[:CHUNK])
        del self._waiting[:CHUNK]
        return piece

    def _next(self, piece: bytes, *, is_last: bool) -> bytes:
        sealed = self._cipher.seal(self._number, piece, is_last=is_last)
        self._number += 1
        return sealed


def open_chunks(
    secret: bytes, place: Place, chunks: Iterable[bytes], *, size: int
) -> Iterator[bytes]:
    """Yield the file of *size* bytes that was sealed at *place*, a piece for each of *chunks*.

    What was yielded before a broken chunk is genuine and in order, but not the whole file.

    Raises:
        SealBroken: a chunk is not as it was sealed, not in its order, one is missing or one too many.
    """
    opened = 0
    for piece in _opened(_Cipher(secret, place), chunks, size=size, first=0):
        opened += 1
        if piece:
            yield piece
    if opened * CHUNK < padded_length(size):
        raise SealBroken


def open_range(
    secret: bytes, place: Place, chunks: Iterable[bytes], *, size: int, start: int, stop: int
) -> Iterator[bytes]:
    """Yield bytes *start* up to *stop* of the file; *chunks* begin with the one in which *start* lies.

    Each chunk opens at its own number only, so what is yielded is genuine and in its place; the rest is not looked at.

    Raises:
        SealBroken: a chunk is not as it was sealed, not in its place, or missing.
    """
    first = start // CHUNK
    position, stop = first * CHUNK, min(stop, size)
    for piece in _opened(_Cipher(secret, place), chunks, size=size, first=first):
        wanted = piece[max(0, start - position) : stop - position]
        position += len(piece)
        if wanted:
            yield wanted
        if position >= stop:
            return
    if position < stop:
        raise SealBroken


def _opened(
    cipher: "_Cipher", chunks: Iterable[bytes], *, size: int, first: int
) -> Iterator[bytes]:
    """Yield what *chunks*, from number *first* on, hold of a file of *size* bytes: where only padding is, nothing."""
    left = padded_length(size) - first * CHUNK
    for number, sealed in enumerate(chunks, first):
        piece = cipher.open(number, sealed, length=min(left, CHUNK), is_last=left <= CHUNK)
        said = max(0, min(size - number * CHUNK, len(piece)))
        if any(piece[said:]):
            raise SealBroken
        left -= len(piece)
        yield piece[:said]


class _Cipher:
    """The key of one stream."""

    def __init__(self, secret: bytes, place: Place) -> None:
        associated = place.to_bytes()
        info = b"hotline-vault/1 stream" + hashlib.sha256(associated).digest()
        derived = HKDF(hashes.SHA256(), 64, None, info).derive(secret)
        self._key = AESGCM(derived[:32])
        self._header = _HEADER + derived[32:]
        self._associated = self._header + associated

    def seal(self, number: int, piece: bytes, *, is_last: bool) -> bytes:
        sealed = self._key.encrypt(_nonce(number, is_last=is_last), piece, self._associated)
        return sealed if number else self._header + sealed

    def open(self, number: int, sealed: bytes, *, length: int, is_last: bool) -> bytes:
        """Return what chunk *number* holds, which must be *length* bytes, none where no chunk is left."""
        start = 0 if number else HEADER_LENGTH
        if length <= 0 or len(sealed) != start + length + _TAG:
            raise SealBroken
        if not hmac.compare_digest(self._header[:start], sealed[:start]):
            raise SealBroken
        try:
            return self._key.decrypt(
                _nonce(number, is_last=is_last), sealed[start:], self._associated
            )
        except InvalidTag:
            raise SealBroken from None


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11) + is_last.to_bytes(1)
