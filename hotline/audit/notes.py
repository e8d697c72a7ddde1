"""Checkpoints in the form that outsiders hold: signed notes, as C2SP's signed-note and tlog-checkpoint say. Pure.

    hotline.example/log          the origin: which log this is
    20852163                     how many lines it had
    CsUYapGGPo4dkMgIAUqom/…      the root over them, in base64

    — hotline.example/log Az3grlgtzPICa5OS8npV…       base64(key id (4) | Ed25519 signature (64))

The signature is over the first three lines, each with its line feed.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Protocol

from hotline.audit.merkle import HASH_LENGTH
from hotline.errors import Malformed

_DASH = "—"
_LONGEST = 100_000
_ED25519 = b"\x01"
_SIZE = re.compile("0|[1-9][0-9]{0,17}")


class NoteRefused(Malformed):
    default_message = "this is not a checkpoint as it was handed out"


class Verifier(Protocol):
    """Knows a log by its name and public key."""

    @property
    def name(self) -> str: ...

    @property
    def key_id(self) -> bytes: ...

    def verifies(self, message: bytes, signature: bytes) -> bool: ...


class Signer(Protocol):
    """Signs for a log."""

    @property
    def name(self) -> str: ...

    @property
    def key_id(self) -> bytes: ...

    def sign(self, message: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log as it was when it had *size* lines."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A checkpoint with whoever signed it."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, raw: bytes) -> "SignedNote":
        """Read a note.

        Raises:
            NoteRefused: it is no signed note.
        """
        try:
            whole = raw[:_LONGEST].decode()
        except UnicodeDecodeError:
            raise NoteRefused from None
        text, found, lines = whole.rpartition("\n\n")
        if not found or not text or not lines.endswith("\n") or _has_controls(whole):
            raise NoteRefused
        return cls(text + "\n", tuple(_signature(line) for line in lines[:-1].split("\n")))

    @property
    def checkpoint(self) -> Checkpoint:
        """Return what the note says.

        Raises:
            NoteRefused: it is signed, and not a checkpoint.
        """
        lines = self.text[:-1].split("\n")
        if len(lines) < 3 or "" in lines or not _SIZE.fullmatch(lines[1]):
            raise NoteRefused
        return Checkpoint(lines[0], int(lines[1]), _decoded(lines[2], HASH_LENGTH))

    def is_signed_by(self, key: Verifier) -> bool:
        """Tell whether *key* signed this. Signatures of keys that nobody here knows prove nothing."""
        known = [s for s in self.signatures if (s.name, s.key_id) == (key.name, key.key_id)]
        message = self.text.encode()
        return bool(known) and all(key.verifies(message, s.signature) for s in known)

    def is_checkpoint_of(self, key: Verifier) -> bool:
        """Tell whether *key* signed this, and as a state of its own log: what it signs of another is none of ours."""
        return self.text.startswith(f"{key.name}\n") and self.is_signed_by(key)

    def __str__(self) -> str:
        lines = [
            f"{_DASH} {s.name} {base64.b64encode(s.key_id + s.signature).decode()}\n"
            for s in self.signatures
        ]
        return self.text + "\n" + "".join(lines)


def sign(checkpoint: Checkpoint, signer: Signer) -> SignedNote:
    """Return *checkpoint* signed, to be handed out."""
    text = checkpoint.text()
    return SignedNote(text, (Signature(signer.name, signer.key_id, signer.sign(text.encode())),))


def key_id(name: str, public: bytes) -> bytes:
    """Return the four bytes that tell an Ed25519 key apart from others of the same name."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """Return the text by which tools for signed notes are told whose signatures to accept."""
    key = base64.b64encode(_ED25519 + public).decode()
    return f"{name}+{key_id(name, public).hex()}+{key}"


def _signature(line: str) -> Signature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH or not parts[1] or "+" in parts[1]:
        raise NoteRefused
    raw = _decoded(parts[2])
    if len(raw) <= 4:
        raise NoteRefused
    return Signature(parts[1], raw[:4], raw[4:])


def _decoded(text: str, length: int | None = None) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteRefused from None
    if length is not None and len(raw) != length:
        raise NoteRefused
    return raw


def _has_controls(text: str) -> bool:
    return any(char < " " and char != "\n" for char in text)
