"""Which report somebody takes next, and which they leave to others today."""

from flask import g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.acting import act_on
from hotline.console.duties import open_for
from hotline.console.rooms import go, room
from hotline.console.sifting import NAMES, chosen_in
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.triage import VIEWS
from hotline.triage.assigning import take_next
from hotline.triage.skipping import skip, unskip

choosing = room("choosing", Right.REPLY)


@choosing.post("/next")
def take() -> AnyResponse:
    """Claim what waits for somebody like whoever asks, and open it."""
    me, at = g.keyholder, g.at
    report_id = here().store.write(
        lambda session: take_next(session, desk=me.desk, by=me.staff_id, at=at)
    )
    if not report_id:
        return go("queue.show_queue", said="nothing")
    open_for(report_id)
    return go("report.show_report", report_id=report_id)


@choosing.post("/skip")
def skip_row() -> AnyResponse:
    act_on(skip, request.form.get("skip", ""))
    return _back()


@choosing.post("/unskip")
def unskip_row() -> AnyResponse:
    act_on(unskip, request.form.get("unskip", ""))
    return _back()


def _back() -> AnyResponse:
    """Go back to the view that the form stood in."""
    view = request.form.get("view", "")
    kept = chosen_in(request.form, NAMES).kept
    return go("queue.show_queue", view=view if view in VIEWS else "open", **kept)
