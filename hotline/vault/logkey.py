"""The house's own signature: under the checkpoints of its log, and under the keys of return codes.

An Ed25519 key in a file beside the database: whoever can write to the database alone signs nothing. Each use begins
its messages with a text of its own, so that no signature serves for another.
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hotline.errors import Misconfigured
from hotline.vault.keyfiles import write_private


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

    def __repr__(self) -> str:
        return "<LogKey>"
