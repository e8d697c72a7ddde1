"""What staff of a desk write down for each other, beside what the reporter said."""

from datetime import datetime

from sqlalchemy import insert, update

from hotline import audit
from hotline.domain.report import Direction, day, minute
from hotline.errors import Conflict
from hotline.reports import messages, reports
from hotline.store import Session
from hotline.triage.quarantine import release
from hotline.triage.reading import report_facts
from hotline.vault.contents import Account
from hotline.vault.digests import Digests
from hotline.vault.keyring import Keyring
from hotline.vault.sealing import keep, seal_message


def write_note(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    text: str,
    at: datetime,
) -> int:
    """Seal a note to *desk* and put it behind the last message; return its number.

    Whoever reads along may write one too: a note needs no claim. What is worth a note stands in quarantine no more.

    Raises:
        NotFound: *desk* has no such report.
        Conflict: a message came in at this very moment.
    """
    facts = report_facts(session, report_id, desk=desk)
    seq = facts.messages + 1
    release(session, report_id, desk=desk, by=by, at=at)
    counted = session.execute(
        update(reports)
        .where(reports.c.id == report_id, reports.c.messages == facts.messages)
        .values(messages=seq)
    )
    if counted.rowcount == 0:
        raise Conflict(ref=report_id)
    session.execute(
        insert(messages).values(
            report_id=report_id,
            seq=seq,
            direction=Direction.NOTE,
            channel=facts.channel,
            day=day(at),
            at=minute(at) if facts.is_open else None,
            author=by,
        )
    )
    account = Account(text=text, language="und")
    envelopes = seal_message(
        keyring, desk=desk, report_id=report_id, seq=seq, account=account, preview=""
    )
    keep(session, envelopes)
    audit.record(
        session,
        at=at,
        who=by,
        did="note",
        desk=desk,
        report_id=report_id,
        what=f"message {Digests.of(envelopes)}",
    )
    return seq
