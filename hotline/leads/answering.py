"""An answer that tells of a person passes the gate that the same fact would pass in a lead, and stays known like it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from hotline.errors import Refused
from hotline.leads import crowds, unions
from hotline.leads.drafts import told_of
from hotline.leads.gating import FACTS
from hotline.leads.tables import leads
from hotline.store import Session

TELL_NOTHING = frozenset({"unknown", "newer_version"})
"""Answers that say nothing, or that a later version of the lead will: that passes the gates itself."""


class TooFew(Refused):
    default_message = "with this answer, too few people could be meant"


def tells_of_person(fact: str, given: str) -> bool:
    """Tell whether the answer *given* to a question about *fact* tells something of a person."""
    return fact in FACTS and given not in TELL_NOTHING


def keep_told(session: Session, row: Any, fact: str, given: str, *, k: int, at: datetime) -> None:
    """Keep that the agency of a question is told *given* of *fact*, beside the lead that it asked about.

    *row* is the question, with the id of the report. Nobody else was told it, so that a later lead is weighed anew for
    each of them.

    Raises:
        TooFew: with all that was told before, it does not fit *k* sources.
    """
    kept = session.execute(select(leads.c.told).where(leads.c.id == row.lead_id)).scalar_one()
    told = told_of({**kept, fact: given})
    judged = crowds.judge(session, row.report_id, told, k=k, at=at, to=[row.agency_id])
    if judged.problems:
        raise TooFew(ref=row.id)
    unions.add(session, row.report_id, judged.person)
