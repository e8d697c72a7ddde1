"""Go on looking at what was opened: a browser fetches a recording or a picture long after the look was written down.

With the look whoever looks gets a *ticket*: the file's secret, sealed under a key that follows from their own. It comes
back with each piece that is asked for, and nothing of it is kept here. So a ticket is worth nothing to anybody else,
nor to its owner when they are signed out, or when its time is over: at a desk with four eyes that is when what a
colleague approved ends.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from hotline.domain.staff import Right
from hotline.errors import NotFound
from hotline.store import Session
from hotline.vault.attachments import FileSpot, Head
from hotline.vault.contents import from_json, to_json
from hotline.vault.envelope import Place, Purpose, SealBroken, derive, open_field, seal_field
from hotline.vault.found import Found
from hotline.vault.opening import Keyholder
from hotline.vault.opening_files import OpenFile
from hotline.vault.tables import attachments

LONGEST = timedelta(hours=2)
"""For so long a file stays open to whoever looks, if they do not sign out before."""


class TicketOver(NotFound):
    default_message = "the time to look is over"


@dataclass(frozen=True, slots=True)
class Ticketed:
    """What a ticket opens: a *file* of message *seq*, until then."""

    file: OpenFile
    report_id: str
    seq: int
    until: datetime


def ticket(
    keyholder: Keyholder,
    file: OpenFile,
    report_id: str,
    *,
    at: datetime,
    until: datetime | None = None,
) -> str:
    """Return what opens *file* for *keyholder* again, as text for an address. The look was written down before.

    *until* is when the approval ends on which the look rests, if it rests on one.
    """
    end = min(at + LONGEST, until or at + LONGEST)
    facts = {
        "id": file.head.id,
        "number": file.head.number,
        "kind": file.head.kind,
        "size": file.head.size,
        "secret": file.secret.hex(),
        "until": int(end.timestamp()),
    }
    sealed = seal_field(_key(keyholder), to_json(facts), _place(keyholder, report_id))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def by_ticket(
    session: Session, keyholder: Keyholder, report_id: str, text: str, *, at: datetime
) -> Ticketed:
    """Return what a ticket of *keyholder* opens.

    Raises:
        Refused: without the right to reveal.
        TicketOver: its time is over.
        NotFound: it is none of theirs, or the file was erased.
    """
    keyholder.require(Right.REVEAL)
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        facts = from_json(open_field(_key(keyholder), sealed, _place(keyholder, report_id)))
    except (SealBroken, binascii.Error, ValueError):
        raise NotFound(ref=report_id) from None
    rows = attachments.c
    mine = select(attachments).where(rows.id == facts["id"], rows.report_id == report_id)
    row = session.execute(mine).one_or_none()
    if row is None:
        raise NotFound(ref=report_id)
    until = datetime.fromtimestamp(facts["until"], UTC)
    if at >= until:
        raise TicketOver(ref=report_id)
    secret = bytes.fromhex(facts["secret"])
    head = Head(
        row.id, facts["number"], kind=facts["kind"], size=facts["size"], copy_of=row.copy_of
    )
    found = Found.open(secret, row.found, FileSpot.of(row))
    file = OpenFile(head, secret, found, row.is_recording)
    return Ticketed(file, report_id, row.seq, until)


def _key(keyholder: Keyholder) -> bytes:
    return derive(keyholder.keys.raw, "ticket")


def _place(keyholder: Keyholder, report_id: str) -> Place:
    return Place(Purpose.TICKET, keyholder.desk, report_id, keyholder.staff_id)
