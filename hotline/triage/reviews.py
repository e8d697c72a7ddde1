"""Which messages of a report somebody has reviewed for what is masked in them, and for what is not.

Nothing of a report leaves before each of them is: a new message makes it one that is not reviewed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, exists, insert, select

from hotline.domain.report import Direction, day
from hotline.errors import Refused
from hotline.reports.joined import joined
from hotline.reports.tables import messages, span_reviews
from hotline.store import Session

MOST_MESSAGES = 500
_MOST_EARLIER = 200


_IS_DONE = exists().where(
    span_reviews.c.report_id == messages.c.report_id, span_reviews.c.seq == messages.c.seq
)
_IS_UNREVIEWED = (messages.c.direction == Direction.FROM_REPORTER) & ~_IS_DONE


class Waiting(NamedTuple):
    """A message that nobody has reviewed."""

    report_id: str
    seq: int


class NotReviewed(Refused):
    default_message = "nobody has reviewed what is masked in this report"


@dataclass(frozen=True, slots=True)
class Done:
    """Who said that a message is reviewed, and on which day."""

    by: str
    day: str


def told(session: Session, report_id: str) -> tuple[int, ...]:
    """Return the numbers of what the reporter told us, in order: the newest, and of what is before them the unreviewed."""
    rows = messages.c
    its = (rows.report_id == report_id, rows.direction == Direction.FROM_REPORTER)
    newest = select(rows.seq).where(*its).order_by(rows.seq.desc()).limit(MOST_MESSAGES)
    return tuple(
        sorted({*session.execute(newest).scalars(), *first_unreviewed(session, report_id)})
    )


def first_unreviewed(session: Session, report_id: str) -> tuple[int, ...]:
    """Return the numbers of the first messages that nobody has reviewed: however many came since, each has its turn."""
    rows = messages.c
    query = select(rows.seq).where(rows.report_id == report_id, _IS_UNREVIEWED)
    return tuple(session.execute(query.order_by(rows.seq).limit(_MOST_EARLIER)).scalars())


def reviewed(session: Session, report_id: str) -> dict[int, Done]:
    """Return which messages are reviewed, and who said so."""
    rows = span_reviews.c
    query = select(rows.seq, rows.by, rows.day).where(rows.report_id == report_id)
    return {row.seq: Done(row.by, row.day) for row in session.execute(query)}


def unreviewed(session: Session, report_id: str) -> tuple[Waiting, ...]:
    """Return what the reporter told us and nobody has reviewed, also in reports that are merged into this one."""
    ids = [report_id, *(row.id for row in joined(session, report_id))]
    rows = messages.c
    query = select(rows.report_id, rows.seq).where(rows.report_id.in_(ids), _IS_UNREVIEWED)
    found = session.execute(query.order_by(rows.report_id, rows.seq).limit(MOST_MESSAGES))
    waits = [Waiting(*row) for row in found]
    return tuple(sorted(waits, key=lambda one: (one.report_id != report_id, one)))


def is_reviewed(session: Session, report_id: str) -> bool:
    """Tell whether somebody reviewed all that the reporter told us, also in reports that are merged into this one."""
    return not unreviewed(session, report_id)


def require_reviewed(session: Session, report_id: str) -> None:
    """Do nothing where everything in a report is reviewed.

    Raises:
        NotReviewed: something in it is not.
    """
    if unreviewed(session, report_id):
        raise NotReviewed(ref=report_id)


def forget(session: Session, report_id: str) -> None:
    """Delete who reviewed what of a report."""
    session.execute(delete(span_reviews).where(span_reviews.c.report_id == report_id))


def keep(session: Session, report_id: str, seq: int, *, by: str, at: datetime) -> None:
    """Write down that *by* answers for a message."""
    row = {"report_id": report_id, "seq": seq, "by": by, "day": day(at)}
    session.execute(insert(span_reviews), row)


def take_back(session: Session, report_id: str, seq: int) -> None:
    """Let a message be one that is not reviewed again."""
    rows = span_reviews.c
    its = (rows.report_id == report_id, rows.seq == seq)
    session.execute(delete(span_reviews).where(*its))
