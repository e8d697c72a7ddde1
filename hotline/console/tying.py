"""Reports that a person sees together: linked on the page of either, by the name that staff say aloud."""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.acting import act_on
from hotline.console.report import report_page
from hotline.console.rooms import go, room
from hotline.domain.staff import Right
from hotline.errors import Conflict, HotlineError, Malformed
from hotline.parts import here
from hotline.triage import linking

tying = room("tying", Right.REPLY)

_FAULTS: dict[type[HotlineError], tuple[int, str]] = {
    linking.NoSuchName: (422, "link_name"),
    linking.LinkedToItself: (422, "link_itself"),
    Conflict: (409, "link_there"),
}


@tying.post("/report/<report_id>/link")
def link(report_id: str) -> AnyResponse:
    reason = request.form.get("reason", "")
    if reason not in list(linking.Link):
        raise Malformed(ref=report_id)
    me = g.keyholder
    with here().store.read() as session:
        typed = request.form.get("other", "")
        other = linking.find(session, typed, desk=me.desk, staff_id=me.staff_id)
    act_on(linking.link, report_id, other_id=other, reason=linking.Link(reason))
    return go("report.show_report", report_id=report_id, _anchor="linked")


@tying.post("/report/<report_id>/unlink")
def unlink(report_id: str) -> AnyResponse:
    act_on(linking.unlink, report_id, other_id=request.form.get("other", ""))
    return go("report.show_report", report_id=report_id, _anchor="linked")


def explain(error: HotlineError) -> Response:
    """Show the report again, with why the link was not made."""
    report_id = str((request.view_args or {})["report_id"])
    status, fault = next(_FAULTS[kind] for kind in type(error).__mro__ if kind in _FAULTS)
    typed = request.form.get("other", "")[:20]
    return report_page(report_id, status=status, fault=fault, typed_link=typed)


for _kind in _FAULTS:
    tying.register_error_handler(_kind, explain)
