"""Seal bytes so that they open only with their secret and only in their own place.

A record, version 1::

    "HLV1" | suite 1 | commitment (32) | nonce (12) | AES-256-GCM(u32 length | plaintext | zeros)

Key and commitment are two HKDF outputs of the secret and the place; the commitment is checked first, because
GCM alone does not commit to its key. The padded length is 512 bytes, then doubles to 16 KiB, then grows in
steps of 16 KiB. A wrap carries a 32-byte secret to one public key::

    "HLW1" | suite 1 | key id (8) | HPKE encapsulation and ciphertext (1168)

Exact lengths are checked before anything is decrypted.
"""

import hashlib
import hmac
import os
import secrets
import struct
from bisect import bisect_left
from enum import IntEnum
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hotline.errors import HotlineError
from hotline.vault.keys import PrivateKey, PublicKey

SECRET_LENGTH = 32
WRAP_LENGTH = 4 + 1 + 8 + 1120 + SECRET_LENGTH + 16

_RECORD_HEADER = b"HLV1\x01"
_WRAP_HEADER = b"HLW1\x01"
_KEY_ID_END = len(_WRAP_HEADER) + 8
_COMMITMENT_END = len(_RECORD_HEADER) + 32
_NONCE_END = _COMMITMENT_END + 12
_TAG = 16
_BUCKETS = (512, 1024, 2048, 4096, 8192, 16384)
_STEP = _BUCKETS[-1]

PREVIEW_CAPACITY = _BUCKETS[0] - 4
"""Bytes of UTF-8 that a preview can hold."""
PREVIEW_LENGTH = _NONCE_END + _BUCKETS[0] + _TAG

_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_SHA256 = hashes.SHA256()


class SealBroken(HotlineError):
    default_message = "this seal does not open"


class Purpose(IntEnum):
    """What sealed bytes are for. The numbers are part of the format and never change their meaning."""

    RECORD = 1
    MESSAGE_SECRET = 2
    EPOCH_KEY = 3
    MEMBER_KEY = 4
    TOTP_SECRET = 5
    SESSION = 6
    RELAY = 7
    THREAD_SECRET = 8
    SEEN_ANSWER = 9
    RETURN_CODE = 10
    ATTACHMENT = 11
    AUDIT_WORDS = 12
    GRANTED_HALF = 13
    REQUEST_WORDS = 14
    GIVEN_WORD = 15
    CONVERSATION = 16
    CALL_STATE = 17
    OWN_NOTE = 18
    TICKET = 19
    CONSENT_WORDS = 20
    DUTY_WORDS = 21
    DESK_WORDS = 22
    HANDED_TEXT = 23
    WEBHOOK_SECRET = 24
    LINK = 25


class Place(NamedTuple):
    """Where sealed bytes belong: they do not open anywhere else.

    *report_id* is the id under which the report was born, for life; *version* is the message's number in it.
    """

    purpose: Purpose
    desk: str = ""
    report_id: str = ""
    field: str = ""
    version: int = 0

    def to_bytes(self) -> bytes:
        """Return the associated data, unambiguous because each part is preceded by its length."""
        return b"hotline-vault/1\0%c%b%b%b%b" % (
            self.purpose,
            length_prefixed(self.desk),
            length_prefixed(self.report_id),
            length_prefixed(self.field),
            self.version.to_bytes(4),
        )


def length_prefixed(text: str) -> bytes:
    """Return *text* as UTF-8 after its length in two bytes."""
    encoded = text.encode("utf-8", "surrogatepass")
    return len(encoded).to_bytes(2) + encoded


def new_secret() -> bytes:
    """Return a fresh message secret; one never serves two messages or two audiences."""
    return secrets.token_bytes(SECRET_LENGTH)


def derive(secret: bytes, label: str, length: int = 32) -> bytes:
    """Return *length* bytes that follow from *secret* for the use that *label* names (HKDF-SHA256)."""
    return HKDF(_SHA256, length, None, b"hotline-vault/1 " + label.encode()).derive(secret)


