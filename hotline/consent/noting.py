"""What is done about a consent stands in the log of its desk: a colleague did it, or the person themselves."""

from datetime import datetime

from hotline import audit
from hotline.audit.entry import REPORTER
from hotline.reports import desk_of
from hotline.store import Session


def note(session: Session, did: str, report_id: str, what: str, *, by: str, at: datetime) -> None:
    """Write down what was done; nobody in *by* is the person."""
    who, desk = by or REPORTER, desk_of(session, report_id)
    audit.record(session, at=at, who=who, did=did, desk=desk, report_id=report_id, what=what)
