"""A yes is taken back, by the person with their code and word, or by staff who heard it: at once, with all that rests on it."""

from datetime import datetime

from hotline import consent, handoff
from hotline.errors import NotFound
from hotline.leads import publish as leads
from hotline.reports.belonging import lock
from hotline.reports.joined import family
from hotline.retention.asking import REPORTER
from hotline.store import Session
from hotline.triage.providers import let_go


def take_back(
    session: Session, report_id: str, grant_id: str, *, by: str, at: datetime
) -> list[str]:
    """Take back one yes of a report and recall the leads that rest on it; return those that changed now.

    *by* is a staff id, or `REPORTER`. Taking it back twice changes nothing.

    Raises:
        NotFound: the report has no such grant.
    """
    if consent.find(session, grant_id).report_id != report_id:
        raise NotFound(ref=grant_id)
    consent.revoke(session, grant_id, at=at, by="" if by == REPORTER else by)
    return review(session, report_id, by=by, at=at)


def take_back_all(session: Session, report_id: str, *, by: str, at: datetime) -> list[str]:
    """Take back every yes of a report, what was decided for a child, and each question that waits.

    Returns the leads that changed now. Nobody says yes meanwhile. Where we doubt who asks for it, the yeses alone are
    marked as asked back: what staff decided, and ask, waits for the person.
    """
    lock(session, report_id)
    for given in consent.of_report(session, report_id):
        consent.revoke(session, given.id, at=at, by="" if by == REPORTER else by)
    if by != REPORTER or not consent.case_of(session, report_id).is_doubted:
        consent.minors.end_all(session, report_id, at=at)
        for asked in consent.pending(session, report_id, at=at):
            consent.asking.take_question_back(session, asked.id, report_id=report_id, by=by, at=at)
    return review(session, report_id, by=by, at=at)


def review(session: Session, report_id: str, *, by: str, at: datetime) -> list[str]:
    """Take back, from each who was told, what they may not know any more; return the leads that changed.

    Reports of one person that are merged shut together, so each of them is looked through.
    """
    changed: list[str] = []
    for its in family(session, report_id) or (report_id,):
        if handoff.review(session, its, by=by, at=at):
            let_go(session, its, at=at)
        changed += leads.review(session, its, by=by, at=at)
    return changed


def review_after(session: Session, its_id: str, *, at: datetime) -> list[str]:
    """Look through what was let out of the report whose grant or question *its_id* changed; for the worker."""
    report_id = consent.report_of(session, its_id)
    return review(session, report_id, by="system", at=at) if report_id else []
