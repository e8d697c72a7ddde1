"""A form that is sent twice is kept once.

A slow network makes people press Send again, and the browser then shows only the second answer. Each blank
form therefore carries a random slip; the code of a report follows from the slip, from what was written and
from a secret of this process, so that the same form sent again gets the same code, and the code tells that
the report is kept already. The slip alone, which whoever saw the blank page may know, gives nothing.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator

from hotline.channels.web.body import Sent
from hotline.vault.codes import BITS, ReturnCode, mint

_SLIP = re.compile(r"[0-9a-f]{32}")


def new_slip() -> str:
    """Return the slip of one blank form."""
    return secrets.token_hex(16)


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
