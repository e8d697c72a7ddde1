"""Whether somebody under 18 is in a report: what staff say of it, whatever the machine read."""

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.acting import act_on
from hotline.console.report import report_page
from hotline.console.rooms import go, room
from hotline.domain.staff import Right
from hotline.errors import HotlineError
from hotline.parts import here
from hotline.triage import ReasonMissing
from hotline.triage import duties as calls

children = room("children", Right.REPLY)


@children.post("/report/<report_id>/under-18")
def mark_child(report_id: str) -> AnyResponse:
    """Write down that somebody under 18 is in it; what the law then asks begins at once."""
    act_on(calls.mark_child, report_id, keyring=here().keyring, law=here().law)
    return go("report.show_report", report_id=report_id)


@children.post("/report/<report_id>/not-under-18")
def mark_grown(report_id: str) -> AnyResponse:
    """Write down why nobody under 18 is in it, whatever the machine read."""
    why = request.form.get("why", "")
    act_on(calls.mark_grown, report_id, keyring=here().keyring, why=why)
    return go("report.show_report", report_id=report_id, _anchor="duties")


@children.errorhandler(ReasonMissing)
@children.errorhandler(calls.DutyOpen)
def explain(error: HotlineError) -> Response:
    fault, status = ("duty_open", 409) if isinstance(error, calls.DutyOpen) else ("why_grown", 422)
    return report_page(str((request.view_args or {})["report_id"]), status=status, fault=fault)
