"""What staff write: sealed to who may read it, as the words of a line in the log are to who may read the log.

``epoch id (16) | wrap | record``: a letter to an epoch of the place's desk, with the epoch's id before it.
"""

from datetime import datetime

from hotline import audit
from hotline.store import Session, new_id
from hotline.vault.envelope import WRAP_LENGTH, Place, Purpose, SealBroken
from hotline.vault.epochs import EpochKeys
from hotline.vault.keyring import RECORD, Keyring
from hotline.vault.letters import open_letter, seal_letter

_ID_LENGTH = 16
WRAP_END = _ID_LENGTH + WRAP_LENGTH


def seal_text(keyring: Keyring, depth: str, place: Place, text: str) -> bytes:
    """Seal *text* to those of the place's desk who open *depth*.

    Raises:
        NotFound: there is no such desk.
    """
    epoch = keyring.current(place.desk, depth)
    plain = text.encode("utf-8", "surrogatepass")
    return bytes.fromhex(epoch.id) + seal_letter(epoch.public, plain, place, reader=epoch.id)


def open_text(session: Session, epochs: EpochKeys, place: Place, sealed: bytes) -> str:
    """Undo `seal_text` with the keys of someone who may.

    Raises:
        SealBroken: it belongs elsewhere, or is not for these keys.
    """
    epoch_id = epoch_of(sealed)
    key = epochs.get(session, epoch_id)
    plain = open_letter(key, sealed[_ID_LENGTH:], place, reader=epoch_id)
    return plain.decode("utf-8", "surrogatepass")


def seal_words(keyring: Keyring, *, desk: str, line_id: str, words: str) -> bytes:
    """Seal *words* to those who read the log of *desk* ("" is the house's own).

    Raises:
        NotFound: there is no such desk.
    """
    return seal_text(keyring, RECORD, words_place(desk, line_id), words)


def open_words(
    session: Session, epochs: EpochKeys, *, desk: str, line_id: str, sealed: bytes
) -> str:
    """Undo `seal_words` with the keys of someone who may.

    Raises:
        SealBroken: it is another line's, or not for these keys.
    """
    return open_text(session, epochs, words_place(desk, line_id), sealed)


def epoch_of(sealed: bytes) -> str:
    """Return the id of the epoch that opens *sealed*.

    Raises:
        SealBroken: it is too short to say.
    """
    if len(sealed) < WRAP_END:
        raise SealBroken
    return sealed[:_ID_LENGTH].hex()


def write_down(
    session: Session,
    keyring: Keyring,
    *,
    at: datetime,
    who: str,
    did: str,
    desk: str,
    report_id: str = "",
    what: str = "",
    purpose: str = "",
    words: str = "",
) -> None:
    """Add a line to the log; *words*, if any, go into it sealed."""
    line_id = new_id()
    sealed = seal_words(keyring, desk=desk, line_id=line_id, words=words) if words else b""
    audit.record(
        session,
        at=at,
        who=who,
        did=did,
        desk=desk,
        report_id=report_id,
        what=what,
        purpose=purpose,
        sealed=sealed[WRAP_END:],
        wrap=sealed[:WRAP_END],
        epoch_id=epoch_of(sealed) if sealed else "",
        id=line_id,
    )


def words_place(desk: str, line_id: str) -> Place:
    return Place(Purpose.AUDIT_WORDS, desk, line_id, "words")
