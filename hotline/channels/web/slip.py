"""A form that is sent twice is kept once.

A slow network makes people press Send again, and the browser then shows only the second answer. Each blank
form therefore carries a slip; the code of a report follows from the slip, from what was written and from a secret
of this process, so that the same form sent again gets the same code, and the code tells that the report is kept
already. The slip alone, which whoever saw the blank page may know, gives nothing.

A slip tells when it was made, and that this process made it: whoever opened the page and wrote is told from
whoever only sends, without a cookie or an address.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator

from hotline.channels.web.body import Sent
from hotline.vault.codes import BITS, ReturnCode, mint

_SLIP = re.compile(r"[0-9a-f]{32}")
_SIGNED = 16
"""Digits that tell the second and some chance; the others seal them."""


def new_slip(secret: bytes, now: float) -> str:
    """Return the slip of one blank form."""
    begun = f"{int(now):08x}{secrets.token_hex(4)}"
    return begun + _seal(secret, begun)


def made_at(secret: bytes, slip: str) -> int | None:
    """Return the second at which *slip* was made; None where it is not ours."""
    if not _SLIP.fullmatch(slip):
        return None
    begun, seal = slip[:_SIGNED], slip[_SIGNED:]
    return int(begun[:8], 16) if hmac.compare_digest(seal, _seal(secret, begun)) else None


def _seal(secret: bytes, begun: str) -> str:
    return hmac.digest(secret, b"slip " + begun.encode(), "sha256")[:8].hex()


def code_for(secret: bytes, sent: Sent) -> ReturnCode:
    """Return the code of what was *sent*: a new one, or the one that the very same words on this form got before.

    Files do not count: one that broke off on its way comes again beside the same words.
    """
    if not _SLIP.fullmatch(sent.text("slip")):
        return mint()
    return ReturnCode(int.from_bytes(_digest(secret, *_words(sent))) >> (256 - BITS))


def mark_of(secret: bytes, sent: Sent, lookup: bytes) -> bytes:
    """Return an id of what was *sent* to the report of *lookup*; empty where the form had no slip."""
    if not _SLIP.fullmatch(sent.text("slip")):
        return b""
    return hmac.digest(secret, lookup + _digest(secret, *_words(sent), *_files(sent)), "sha256")


def _words(sent: Sent) -> Iterator[tuple[str, ...]]:
    yield from ((name, *values) for name, values in sorted(sent.values.items()))


def _files(sent: Sent) -> Iterator[tuple[str, ...]]:
    yield from ((file.name, file.kind, file.sha256.hex()) for file in sent.files)


def _digest(secret: bytes, *said: tuple[str, ...]) -> bytes:
    summary = hashlib.sha256()
    for pieces in said:
        _add(summary, *pieces)
    return hmac.digest(secret, summary.digest(), "sha256")


def _add(summary: "hashlib._Hash", *pieces: str) -> None:
    for piece in (str(len(pieces)), *pieces):
        raw = piece.encode()
        summary.update(len(raw).to_bytes(8) + raw)
