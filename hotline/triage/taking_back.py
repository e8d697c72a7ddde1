"""One consent is taken back, by the person with their code and word, or by staff who heard it: at once, with all that rests on it."""

from datetime import datetime

from hotline import consent
from hotline.errors import NotFound
from hotline.leads.publish import recall_with_consent
from hotline.retention.asking import REPORTER
from hotline.store import Session


def take_back(
    session: Session, report_id: str, consent_id: str, *, by: str, at: datetime
) -> list[str]:
    """Take back one consent of a report and recall the leads that rest on it; return those that were recalled now.

    *by* is a staff id, or `REPORTER`. Taking it back twice changes nothing.

    Raises:
        NotFound: the report has no such consent.
    """
    if consent.find(session, consent_id).report_id != report_id:
        raise NotFound(ref=consent_id)
    consent.revoke(session, consent_id, at=at, by="" if by == REPORTER else by)
    return recall_with_consent(session, consent_id, by=by, at=at)
