"""What the page of a report says of its end: what the person asked, what the rules let end, and what holds it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hotline.reports.belonging import is_doubted
from hotline.retention import asking, endings
from hotline.retention.asking import Asked
from hotline.retention.endings import Ending
from hotline.retention.legal import is_held
from hotline.store import Session
from hotline.vault.tables import return_codes


@dataclass(frozen=True, slots=True)
class HowItEnds:
    """*has_code*: a copy could be handed over. *is_doubted*: staff doubt that it is the reporter who writes."""

    asked: Asked | None
    endings: list[Ending]
    is_held: bool
    is_doubted: bool
    has_code: bool


def how_it_ends(session: Session, report_id: str, *, at: datetime) -> HowItEnds:
    code = select(return_codes.c.report_id).where(return_codes.c.report_id == report_id)
    return HowItEnds(
        asked=asking.asked(session, report_id, at=at),
        endings=endings.of_report(session, report_id, at=at),
        is_held=is_held(session, report_id, at=at),
        is_doubted=is_doubted(session, report_id),
        has_code=session.execute(code).first() is not None,
    )
