"""A proof that this process showed a code a while ago: whoever only found the code has none."""

import hmac
import re

from hotline.channels.web.desk import desk
from hotline.parts import here
from hotline.vault.codes import ReturnCode

LASTS = 20 * 60
"""Seconds; as long as a page that a code opened stays."""

_PROOF = re.compile(r"([0-9a-f]{8})-([0-9a-f]{64})")


def proof_of(code: ReturnCode) -> str:
    """Return the proof that *code* is shown now."""
    at = f"{_now():08x}"
    return f"{at}-{_seal(code, at)}"


def is_proven(code: ReturnCode, proof: str) -> bool:
    """Tell whether *proof* was made for *code*, here and not long ago."""
    found = _PROOF.fullmatch(proof)
    if found is None or not hmac.compare_digest(found[2], _seal(code, found[1])):
        return False
    return 0 <= _now() - int(found[1], 16) <= LASTS


def _now() -> int:
    return int(here().clock().timestamp())


def _seal(code: ReturnCode, at: str) -> str:
    shown = b"shown" + code.number.to_bytes(16) + at.encode()
    return hmac.digest(desk().secret, shown, "sha256").hex()
