"""Key pairs that are small enough to seal: a private key is its 32-byte X-Wing seed.

The pair is ML-KEM-768 joined with X25519 (draft-connolly-cfrg-xwing-kem, HPKE KEM 0x647A): post-quantum,
because a survivor's name must still be secret in thirty years. A seed expands by SHAKE-256 to 64 bytes for
ML-KEM and 32 for X25519; a public key is 1,184 + 32 bytes.
"""

import hashlib
import secrets

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from hotline.errors import Malformed

SEED_LENGTH = 32
PUBLIC_LENGTH = 1216
_MLKEM_PUBLIC = 1184


class PublicKey:
    """A public key, parsed once: parsing again for every report would cost more than sealing."""

    __slots__ = ("id", "key", "raw")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != PUBLIC_LENGTH:
            raise Malformed
        try:
            self.key = hpke.MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(raw[:_MLKEM_PUBLIC]),
                X25519PublicKey.from_public_bytes(raw[_MLKEM_PUBLIC:]),
            )
        except ValueError:
            raise Malformed from None
        self.raw = raw
        self.id = hashlib.sha256(raw).digest()[:8]


class PrivateKey:
    """A private key and its public half."""

    __slots__ = ("key", "public", "seed")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_LENGTH:
            raise Malformed
        expanded = hashlib.shake_256(seed).digest(96)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
        self.seed = seed
        self.key = hpke.MLKEM768X25519PrivateKey(mlkem, x25519)
        self.public = PublicKey(
            mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        )

    @classmethod
    def fresh(cls) -> "PrivateKey":
        return cls(secrets.token_bytes(SEED_LENGTH))

    def __repr__(self) -> str:
        return f"<PrivateKey {self.public.id.hex()}>"
