"""The address of an onion service: 56 letters and digits that carry a checksum, so that a slip is noticed.

Layout (Tor's rend-spec-v3, 6): base32 of public key (32) | checksum (2) | version (1).
"""

import hashlib
import re
from base64 import b32decode

_ORIGIN = re.compile(r"http://([a-z2-7]{56})\.onion")


def is_onion_origin(text: str) -> bool:
    """Tell whether *text* is such an origin, such as ``http://….onion``, with the checksum of its key."""
    found = _ORIGIN.fullmatch(text)
    if found is None:
        return False
    raw = b32decode(found[1].upper())
    key, checksum, version = raw[:32], raw[32:34], raw[34:]
    digest = hashlib.sha3_256(b".onion checksum" + key + version).digest()
    return version == b"\x03" and checksum == digest[:2]
