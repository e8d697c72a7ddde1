"""The queue as a page: who is next, and why, in words."""

from flask import Response, g, request

from hotline import triage
from hotline.console.placeholders import Numbering, pieces
from hotline.console.reasons import telling
from hotline.console.rooms import room
from hotline.console.showing import show
from hotline.domain.report import Status
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.vault.contents import Account

queue = room("queue", Right.READ)

_FIRST_MESSAGE = 1


@queue.get("/")
def show_queue() -> Response:
    view = request.args.get("view", "open")
    view = view if view in triage.VIEWS else "open"
    with here().store.read() as session:
        page = triage.queue_page(
            session,
            desk=g.keyholder.desk,
            view=view,
            at=g.at,
            staff_id=g.keyholder.staff_id,
            after=request.args.get("after", ""),
        )
        firsts = [(row.id, _FIRST_MESSAGE) for row in page.rows]
        previews = g.keyholder.open_previews(session, firsts)
        counts = triage.counts(session, g.keyholder.desk)
    rows = [
        (row, pieces(Account(preview), Numbering(), seq=_FIRST_MESSAGE))
        for row, preview in zip(page.rows, previews, strict=True)
    ]
    return show(
        "console/queue.html",
        view=view,
        rows=rows,
        claimable=g.keyholder.may(Right.REPLY)
        and any(row.status == Status.OPEN and not row.held_by(g.at) for row in page.rows),
        next=page.next,
        after=request.args.get("after", ""),
        counts=counts,
        clock=lambda row: triage.clock(row.urgency, row.waiting_since, g.at),
        held_by=lambda row: row.held_by(g.at),
        left=lambda row: (row.claimed_until - g.at).seconds // 60,
        telling=telling,
    )
