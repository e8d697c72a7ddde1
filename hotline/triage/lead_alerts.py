"""What a desk must look at about its leads: one that could not leave, a recall that nobody followed, a question that waits."""

from collections.abc import Collection
from datetime import datetime

from hotline.leads import notices, questions
from hotline.leads.waiting import Dropped
from hotline.store import Session
from hotline.triage.alerts import Kind, raise_alert, withdraw_but


def tell_of_dropped(session: Session, dropped: Dropped, *, at: datetime) -> None:
    """Let the desk know that a lead, which was let out, may not leave any more."""
    raise_alert(
        session,
        desk=dropped.desk,
        kind=Kind.LEAD_DROPPED,
        at=at,
        report_id=dropped.report_id,
        once=f"{dropped.lead_id} {at:%Y-%m-%dT%H}",
        pages=False,
    )


def tell_of_asked(session: Session, question_id: str, *, at: datetime) -> None:
    """Let the desk know at once that an agency asked something; it stands until `sweep` finds it looked at."""
    if asked := questions.find_unanswered(session, question_id):
        raise_alert(
            session,
            desk=asked.desk,
            kind=Kind.LEAD_ASKED,
            at=at,
            report_id=asked.report_id,
            once=asked.id,
            pages=False,
        )


def sweep(session: Session, desks: Collection[str], *, house: str, at: datetime) -> None:
    """Let calls stand about each recall that is overdue and each question that waits, and about nothing else.

    A recall whose report is erased is for the desk *house*.
    """
    late = [
        (one.desk or house, one.report_id, one.lead_id) for one in notices.overdue(session, at=at)
    ]
    asked = [(one.desk, one.report_id, one.id) for one in questions.unanswered(session)]
    for desk in desks:
        _let_stand(session, desk, Kind.RECALL_UNFOLLOWED, late, at=at)
        _let_stand(session, desk, Kind.LEAD_ASKED, asked, at=at)


def _let_stand(
    session: Session,
    desk: str,
    kind: Kind,
    about: Collection[tuple[str, str, str]],
    *,
    at: datetime,
) -> None:
    its = {once: report_id for whose, report_id, once in about if whose == desk}
    withdraw_but(session, desk=desk, kind=kind, once=list(its))
    for once, report_id in its.items():
        raise_alert(
            session, desk=desk, kind=kind, at=at, report_id=report_id, once=once, pages=False
        )
