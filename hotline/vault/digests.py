"""What a stranger can check: the digest of a message as it lies sealed, written in the log when it came.

Re-sealing gives a message new wraps and leaves its bodies as they are, so a digest made on the first day still fits
on the last. One digest stands for each audience, because the depths of a message end at different times::

    "3 desk=<32 hex> identity=<32 hex>"

The number is the message's; then, in alphabetical order, each audience with the first 32 hexadecimal digits of the
SHA-256 of its body.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from hotline.vault.keyring import CONTACT
from hotline.vault.sealing import Envelope

LENGTH = 32
"""Hexadecimal digits: 128 bits. Two bodies that share them are out of reach for whoever did not make both."""

_LINE = re.compile(r"(?:message )?(\d{1,9})((?: [a-z0-9]{1,16}=[0-9a-f]{32})+)")


@dataclass(frozen=True, slots=True)
class Digests:
    """Which bytes message *seq* had: pairs of audience and digest, in alphabetical order."""

    seq: int
    bodies: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return " ".join([str(self.seq), *(f"{name}={digest}" for name, digest in self.bodies)])

    @classmethod
    def of(cls, envelopes: Iterable[Envelope]) -> "Digests":
        """Return the digests of one message; the contact record beside it ends before the others do."""
        kept = [envelope for envelope in envelopes if envelope.audience != CONTACT]
        bodies = sorted((envelope.audience, body_digest(envelope.body)) for envelope in kept)
        return cls(kept[0].seq, tuple(bodies))

    @classmethod
    def parse(cls, what: str) -> "Digests | None":
        """Return what a line of the log says; None when it is about something else."""
        found = _LINE.fullmatch(what)
        if found is None:
            return None
        pairs = (pair.split("=") for pair in found[2].split())
        return cls(int(found[1]), tuple((name, digest) for name, digest in pairs))


def body_digest(body: bytes) -> str:
    """Return the first 32 hexadecimal digits of the SHA-256 of *body*."""
    return hashlib.sha256(body).hexdigest()[:LENGTH]
