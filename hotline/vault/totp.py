"""The six digits of an authenticator app (RFC 6238: SHA-1, 30 seconds)."""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote

from hotline.vault.codes import digits_in

_STEP_SECONDS = 30
_DRIFT = 1
_LONGEST = 40


def new_totp_secret() -> bytes:
    return secrets.token_bytes(20)


def totp_text(secret: bytes) -> str:
    """Return *secret* as authenticator apps take it (base32)."""
    return base64.b32encode(secret).decode()


def totp_address(secret: bytes, username: str) -> str:
    """Return the ``otpauth:`` address that a QR code shows."""
    return f"otpauth://totp/hotline:{quote(username)}?secret={totp_text(secret)}&issuer=hotline"


def step_at(at: datetime) -> int:
    """Return the number of the 30 seconds that *at* lies in."""
    return int(at.timestamp()) // _STEP_SECONDS


def totp_code(secret: bytes, step: int) -> str:
    """Return the six digits of *step*."""
    digest = hmac.digest(secret, step.to_bytes(8), "sha1")
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF) % 1_000_000:06d}"


def matching_step(secret: bytes, typed: str, at: datetime) -> int | None:
    """Return the step within one of *at* whose digits were *typed*, in any script; None when there is none."""
    digits = digits_in(typed[:_LONGEST])
    steps = range(step_at(at) - _DRIFT, step_at(at) + _DRIFT + 1)
    matches = [
        step
        for step in steps
        if hmac.compare_digest(totp_code(secret, step).encode(), digits.encode())
    ]
    return matches[-1] if matches else None
