"""Who was paged sees why, and says that they look: then the page goes on to nobody else."""

from flask import Response, g
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.triage import opening, paging

pages = room("pages", Right.REPLY)


@pages.get("/pages")
def show_pages() -> Response:
    me = g.keyholder
    with here().store.read() as session:
        waiting = paging.waiting(session, desk=me.desk, staff_id=me.staff_id)
    return show("console/pages.html", pages=waiting)


@pages.post("/pages")
def take() -> AnyResponse:
    """Let whoever is signed in look at everything that they were paged for."""
    me, at = g.keyholder, g.at
    here().store.write(lambda session: paging.take(session, desk=me.desk, by=me.staff_id, at=at))
    return go("pages.show_pages")


def note_opened(report_id: str) -> None:
    """Keep that a person looks at a report; that costs a write only where it is news."""
    me, at, store = g.keyholder, g.at, here().store
    with store.read() as session:
        if not opening.is_news(session, report_id):
            return
    may_answer = me.may(Right.REPLY)
    store.write(
        lambda session: opening.opened(
            session, report_id, desk=me.desk, by=me.staff_id, may_answer=may_answer, at=at
        )
    )
