"""A report as a page: why it is urgent, what was said, who it is from (sealed), and what was done."""

from flask import Response, g

from hotline import triage
from hotline.console.reach import reach
from hotline.console.reading import read_report
from hotline.console.reasons import telling
from hotline.console.rooms import room
from hotline.console.showing import count_opened, show
from hotline.domain.staff import Right
from hotline.domain.urgency import Urgency
from hotline.parts import here

report = room("report", Right.READ)


@report.get("/report/<report_id>")
def show_report(report_id: str) -> Response:
    return count_opened(report_page(report_id))


def report_page(report_id: str, *, status: int = 200, **facts: object) -> Response:
    """Return the page of a report; *facts* is what was just tried on it, such as a reply to be sent."""
    with here().store.read() as session:
        reading = read_report(session, g.keyholder, report_id)
        way = reach(session, g.keyholder, report_id)
    waiting = reading.facts.waiting_since
    return show(
        "console/report.html",
        status=status,
        reading=reading,
        report=reading.facts,
        reach=way,
        urgencies=list(Urgency),
        quotes=reading.quotes,
        telling=telling,
        clock=triage.clock(reading.facts.urgency, waiting, g.at) if waiting else None,
        **{**_UNTRIED, **facts},
    )


_UNTRIED: dict[str, object] = {
    "fault": "",
    "draft": None,
    "identity": None,
    "identity_seq": 0,
}
