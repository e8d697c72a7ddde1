"""Know a provider's message again without keeping its id.

The id itself would link a report to the provider's logs for ever, so only its digest is kept, and the answer
that was given is sealed under a key that follows from the id: who asks again with the id gets the same answer.
"""

import hashlib

from hotline.vault.envelope import Place, Purpose, derive, open_field, seal_field

_PLACE = Place(Purpose.SEEN_ANSWER, field="answer")


def seen_key(provider_id: str) -> bytes:
    """Return the 32 bytes under which *provider_id* is remembered."""
    return hashlib.sha256(b"hotline-seen/1\0" + _encoded(provider_id)).digest()


def seal_answer(provider_id: str, answer: str) -> bytes:
    """Seal *answer* so that only who knows *provider_id* reads it."""
    return seal_field(_secret(provider_id), answer.encode("utf-8", "surrogatepass"), _PLACE)


def open_answer(provider_id: str, sealed: bytes) -> str:
    """Undo `seal_answer`.

    Raises:
        SealBroken: it was sealed under another id, or changed.
    """
    return open_field(_secret(provider_id), sealed, _PLACE).decode("utf-8", "surrogatepass")


def _secret(provider_id: str) -> bytes:
    return derive(_encoded(provider_id), "seen answer")


def _encoded(provider_id: str) -> bytes:
    return provider_id.encode("utf-8", "surrogatepass")
