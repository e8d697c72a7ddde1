"""Ed25519 signatures, checked in one way, whoever signed and whatever was signed."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether the owner of *public* signed *message*; what is no key, or no signature, is no error."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
