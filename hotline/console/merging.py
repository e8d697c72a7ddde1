"""Two reports of one person are merged with the return code that they say, and taken apart again."""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.acting import act_on
from hotline.console.report import report_page
from hotline.console.rooms import go, room
from hotline.domain.staff import Right
from hotline.errors import Conflict, HotlineError
from hotline.parts import here
from hotline.triage import Held, ReasonMissing
from hotline.triage import merging as merges
from hotline.triage.course import said
from hotline.vault.tries import TooSoon

merging = room("merging", Right.REPLY)

_FAULTS: dict[type[HotlineError], tuple[int, str]] = {
    TooSoon: (429, "merge_soon"),
    merges.CodeOfNone: (422, "merge_code"),
    merges.OwnCode: (422, "merge_own"),
    merges.ReadersDiffer: (409, "merge_readers"),
    merges.SomebodyElseWrites: (409, "merge_doubted"),
    Held: (409, "merge_held"),
    Conflict: (409, "merge_there"),
    ReasonMissing: (422, "why_apart"),
}


@merging.post("/report/<report_id>/merge")
def merge(report_id: str) -> AnyResponse:
    """Merge the report that a code returns to into this one; the code itself is kept nowhere."""
    hotline, me = here(), g.keyholder
    code = request.form.get("code", "")
    tried = merges.Try(report_id, code, desk=me.desk, by=me.staff_id, at=g.at)
    merges.merge_by_code(hotline.store, hotline.codes, tried)
    return go("report.show_report", report_id=report_id, _anchor="conversation")


@merging.post("/report/<report_id>/take-apart")
def take_apart(report_id: str) -> AnyResponse:
    why = said(request.form.get("why", ""))
    its = {"other_id": request.form.get("other", ""), "why": why, "keyring": here().keyring}
    act_on(merges.take_apart, report_id, **its)
    return go("report.show_report", report_id=report_id, _anchor="linked")


def explain(error: HotlineError) -> Response:
    """Show the report again with why nothing was merged; what was typed is not shown again."""
    report_id = str((request.view_args or {})["report_id"])
    status, fault = next(_FAULTS[kind] for kind in type(error).__mro__ if kind in _FAULTS)
    return report_page(report_id, status=status, fault=fault)


for _kind in _FAULTS:
    merging.register_error_handler(_kind, explain)
