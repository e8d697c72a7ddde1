"""How many reports one could be: where few share language, country and month, a lead tells more than it says."""

from sqlalchemy import select

from hotline.reports import reports
from hotline.store import Session
from hotline.triage.access import seen_by
from hotline.triage.reading import ReportFacts

MANY = 5
"""From so many on nobody is found by what they share; no more are counted."""


def crowd(session: Session, facts: ReportFacts, *, staff_id: str) -> int:
    """Return how many reports of the desk share language, country and month with one, that one included; at most `MANY`.

    What *staff_id* may not see does not count: then it seems rarer than it is, and never less rare.
    """
    rows, month = reports.c, facts.day[:7]
    its = (
        rows.language == facts.language,
        rows.country == facts.country,
        rows.day >= f"{month}-01",
        rows.day <= f"{month}-31",
        rows.desk == facts.desk,
        seen_by(staff_id),
    )
    return len(session.execute(select(rows.id).where(*its).limit(MANY)).all())
