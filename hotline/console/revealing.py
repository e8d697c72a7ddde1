"""Reveal who stands behind a message: the purpose is asked in place, written down, and then it opens."""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.console.report import report_page
from hotline.console.rooms import room
from hotline.domain.staff import Right
from hotline.errors import Malformed
from hotline.parts import here
from hotline.vault.opening import reveal

revealing = room("revealing", Right.REVEAL)

PURPOSES = ("life", "handoff", "translation", "review", "law")
_SECONDS_OPEN = 60


@revealing.post("/report/<report_id>/reveal")
def show_identity(report_id: str) -> AnyResponse:
    """Open the identity of one message for as long as a look takes; nothing of it stands in the address."""
    seq = request.form.get("seq", 0, type=int)
    purpose = _purpose()
    with here().store.read() as session:
        triage.report_facts(session, report_id, desk=g.keyholder.desk)
    identity = reveal(
        here().store, g.keyholder, report_id=report_id, seq=seq, purpose=purpose, at=g.at
    )
    response = report_page(report_id, identity=identity, identity_seq=seq)
    response.headers["Refresh"] = f"{_SECONDS_OPEN}; url=/console/report/{report_id}"
    return response


@revealing.errorhandler(triage.ReasonMissing)
def ask_for_purpose(_error: triage.ReasonMissing) -> Response:
    report_id = str((request.view_args or {})["report_id"])
    return report_page(report_id, status=422, fault="why_reveal")


def _purpose() -> str:
    """Return what the look is for, as it is written down.

    Raises:
        ReasonMissing: nothing was said in words.
    """
    chosen = request.form.get("purpose", "")
    why = " ".join(request.form.get("why", "").split())[:200]
    if chosen not in PURPOSES:
        raise Malformed
    if not why:
        raise triage.ReasonMissing
    return f"{chosen}: {why}"
