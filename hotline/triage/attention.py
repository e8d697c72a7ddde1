"""What a row of the queue says beside its urgency: consent, and what somebody has to do with it. One query for each kind."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from hotline.consent import ExclusionKind
from hotline.consent.tables import asks, best_interests, exclusions, grants
from hotline.domain.report import day
from hotline.store import Session
from hotline.triage.alerts import Kind
from hotline.triage.filtering import question_waits
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
    agreed, back = _consent(session, report_ids, at)
    return Attention(
        agreed=agreed,
        asked=_asked(session, report_ids, at),
        taken_back=back - agreed,
        copies=_copies(session, report_ids),
        unread=_unread(session, report_ids),
        undecided=_undecided(session, report_ids, at),
    )


def _consent(session: Session, report_ids: Collection[str], at: datetime) -> tuple[Ids, Ids]:
    rows, today = grants.c, day(at)
    found = session.execute(
        select(rows.report_id, rows.ended_day, rows.expires_day, rows.revoked_day)
        .where(rows.report_id.in_(report_ids))
        .distinct()
    ).all()
    back = {row.report_id for row in found if row.revoked_day}
    stands = (
        row.report_id
        for row in found
        if not row.revoked_day and not row.ended_day and row.expires_day >= today
    )
    return frozenset(stands), frozenset(back)


def _asked(session: Session, report_ids: Collection[str], at: datetime) -> Ids:
    its = (asks.c.report_id.in_(report_ids), *question_waits(at))
    return frozenset(session.execute(select(asks.c.report_id).where(*its)).scalars())


def _copies(session: Session, report_ids: Collection[str]) -> Ids:
    rows = alerts.c
    its = (rows.report_id.in_(report_ids), rows.kind == Kind.COPY_ASKED, rows.settled_day == "")
    return frozenset(session.execute(select(rows.report_id).where(*its)).scalars())


def _unread(session: Session, report_ids: Collection[str]) -> Ids:
    rows = exclusions.c
    its = (
        rows.report_id.in_(report_ids),
        rows.kind == ExclusionKind.WORDS,
        rows.read_day == "",
        rows.lifted_day == "",
    )
    return frozenset(session.execute(select(rows.report_id).where(*its)).scalars())


def _undecided(session: Session, report_ids: Collection[str], at: datetime) -> Ids:
    asked, proposed = reveal_requests.c, best_interests.c
    reveals = select(asked.report_id).where(
        asked.report_id.in_(report_ids), asked.state == ASKED, asked.ends_at > at
    )
    interests = select(proposed.report_id).where(
        proposed.report_id.in_(report_ids), proposed.agreed_day == "", proposed.ended_day == ""
    )
    return frozenset(session.execute(reveals.union_all(interests)).scalars())
