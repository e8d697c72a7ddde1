"""Ask again for what got lost, and forget what ended."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from hotline.contact import calling_back
from hotline.contact.calls import forget_calls
from hotline.contact.fate import doubt, drop_prepared
from hotline.contact.outgoing import LONGEST_UNDER_WAY
from hotline.contact.spending import forget_before
from hotline.contact.tables import conversations, erase_at_provider, prepared_answers, sends
from hotline.domain.report import day
from hotline.jobs import Job, Priority, jobs, later
from hotline.store import Session

_GRACE = timedelta(minutes=5)
_COUNTED = timedelta(days=31)
_LATE_NEWS = timedelta(hours=1)
_MANY = 500


def ask_again(session: Session, *, at: datetime) -> None:
    """Ask for each waiting send, expiry and erasure that no job stands for any more; what is held waits for nobody's."""
    waits = sends.c.sealed.is_not(None)
    is_sendable = waits & sends.c.held.is_(False) & (sends.c.expires_at > at)
    is_unerased = erase_at_provider.c.since < at - _GRACE
    for name, row_id, is_lost, priority in (
        ("send", sends.c.id, is_sendable, Priority.PEOPLE),
        ("expire", sends.c.id, waits & (sends.c.expires_at <= at), Priority.PEOPLE),
        ("erase", erase_at_provider.c.id, is_unerased, Priority.UPKEEP),
    ):
        asked = select(jobs.c.ref).where(jobs.c.name == name)
        lost = select(row_id).where(is_lost, row_id.not_in(asked)).limit(_MANY)
        for ref in session.execute(lost).scalars().all():
            later(session, Job(name, ref, priority=priority))


def forget_ended(session: Session, *, at: datetime) -> None:
    """Delete what is no longer on its way: its exact times would find a text in a carrier's own records.

    The provider's last word may come hours after the text, so a row stays for as long as a text may wait. Where no
    word came at all within the longest validity, whoever wrote it is told that nobody knows.
    """
    doubt(session, tried_until=at - LONGEST_UNDER_WAY - _LATE_NEWS)
    session.execute(delete(sends).where(sends.c.sealed.is_(None), sends.c.expires_at <= at))
    session.execute(delete(prepared_answers).where(prepared_answers.c.expires_at <= at))
    ended = conversations.c.open_until <= at
    session.execute(update(conversations).where(ended).values(open_until=None))
    forget_before(session, day(at - _COUNTED))
    forget_calls(session, at=at)


def forget(session: Session, report_id: str) -> None:
    """Stop what is on its way to a reporter; a text that is with the provider already is erased there."""
    session.execute(delete(sends).where(sends.c.report_id == report_id))
    drop_prepared(session, report_id)
    calling_back.forget(session, report_id)
    session.execute(delete(conversations).where(conversations.c.report_id == report_id))
