"""The course of a report in one list, oldest first, by kind; and the report on paper, which is written down."""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import audit, triage
from hotline.console.acting import act_on
from hotline.console.coursing import KINDS, course_of
from hotline.console.numbers import number_in
from hotline.console.reading import read_report
from hotline.console.reasons import telling
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.together import together
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.store import Session
from hotline.triage import proposals, tags

timeline = room("timeline", Right.READ)

_PAGE = 100


@timeline.get("/report/<report_id>/timeline")
def show_timeline(report_id: str) -> Response:
    """Show what came, what was done and by whom; *kind* names what alone is shown."""
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    after = number_in(request.args, "after") or 0
    me = g.keyholder.staff_id
    with here().store.read() as session:
        facts = triage.report_facts(session, report_id, desk=g.keyholder.desk)
        steps = [one for one in course_of(session, facts, staff_id=me) if kind in ("", one.kind)]
    behind = [one for one in steps if one.place > after]
    return show(
        "console/report/timeline.html",
        report=facts,
        steps=behind[:_PAGE],
        kinds=KINDS,
        kind=kind,
        after=after,
        next=behind[_PAGE - 1].place if len(behind) > _PAGE else 0,
    )


@timeline.get("/report/<report_id>/print")
def go_back(report_id: str) -> AnyResponse:
    """Show the report itself: a page for paper is made by an act, which is written down."""
    return go("report.show_report", report_id=report_id)


@timeline.post("/report/<report_id>/print")
def print_report(report_id: str) -> Response:
    """Show a report as it goes on paper: masked as on its page, without acts, never with who somebody is."""
    act_on(_printed, report_id)
    with here().store.read() as session:
        reading = read_report(session, g.keyholder, report_id)
        its = reading.facts
        steps = course_of(session, its, staff_id=g.keyholder.staff_id)
        codes = proposals.proposed(session, its, reading.chosen)
        tagged = tags.tags_of(session, its.id)
    return show(
        "console/report/print.html",
        reading=reading,
        report=its,
        quotes=reading.quotes,
        telling=telling,
        talk=together(reading).talk,
        steps=steps,
        codes=[one for one in codes if one.decided and one.decided.is_accepted],
        tags=tagged,
    )


def _printed(session: Session, report_id: str, *, desk: str, by: str, at: object) -> None:
    triage.report_facts(session, report_id, desk=desk)
    its = {"at": at, "who": by, "desk": desk, "report_id": report_id}
    audit.record(session, did="printed", **its)  # type: ignore[arg-type]
