"""What points to the alleged, written down on the page of a report, and which other reports share it."""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.acting import act_on
from hotline.console.report import report_page
from hotline.console.rooms import go, room
from hotline.domain.selector import Kind, SelectorTooShort
from hotline.domain.staff import Right
from hotline.errors import HotlineError, Malformed
from hotline.parts import here
from hotline.triage import selectors

sharing = room("sharing", Right.REPLY)

_FAULTS: dict[type[HotlineError], str] = {
    SelectorTooShort: "selector_short",
    selectors.TooMany: "selector_many",
}


@sharing.post("/report/<report_id>/selector")
def note(report_id: str) -> AnyResponse:
    kind, me = request.form.get("kind", ""), g.keyholder
    if kind not in list(Kind):
        raise Malformed(ref=report_id)
    its = {"kind": Kind(kind), "text": request.form.get("selector", ""), "at": g.at}
    keyring = here().keyring
    here().store.write(
        lambda session: selectors.note(session, report_id, keyring=keyring, keyholder=me, **its)
    )
    return go("report.show_report", report_id=report_id, _anchor="shared")


@sharing.post("/report/<report_id>/selector/<selector_id>/drop")
def drop(report_id: str, selector_id: str) -> AnyResponse:
    act_on(selectors.drop, report_id, selector_id=selector_id)
    return go("report.show_report", report_id=report_id, _anchor="shared")


def explain(error: HotlineError) -> Response:
    """Show the report again, with why nothing was kept."""
    report_id = str((request.view_args or {})["report_id"])
    typed = (request.form.get("kind", ""), request.form.get("selector", "")[:300])
    return report_page(report_id, status=422, fault=_FAULTS[type(error)], typed_selector=typed)


for _kind in _FAULTS:
    sharing.register_error_handler(_kind, explain)
