"""Who alone may see a report: a supervisor names them, and lifts that again."""

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.acting import act_on
from hotline.console.report import report_page
from hotline.console.rooms import go, room
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.triage import access

restricting = room("restricting", Right.OVERSEE)


@restricting.post("/report/<report_id>/restrict")
def restrict(report_id: str) -> AnyResponse:
    """Let only those who are ticked see the report."""
    to = request.form.getlist("to")
    act_on(access.restrict, report_id, keyring=here().keyring, to=to)
    return go("report.show_report", report_id=report_id, _anchor="restricted")


@restricting.post("/report/<report_id>/restrict/lift")
def lift(report_id: str) -> AnyResponse:
    act_on(access.lift, report_id)
    return go("report.show_report", report_id=report_id, _anchor="restricted")


@restricting.errorhandler(access.NobodyNamed)
def explain(_error: access.NobodyNamed) -> Response:
    report_id = str((request.view_args or {})["report_id"])
    return report_page(report_id, status=422, fault="nobody_named")