def seal_field(
    secret: bytes, plaintext: bytes, place: Place, *, nonce: bytes | None = None
) -> bytes:
    """Return *plaintext* as a record of *place*; *nonce* is given by test vectors only."""
    associated = place.to_bytes()
    key, commitment = _field_keys(secret, associated)
    nonce = nonce or os.urandom(12)
    header = _RECORD_HEADER + commitment + nonce
    return header + AESGCM(key).encrypt(nonce, pad(plaintext), header + associated)


def open_field(secret: bytes, sealed: bytes, place: Place, *, length: int | None = None) -> bytes:
    """Return what was sealed at *place*; *length* is the only accepted one for fixed-size records.

    Raises:
        SealBroken: anything at all is not as it was sealed.
    """
    body = len(sealed) - _NONCE_END - _TAG
    if not _is_bucket(body) or (length is not None and len(sealed) != length):
        raise SealBroken
    associated = place.to_bytes()
    key, commitment = _field_keys(secret, associated)
    if not hmac.compare_digest(_RECORD_HEADER + commitment, sealed[:_COMMITMENT_END]):
        raise SealBroken
    header = sealed[:_NONCE_END]
    try:
        padded = AESGCM(key).decrypt(
            header[_COMMITMENT_END:], sealed[_NONCE_END:], header + associated
        )
    except InvalidTag:
        raise SealBroken from None
    return unpad(padded)


def pad(plaintext: bytes) -> bytes:
    """Return *plaintext* behind its length, filled with zeros to a bucket, so that length tells little."""
    needed = 4 + len(plaintext)
    if needed <= _STEP:
        size = _BUCKETS[bisect_left(_BUCKETS, needed)]
    else:
        size = -(-needed // _STEP) * _STEP
    return struct.pack(">I", len(plaintext)) + plaintext + bytes(size - needed)


def unpad(padded: bytes) -> bytes:
    """Undo `pad`; only the one padding that `pad` makes is accepted."""
    end = 4 + int.from_bytes(padded[:4])
    plaintext = padded[4:end]
    if end > len(padded) or pad(plaintext) != padded:
        raise SealBroken
    return plaintext


def wrap_info(place: Place, epoch_id: str) -> bytes:
    """Return what a wrap is bound to: its place and the epoch it is wrapped to."""
    return place.to_bytes() + length_prefixed(epoch_id)


def wrap_secret(secret: bytes, public: PublicKey, *, info: bytes) -> bytes:
    """Return the 32-byte *secret*, to be opened by the owner of *public* in the context *info* only."""
    if len(secret) != SECRET_LENGTH:
        raise SealBroken
    return _WRAP_HEADER + public.id + _SUITE.encrypt(secret, public.key, info)


def is_wrapped_to(wrap: bytes, public: PublicKey) -> bool:
    """Tell whether *wrap* says that it is to *public*; only opening it shows that it is."""
    header = _WRAP_HEADER + public.id
    return len(wrap) == WRAP_LENGTH and hmac.compare_digest(wrap[: len(header)], header)


def unwrap_secret(wrap: bytes, private: PrivateKey, *, info: bytes) -> bytes:
    """Undo `wrap_secret`.

    Raises:
        SealBroken: it is not a wrap to this key in this context.
    """
    if not is_wrapped_to(wrap, private.public):
        raise SealBroken
    try:
        return _SUITE.decrypt(wrap[_KEY_ID_END:], private.key, info)
    except (InvalidTag, ValueError):
        raise SealBroken from None


def _field_keys(secret: bytes, associated: bytes) -> tuple[bytes, bytes]:
    info = b"hotline-vault/1 dek" + hashlib.sha256(associated).digest()
    derived = HKDF(_SHA256, 64, None, info).derive(secret)
    return derived[:32], derived[32:]


def _is_bucket(size: int) -> bool:
    return size in _BUCKETS or (size > _STEP and size % _STEP == 0)
