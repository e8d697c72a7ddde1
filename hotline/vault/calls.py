"""Where a call stands, sealed under the provider's id of it: only who is told that id reads it.

The id itself would link a report to the provider's logs, so only its digest is kept.
"""

import hashlib

from hotline.vault.envelope import Place, Purpose, derive, open_field, seal_field

_PLACE = Place(Purpose.CALL_STATE, field="state")


def call_key(call_id: str) -> bytes:
    """Return the 32 bytes under which the call *call_id* is kept."""
    return hashlib.sha256(b"hotline-call/1\0" + _encoded(call_id)).digest()


def call_step(call_id: str, count: int) -> str:
    """Return the name of step number *count* of a call, in 32 characters: the same for a retry, and known to nobody else."""
    return derive(_encoded(call_id), f"call step {count}")[:16].hex()


def seal_call(call_id: str, state: bytes) -> bytes:
    """Seal *state* so that only who knows *call_id* reads it."""
    return seal_field(derive(_encoded(call_id), "call state"), state, _PLACE)


def open_call(call_id: str, sealed: bytes) -> bytes:
    """Undo `seal_call`.

    Raises:
        SealBroken: it was sealed under another id, or changed.
    """
    return open_field(derive(_encoded(call_id), "call state"), sealed, _PLACE)


def _encoded(call_id: str) -> bytes:
    return call_id.encode("utf-8", "surrogatepass")
