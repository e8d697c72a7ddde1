"""Write down that something was done, in the transaction that does it."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert

from hotline.audit.entry import BY_DAY, REPORTER, SALT_LENGTH, about
from hotline.audit.tables import audit_waiting
from hotline.errors import Malformed
from hotline.statements import Statement
from hotline.store import Session, new_id

_INSERT = Statement(insert(audit_waiting))
_CODE = re.compile(r"[a-z0-9_.:-]{0,64}")


def record(
    session: Session,
    *,
    at: datetime,
    who: str,
    did: str,
    desk: str = "",
    report_id: str = "",
    what: str = "",
    purpose: str = "",
    sealed: bytes = b"",
    epoch_id: str = "",
    wrap: bytes = b"",
    id: str = "",  # noqa: A002 - it is the line's.
) -> None:
    """Add a line about what *who* did. *did*, *what* and *purpose* are short codes and ids, never free words.

    *desk* is whose line it is; empty for the house's. *sealed* are words that the vault sealed, bound to *id*
    (`new_id`, 32 hexadecimal digits); what opens them, *epoch_id* and *wrap*, may be renewed later, so the
    entry names the SHA-256 of *sealed* alone.

    Nobody waits for anybody here: the line gets its number from the sequencer. A line about a report tells the
    hour only, and one about a message of it, or by its reporter, the day (`BY_DAY`): an instant joined to a
    report finds its text in a carrier's records.

    Raises:
        Malformed: *purpose* is no code; what people type belongs into *sealed*.
    """
    if not _CODE.fullmatch(purpose):
        raise Malformed("a purpose in the log is a code")
    row = _row(at=at, who=who, did=did, desk=desk, report_id=report_id, what=what)
    digest = hashlib.sha256(sealed).digest() if sealed else b""
    words = {"digest": digest, "sealed": sealed, "epoch_id": epoch_id, "wrap": wrap}
    _INSERT.run(session, {**row, **words, "purpose": purpose, "id": id or row["id"]})


def record_each(
    session: Session, *, at: datetime, who: str, did: str, desk: str, what: Mapping[str, str]
) -> None:
    """Add a line about each of the reports in *what*, which says what was done with it, as `record` does for one."""
    rows = [
        _row(at=at, who=who, did=did, desk=desk, report_id=report_id, what=its)
        for report_id, its in what.items()
    ]
    if rows:
        _INSERT.run_each(session, rows)


def _row(
    *, at: datetime, who: str, did: str, desk: str, report_id: str, what: str
) -> dict[str, object]:
    """Return a line without words, and with no finer time than it may tell."""
    if report_id:
        at = at.replace(minute=0, second=0, microsecond=0)
    if did in BY_DAY or (report_id and who == REPORTER):
        at = at.replace(hour=0)
    salt = secrets.token_bytes(SALT_LENGTH)
    return {
        "id": new_id(),
        "at": at,
        "who": who,
        "did": did,
        "desk": desk,
        "report_id": report_id,
        "about": about(salt, report_id),
        "what": what,
        "purpose": "",
        "digest": b"",
        "sealed": b"",
        "epoch_id": "",
        "wrap": b"",
        "salt": salt,
    }
