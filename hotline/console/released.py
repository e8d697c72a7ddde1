"""What was released to investigators, as agencies read it: the page for one who works without a tool of their own.

Nothing here tells of whom a lead came or who let it out; what was recalled is emptied already where it is kept.
"""

import json
from collections.abc import Sequence
from typing import Any

from flask import Response, request
from sqlalchemy import Row, and_, or_, select

from hotline.console.rooms import room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.leads.tables import leads
from hotline.parts import here
from hotline.store import Session

released = room("released", Right.FOLLOW)

_PAGE = 25


@released.get("/released")
def show_released() -> Response:
    """Show released leads, newest first; ``before`` is where the page before ended."""
    before = request.args.get("before", "")
    with here().store.read() as session:
        rows = _rows(session, before, _PAGE + 1)
    shown = rows[:_PAGE]
    last = shown[-1] if len(rows) > _PAGE else None
    return show(
        "console/released.html",
        leads=[_told(row) for row in shown],
        before=before,
        next=f"{last.day}.{last.id}" if last else "",
    )


def _rows(session: Session, before: str, limit: int) -> Sequence[Any]:
    rows = leads.c
    query = select(rows.id, rows.day, rows.country, rows.recalled_day, rows.item)
    # Who reads here may be of any agency, so of one that the person excluded.
    query = query.where(rows.is_for_all)
    query = query.order_by(rows.day.desc(), rows.id.desc()).limit(limit)
    day, _, lead_id = before.partition(".")
    if day:
        query = query.where(or_(rows.day < day, and_(rows.day == day, rows.id < lead_id)))
    return session.execute(query).all()


def _told(row: Row[Any]) -> dict[str, Any]:
    """Return what the feed says of a lead, ready for the page."""
    item: dict[str, Any] = json.loads(row.item)
    return {
        "title": item["title"],
        "text": item["content_text"],
        "language": item.get("language", ""),
        "tags": item.get("tags", ()),
        "country": row.country,
        "day": row.day,
        "recalled_day": row.recalled_day,
    }
