"""The words beside what was agreed to, forbidden or told: sealed to who reads accounts at the report's desk."""

from hotline.store import Session
from hotline.vault.envelope import Place, Purpose
from hotline.vault.keyring import DESK, Keyring
from hotline.vault.opening import Keyholder
from hotline.vault.words import open_text, seal_text


def seal(keyring: Keyring, desk: str, row_id: str, words: str, *, name: str = "words") -> bytes:
    """Seal *words* to their row; *name* tells apart what one row holds."""
    return seal_text(keyring, DESK, _place(desk, row_id, name), words)


def unseal(
    session: Session, keyholder: Keyholder, row_id: str, sealed: bytes, *, name: str = "words"
) -> str:
    """Undo `seal` in the session of somebody who reads accounts there; nothing was sealed where *sealed* is empty.

    Raises:
        SealBroken: it belongs elsewhere, or is not for these keys.
    """
    if not sealed:
        return ""
    place = _place(keyholder.desk, row_id, name)
    return open_text(session, keyholder.epochs, place, sealed)


def _place(desk: str, row_id: str, name: str) -> Place:
    return Place(Purpose.CONSENT_WORDS, desk, row_id, name)
