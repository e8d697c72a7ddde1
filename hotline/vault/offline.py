"""The two keys that never stay on a server: the root's, which signs, and recovery's, which opens."""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hotline.vault.keys import PrivateKey


@dataclass(frozen=True, slots=True)
class RootKey:
    """32 bytes of an Ed25519 key, and its public half."""

    private: bytes = field(repr=False)
    public: bytes


def new_root() -> RootKey:
    key = Ed25519PrivateKey.generate()
    return RootKey(key.private_bytes_raw(), key.public_key().public_bytes_raw())


def new_recovery() -> PrivateKey:
    return PrivateKey.fresh()
