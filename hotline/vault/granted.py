"""Open what a colleague approved: for whoever asked, for fifteen minutes, written down before it opens."""

from datetime import datetime

from hotline.errors import Refused
from hotline.store import Store
from hotline.vault.asked import GRANTED, Request, find, hold_both, member_of, open_words
from hotline.vault.contents import Identity
from hotline.vault.granting import MESSAGE, open_halves
from hotline.vault.keyring import IDENTITY, Keyring
from hotline.vault.opening import Keyholder
from hotline.vault.opening_files import OpenFile, open_files
from hotline.vault.revealing import ATTACHMENTS, Beside, Look, keep_line, only


class NotGranted(Refused):
    default_message = "nobody approved this, or the time to look is over"


def open_granted(
    store: Store,
    keyholder: Keyholder,
    keyring: Keyring,
    *,
    request_id: str,
    at: datetime,
    beside: Beside = lambda _session: None,
) -> Identity:
    """Write down that *keyholder* looks at what was approved, then open it; the rest is left empty.

    Raises:
        NotGranted: it was not approved for them, its time is over, or who approved works here no more; or it
            is for files.
        EnvelopeNotFound: nothing in that message has the name that was asked for.
        SealBroken: it does not open; the line stays.
    """
    granted, halves = _look(store, keyholder, keyring, request_id, beside, at, files=False)
    # What was handed over is looked for by what it opens.
    halves = {IDENTITY if name == MESSAGE else name: half for name, half in halves.items()}
    with store.read() as session:
        found = keyholder.open_identity(
            session, granted.report_id, granted.seq, other_halves=halves
        )
    return only(found, granted.field)


def open_granted_files(
    store: Store,
    keyholder: Keyholder,
    keyring: Keyring,
    *,
    request_id: str,
    at: datetime,
    beside: Beside = lambda _session: None,
) -> list[OpenFile]:
    """Write down that *keyholder* looks at the files that were approved, then open them.

    Raises:
        NotGranted, SealBroken: as for `open_granted`.
    """
    granted, halves = _look(store, keyholder, keyring, request_id, beside, at, files=True)
    with store.read() as session:
        return open_files(session, keyholder, granted.report_id, granted.seq, other_halves=halves)


def _look(
    store: Store,
    keyholder: Keyholder,
    keyring: Keyring,
    request_id: str,
    beside: Beside,
    at: datetime,
    *,
    files: bool,
) -> tuple[Request, dict[str, bytes]]:
    """Write down that *keyholder* looks, and return what was granted with its halves."""
    with store.read() as session:
        granted = find(session, request_id)
        words = "" if granted is None else open_words(session, keyholder, granted)
    if granted is None or not _may_look(granted, keyholder, keyring, at):
        raise NotGranted(ref=request_id)
    if files != (granted.field == ATTACHMENTS):
        raise NotGranted(ref=request_id)
    look = Look(granted.report_id, granted.seq, granted.field, granted.purpose, words)
    keep_line(store, keyring, keyholder, look, beside, at=at)
    return granted, open_halves(granted, keyholder.keys.private)


def _may_look(granted: Request, keyholder: Keyholder, keyring: Keyring, at: datetime) -> bool:
    me = member_of(keyring, keyholder.staff_id, granted.desk)
    approver = member_of(keyring, granted.approver, granted.desk)
    return (
        granted.requester == keyholder.staff_id
        and granted.state == GRANTED
        and granted.is_open(at)
        and me is not None
        and hold_both(me, approver)
    )
