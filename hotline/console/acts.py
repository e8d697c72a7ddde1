"""What a caseworker decides about a report: each is one form, one function, and back to the page."""

from collections.abc import Callable

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.console.acting import act_on
from hotline.console.duties import open_for
from hotline.console.report import report_page
from hotline.console.rooms import go, room
from hotline.domain.staff import Right
from hotline.domain.urgency import Urgency
from hotline.errors import Malformed
from hotline.parts import here

acts = room("acts", Right.REPLY)
notes = room("notes", Right.WRITE)

_LONGEST_NOTE = 4000


@acts.post("/claim")
def claim_next() -> AnyResponse:
    """Claim a row of the queue and open it."""
    return claim(request.form.get("claim", ""))


@acts.post("/report/<report_id>/claim")
def claim(report_id: str) -> AnyResponse:
    act_on(triage.claim, report_id)
    open_for(report_id)
    return go("report.show_report", report_id=report_id)


@acts.post("/report/<report_id>/let-go")
def let_go(report_id: str) -> AnyResponse:
    act_on(triage.let_go, report_id)
    return go("queue.show_queue")


@acts.post("/report/<report_id>/urgency")
def change_urgency(report_id: str) -> AnyResponse:
    wanted = request.form.get("urgency", "")
    if wanted not in list(Urgency):
        raise Malformed
    _decide(triage.change_urgency, report_id, to=Urgency(wanted))
    return go("report.show_report", report_id=report_id)


@acts.post("/report/<report_id>/reopen")
def reopen(report_id: str) -> AnyResponse:
    _decide(triage.reopen, report_id)
    return go("report.show_report", report_id=report_id)


@notes.post("/report/<report_id>/note")
def write_note(report_id: str) -> AnyResponse:
    text = request.form.get("note", "").strip()[:_LONGEST_NOTE]
    if text:
        act_on(triage.write_note, report_id, keyring=here().keyring, text=text)
    return go("report.show_report", report_id=report_id, _anchor="conversation")


@acts.errorhandler(triage.ReasonMissing)
def ask_for_reason(_error: triage.ReasonMissing) -> Response:
    """Show the report again, with the question why at the place where it was not answered."""
    report_id = str((request.view_args or {})["report_id"])
    act = (request.endpoint or "").rpartition(".")[2]
    return report_page(report_id, status=422, fault=f"why_{act}")


def _decide(what: Callable[..., None], report_id: str, **facts: object) -> None:
    """Do *what* for the reason that was given in the form."""
    why = request.form.get("why", "")
    act_on(what, report_id, keyring=here().keyring, why=why, **facts)
