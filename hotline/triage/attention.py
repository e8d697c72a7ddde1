"""What a row of the queue says beside its urgency: consent, and what somebody has to do with it. One query for each kind."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from hotline import consent
from hotline.store import Session
from hotline.triage.alerts import Kind
from hotline.triage.tables import alerts
from hotline.vault.asked import ASKED
from hotline.vault.tables import reveal_requests

Ids = frozenset[str]
_NONE: Ids = frozenset()


@dataclass(frozen=True, slots=True)
class Attention:
    """Which of the reports of a page what is true of, by their ids.

    *agreed*: a yes stands. *asked*: a question waits for the person. *taken_back*: they took a yes back, and none
    stands. *copies*: they wait for a copy. *unread*: whom it must not reach stands in words that nobody read.
    *undecided*: a second person has to decide.
    """

    agreed: Ids = field(default=_NONE)
    asked: Ids = field(default=_NONE)
    taken_back: Ids = field(default=_NONE)
    copies: Ids = field(default=_NONE)
    unread: Ids = field(default=_NONE)
    undecided: Ids = field(default=_NONE)


def attention(session: Session, report_ids: Collection[str], *, at: datetime) -> Attention:
    """Return what is true of the reports of a page at *at*."""
    if not report_ids:
        return Attention()
    stands = consent.standing(session, report_ids, at=at)
    return Attention(
        agreed=stands.agreed,
        asked=stands.asked,
        taken_back=stands.taken_back,
        copies=_copies(session, report_ids),
        unread=stands.unread,
        undecided=stands.proposed | _reveals(session, report_ids, at),
    )


def _copies(session: Session, report_ids: Collection[str]) -> Ids:
    rows = alerts.c
    its = (rows.report_id.in_(report_ids), rows.kind == Kind.COPY_ASKED, rows.settled_day == "")
    return frozenset(session.execute(select(rows.report_id).where(*its)).scalars())


def _reveals(session: Session, report_ids: Collection[str], at: datetime) -> Ids:
    rows = reveal_requests.c
    its = (rows.report_id.in_(report_ids), rows.state == ASKED, rows.ends_at > at)
    return frozenset(session.execute(select(rows.report_id).where(*its)).scalars())
