"""A report that came, and that staff opened and reviewed: as the real code keeps it, in as few rows as are asked for."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import insert

from hotline.consent import INVESTIGATORS, Purpose
from hotline.consent.tables import best_interests
from hotline.domain.report import Direction
from hotline.leads.drafts import FIELDS
from hotline.operate.bench.attack.country import COUNTRY
from hotline.reports.tables import messages, reports, span_reviews
from hotline.store import Session, Store, new_id

STAFF = "a" * 32


def comes(
    store: Store,
    channel: str,
    language: str,
    *,
    at: datetime,
    is_childs: bool = False,
    joined: str | None = None,
) -> str:
    """Keep a report that came by *channel* at *at*, and return its id; *joined* is the one it was merged into."""
    row = {
        "id": (report_id := new_id()),
        "desk": "main",
        "channel": channel,
        "locale": "en",
        "locale_is_chosen": False,
        "language": language,
        "country": COUNTRY,
        "day": f"{at:%Y-%m-%d}",
        "status": "open",
        "urgency": 2,
        "minor": is_childs,
        "bystander": True,
        "needs": [],
        "indicators": [],
        "rules": [],
        "messages": 1,
        "unanswered": False,
        "is_opened": True,
        "joined_to": joined,
    }
    store.write(partial(_keep, row))
    return report_id


def _keep(row: dict[str, Any], session: Session) -> None:
    """Keep a report and its message, and for a child's that two of staff decided that it may be told."""
    its = {"report_id": row["id"], "seq": 1, "day": row["day"]}
    told = {"direction": Direction.FROM_REPORTER, "channel": row["channel"]}
    session.execute(insert(reports), row)
    session.execute(insert(messages), {**its, **told})
    session.execute(insert(span_reviews), {**its, "by": STAFF})
    if row["minor"]:
        decided = {
            "id": new_id(),
            "report_id": row["id"],
            "purpose": Purpose.LEAD,
            "recipient": INVESTIGATORS,
            "fields": list(FIELDS),
            "replaces_yes": True,
            "proposed_by": STAFF,
            "proposed_day": row["day"],
            "proposed_sealed": b"",
            "agreed_by": STAFF,
            "agreed_day": row["day"],
        }
        session.execute(insert(best_interests), decided)
