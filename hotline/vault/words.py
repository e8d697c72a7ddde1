"""Free words of the log, such as the purpose of a reveal: sealed, so that only who may read the log reads them.

``epoch id (16) | wrap | record``: to the desk's record epoch, and bound to the line it stands in.
"""

from datetime import datetime

from hotline import audit
from hotline.store import Session, new_id
from hotline.vault.envelope import (
    WRAP_LENGTH,
    Place,
    Purpose,
    SealBroken,
    new_secret,
    open_field,
    seal_field,
    unwrap_secret,
    wrap_info,
    wrap_secret,
)
from hotline.vault.epochs import EpochKeys
from hotline.vault.keyring import RECORD, Keyring

_ID_LENGTH = 16
_WRAP_END = _ID_LENGTH + WRAP_LENGTH


def seal_words(keyring: Keyring, *, desk: str, line_id: str, words: str) -> bytes:
    """Seal *words* to those who read the log of *desk* ("" is the house's own).

    Raises:
        NotFound: there is no such desk.
    """
    epoch = keyring.current(desk, RECORD)
    place, secret = words_place(desk, line_id), new_secret()
    wrap = wrap_secret(secret, epoch.public, info=wrap_info(place, epoch.id))
    plain = words.encode("utf-8", "surrogatepass")
    return bytes.fromhex(epoch.id) + wrap + seal_field(secret, plain, place)


def open_words(
    session: Session, epochs: EpochKeys, *, desk: str, line_id: str, sealed: bytes
) -> str:
    """Undo `seal_words` with the keys of someone who may.

    Raises:
        SealBroken: it is another line's, or not for these keys.
    """
    epoch_id, place = epoch_of(sealed), words_place(desk, line_id)
    key = epochs.get(session, epoch_id)
    wrap = sealed[_ID_LENGTH:_WRAP_END]
    secret = unwrap_secret(wrap, key, info=wrap_info(place, epoch_id))
    return open_field(secret, sealed[_WRAP_END:], place).decode("utf-8", "surrogatepass")


def epoch_of(sealed: bytes) -> str:
    """Return the id of the epoch that opens *sealed*.

    Raises:
        SealBroken: it is too short to say.
    """
    if len(sealed) < _WRAP_END:
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
        sealed=sealed[_WRAP_END:],
        wrap=sealed[:_WRAP_END],
        epoch_id=epoch_of(sealed) if sealed else "",
        id=line_id,
    )


def words_place(desk: str, line_id: str) -> Place:
    return Place(Purpose.AUDIT_WORDS, desk, line_id, "words")
