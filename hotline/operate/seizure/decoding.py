"""Undo what hides words in plain sight: base64, base32, hexadecimal, zlib and gzip, one inside the other.

Bounded: three layers, and so many bytes from one piece. JSON escapes, percent signs, quoted-printable and UTF-16 do
not need undoing: a word is looked for in each of those forms (`searching`).
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator

LAYERS = 3
LARGEST_PIECE = 1_000_000
LARGEST_IN_ALL = 64_000_000

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}")
_BASE32 = re.compile(rb"[A-Z2-7]{24,}|[a-z2-7]{24,}")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){12,}")
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_DIGITS = b"0123456789abcdefABCDEF"
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def layers(content: bytes, *, depth: int = LAYERS) -> Iterator[bytes]:
    """Yield *content* and everything that was packed in it, wherever that begins."""
    left = LARGEST_IN_ALL
    waiting = [(content, depth)]
    while waiting:
        piece, deeper = waiting.pop()
        yield piece
        if not deeper:
            continue
        inside = b"\n".join(_unpacked(piece))[: max(left, 0)]
        left -= len(inside)
        if inside:
            waiting.append((inside, deeper - 1))


def _unpacked(piece: bytes) -> Iterator[bytes]:
    yield from unzipped(piece)
    # What stands there more than once says the same each time, and no word's base64 is all hexadecimal digits.
    for run in dict.fromkeys(_BASE64.findall(piece)):
        if run.translate(None, _DIGITS):
            yield from _base64(run)
    for run in dict.fromkeys(_HEX.findall(piece)):
        yield binascii.unhexlify(run)
    for run in dict.fromkeys(_BASE32.findall(piece)):
        yield from _base32(run)


def unzipped(piece: bytes) -> Iterator[bytes]:
    """Yield what is behind each beginning of a zlib or gzip stream in *piece*, as far as it is one."""
    for match in _ZLIB.finditer(piece):
        packed = piece[match.start() : match.start() + LARGEST_PIECE]
        try:
            yield zlib.decompressobj(wbits=47).decompress(packed, LARGEST_PIECE)
        except zlib.error:
            continue


def _base64(run: bytes) -> Iterator[bytes]:
    """Yield what *run* says, beginning at each of its first four letters."""
    run = run.translate(_URL_SAFE)
    for start in range(4):
        rest = len(run) - start
        end = len(run) - (rest % 4 == 1)
        yield base64.b64decode(run[start:end] + b"==="[: -(end - start) % 4])


def _base32(run: bytes) -> Iterator[bytes]:
    run = run.upper()
    for start in range(8):
        letters = run[start:]
        # Five letters hold three bytes: what is left over after the last whole byte says nothing.
        letters = letters[: len(letters) - {1: 1, 3: 1, 6: 1}.get(len(letters) % 8, 0)]
        yield base64.b32decode(letters + b"=" * (-len(letters) % 8))
