"""The house's own signature: under the checkpoints of its log, the keys of return codes, and bundles of leads.

An Ed25519 key in a file beside the database: whoever can write to the database alone signs nothing. Each use begins
its messages with a text of its own, so that no signature serves for another.
"""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hotline.audit.notes import Checkpoint, SignedNote, key_id, verifier_key
from hotline.errors import Misconfigured
from hotline.vault.keyfiles import write_private
from hotline.vault.signatures import is_signed

_BUNDLE = "# hotline-leads-bundle/1\n"


class LogKey:
    """What signs in the name of the house."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw()

    @classmethod
    def load(cls, path: Path) -> "LogKey":
        """Read the private half.

        Raises:
            Misconfigured: there is none, or it is not a key.
        """
        try:
            return cls(Ed25519PrivateKey.from_private_bytes(path.read_bytes()))
        except (OSError, ValueError):
            raise Misconfigured from None

    @classmethod
    def create(cls, path: Path, public_path: Path) -> "LogKey":
        """Make a new pair and write both halves, the public one for those who check."""
        key = cls.fresh()
        write_private(path, key._private.private_bytes_raw())
        write_private(public_path, key.public)
        return key

    @classmethod
    def fresh(cls) -> "LogKey":
        return cls(Ed25519PrivateKey.generate())

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature."""
        return self._private.sign(message)

    def sign_bundle(self, statement: str) -> tuple[bytes, bytes]:
        """Return what is said of a bundle of leads, after the line that only this begins with, and its signature."""
        text = (_BUNDLE + statement).encode()
        return text, self.sign(text)

    @property
    def pem(self) -> bytes:
        """The public half as `openssl` takes it."""
        public = self._private.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def __repr__(self) -> str:
        return "<LogKey>"


@dataclass(frozen=True, slots=True)
class LogVerifier:
    """Knows the checkpoints of the log *name*, such as ``hotline.example/log``, by the public half."""

    name: str
    public: bytes

    @classmethod
    def load(cls, path: Path, *, name: str) -> "LogVerifier":
        """Read the public half.

        Raises:
            Misconfigured: there is none, or it is not a key.
        """
        try:
            public = path.read_bytes()
            Ed25519PublicKey.from_public_bytes(public)
        except (OSError, ValueError):
            raise Misconfigured from None
        return cls(name, public)

    @property
    def key_id(self) -> bytes:
        return key_id(self.name, self.public)

    @property
    def text(self) -> str:
        """The key as tools for signed notes take it."""
        return verifier_key(self.name, self.public)

    def verifies(self, message: bytes, signature: bytes) -> bool:
        return is_signed(self.public, signature, message)


@dataclass(frozen=True, slots=True)
class LogPin:
    """Remembers, in a file outside the database, what was signed last: who rebuilds the log there forgets nothing here."""

    path: Path

    def read(self) -> Checkpoint | None:
        """Return what was signed last; None before the first.

        Raises:
            NoteRefused: the file is damaged.
        """
        try:
            return SignedNote.parse(self.path.read_bytes()).checkpoint
        except FileNotFoundError:
            return None

    def write(self, note: str) -> None:
        write_private(self.path, note.encode())


@dataclass(frozen=True, slots=True)
class LogSigner:
    """Signs the checkpoints of the log *name*."""

    name: str
    key: LogKey

    @property
    def key_id(self) -> bytes:
        return key_id(self.name, self.key.public)

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)
