"""Take a report over from a colleague who holds it and is not there."""

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.acting import act_on
from hotline.console.report import report_page
from hotline.console.rooms import go, room
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.triage import ReasonMissing
from hotline.triage import taking_over as triage

taking_over = room("taking_over", Right.OVERSEE)


@taking_over.post("/report/<report_id>/take-over")
def take_over(report_id: str) -> AnyResponse:
    why = request.form.get("why", "")
    act_on(triage.take_over, report_id, keyring=here().keyring, why=why)
    return go("report.show_report", report_id=report_id)


@taking_over.errorhandler(ReasonMissing)
def explain(_error: ReasonMissing) -> Response:
    report_id = str((request.view_args or {})["report_id"])
    return report_page(report_id, status=422, fault="why_take_over")
