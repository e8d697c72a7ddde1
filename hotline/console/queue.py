"""The queue as a page: who is next, and why, in words."""

from collections.abc import Sequence
from typing import Any

from flask import Response, g, request

from hotline import triage
from hotline.console.placeholders import Numbering, Piece, pieces
from hotline.console.reasons import telling
from hotline.console.rooms import room
from hotline.console.showing import show
from hotline.domain.report import Status
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.store import Session
from hotline.triage import QueueRow
from hotline.vault.contents import Account

queue = room("queue", Right.READ)

Previewed = tuple[QueueRow, list[Piece]]

_FIRST_MESSAGE = 1


@queue.get("/")
def show_queue() -> Response:
    view = request.args.get("view", "open")
    view = view if view in triage.VIEWS else "open"
    after = request.args.get("after", "")
    with here().store.read() as session:
        page = triage.queue_page(
            session,
            desk=g.keyholder.desk,
            view=view,
            at=g.at,
            staff_id=g.keyholder.staff_id,
            after=after,
            limits=here().config.limits_of(g.keyholder.desk),
        )
        rows = with_previews(session, page.rows)
        counts = triage.counts(session, g.keyholder.desk)
    return show(
        "console/queue.html",
        view=view,
        next=page.next,
        after=after,
        counts=counts,
        **in_rows(rows),
    )


def with_previews(session: Session, rows: Sequence[QueueRow]) -> list[Previewed]:
    """Return each report with the beginning of what it says, opened for whoever is signed in."""
    previews = g.keyholder.open_previews(session, [(row.id, _FIRST_MESSAGE) for row in rows])
    return [
        (row, pieces(Account(preview), Numbering(), seq=_FIRST_MESSAGE))
        for row, preview in zip(rows, previews, strict=True)
    ]


def in_rows(rows: list[Previewed]) -> dict[str, Any]:
    """Return what the rows of a list of reports are made of."""
    free = (row for row, _ in rows if row.status != Status.CLOSED and not row.held_by(g.at))
    limits = here().config.limits_of(g.keyholder.desk)
    return {
        "rows": rows,
        "claimable": g.keyholder.may(Right.REPLY) and any(free),
        "clock": lambda row: triage.clock(row.urgency, row.waiting_since, g.at, limits),
        "held_by": lambda row: row.held_by(g.at),
        "left": lambda row: (row.claimed_until - g.at).seconds // 60,
        "telling": telling,
    }
