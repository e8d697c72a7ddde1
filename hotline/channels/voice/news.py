"""What the provider tells of a call besides its steps; nobody hears the answer, so what failed is asked for again."""

import logging

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from hotline.channels.twilio import hearing, refuse_unsigned
from hotline.channels.voice.steps import heed_recording
from hotline.errors import HotlineError
from hotline.parts import here

news = Blueprint("voice_news", __name__, url_prefix="/twilio/voice")
news.before_request(refuse_unsigned)

_HERE = {"merge_slashes": False, "strict_slashes": False}

log = logging.getLogger(__name__)


@news.errorhandler(Exception)
def ask_for_a_retry(error: Exception) -> Response | HTTPException:
    if isinstance(error, HTTPException):
        return error
    if not isinstance(error, HotlineError):
        log.error("news not kept", exc_info=error)
    return Response(status=503)


@news.post("/recording", **_HERE)
def note_recording() -> Response:
    """Heed that a recording is there, or that there is none: before the caller's next step, after it, or twice."""
    if not request.form.get("CallSid"):
        return Response(status=400)
    heed_recording(request.form.get("RecordingStatus", "").lower())
    return Response(status=204)


@news.post("/status", **_HERE)
def note_status() -> Response:
    """Forget a call that is over; any other news of it changes nothing."""
    if not request.form.get("CallSid"):
        return Response(status=400)
    hotline = here()
    if hearing.is_over(request.form):
        hotline.calls.ended(request.form["CallSid"], at=hotline.clock())
    return Response(status=204)
