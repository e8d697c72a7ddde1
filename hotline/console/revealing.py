"""Reveal who stands behind a message: the purpose is asked in place, written down, and then it opens."""

import base64

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.console.numbers import number_in
from hotline.console.report import report_page
from hotline.console.rooms import room
from hotline.domain.staff import Right
from hotline.errors import Malformed, NotFound
from hotline.pages import with_headers
from hotline.parts import here
from hotline.vault.opening import reveal
from hotline.vault.sealing import Identity

revealing = room("revealing", Right.REVEAL)

PURPOSES = ("life", "handoff", "translation", "review", "law")
_SECONDS_OPEN = 60


@revealing.post("/report/<report_id>/reveal")
def show_identity(report_id: str) -> AnyResponse:
    """Open the identity of one message for as long as a look takes; nothing of it stands in the address."""
    identity = _look(report_id)
    response = report_page(report_id, identity=identity, identity_seq=_seq(), looked=request.form)
    response.headers["Refresh"] = f"{_SECONDS_OPEN}; url=/console/report/{report_id}"
    return response


@revealing.post("/report/<report_id>/attachment")
def hand_out(report_id: str) -> AnyResponse:
    """Hand out one attachment to be kept by the browser as a file; each is a look of its own in the audit."""
    identity = _look(report_id)
    number = request.form.get("file", -1, type=int)
    if not 0 <= number < len(identity.media):
        raise NotFound(ref=report_id)
    raw = base64.b64decode(identity.media[number]["base64"])
    response = Response(raw, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{number + 1}"'
    return with_headers(response)


@revealing.errorhandler(triage.ReasonMissing)
def ask_for_purpose(_error: triage.ReasonMissing) -> Response:
    report_id = str((request.view_args or {})["report_id"])
    return report_page(report_id, status=422, fault="why_reveal")


def _look(report_id: str) -> Identity:
    """Write down the purpose, then open the identity of the message that the form names."""
    purpose, seq = _purpose(), _seq()
    with here().store.read() as session:
        triage.report_facts(session, report_id, desk=g.keyholder.desk)
    return reveal(here().store, g.keyholder, report_id=report_id, seq=seq, purpose=purpose, at=g.at)


def _seq() -> int:
    return number_in(request.form, "seq") or 0


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
