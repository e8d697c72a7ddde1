"""Have a reporter called back by the worker: in their hours, and never with their number on a page."""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import contact, triage
from hotline.console.acting import act_on
from hotline.console.report import report_page
from hotline.console.rooms import go, room
from hotline.contact import call_backs
from hotline.domain.staff import Right
from hotline.errors import HotlineError
from hotline.parts import here

calling_back = room("calling_back", Right.REPLY)

_FAULTS: dict[type[HotlineError], tuple[int, str]] = {
    call_backs.NotToBeCalled: (422, "not_to_be_called"),
    call_backs.OutsideHours: (422, "outside_hours"),
    call_backs.NotOnCall: (422, "not_on_call"),
    call_backs.InDoubt: (422, "in_doubt"),
    call_backs.AskedAlready: (409, "asked_already"),
    contact.LineClosed: (422, "call_line_closed"),
    contact.HoursUnread: (422, "call_hours_unread"),
}


@calling_back.post("/report/<report_id>/call")
def ask(report_id: str) -> AnyResponse:
    """Have them called, now or in their next hours, by whoever is signed in, who thereby holds the report."""
    hotline, me, form = here(), g.keyholder, request.form
    act_on(triage.claim, report_id)
    call_backs.ask_call_back(
        hotline.store,
        me,
        hotline.relay_public,
        report_id=report_id,
        now=form.get("when") != "hours",
        minds_hours="minds" in form,
        at=g.at,
    )
    return _back_to(report_id)


@calling_back.post("/report/<report_id>/call/stop")
def stop(report_id: str) -> AnyResponse:
    me, at = g.keyholder, g.at
    here().store.write(lambda session: call_backs.stop_call_back(session, me, report_id, at=at))
    return _back_to(report_id)


def explain(error: HotlineError) -> Response:
    """Show the report with why nobody is called."""
    report_id = str((request.view_args or {})["report_id"])
    status, fault = _FAULTS[type(error)]
    return report_page(report_id, status=status, fault=fault)


for _kind in _FAULTS:
    calling_back.register_error_handler(_kind, explain)


def _back_to(report_id: str) -> AnyResponse:
    return go("report.show_report", report_id=report_id, _anchor="call")
