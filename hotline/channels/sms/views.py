"""Texts arrive, and the provider tells what became of ours.

A route here never redirects, also not to put slashes in order: who follows a redirect loses the form.
"""

import logging
from dataclasses import replace

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from hotline.channels.twilio import refuse_unsigned, twiml
from hotline.channels.twilio.codes import trouble_of
from hotline.channels.twilio.reading import from_form, is_news, is_text
from hotline.channels.voice.steps import fall_back as fall_back_in_call
from hotline.config import TwilioSettings
from hotline.contact import note_status
from hotline.domain.report import Channel, IncomingMessage
from hotline.errors import HotlineError
from hotline.parts import here
from hotline.store import Session
from hotline.triage.alerts import raise_trouble
from hotline.triage.paging import was_not_sent

log = logging.getLogger(__name__)

sms = Blueprint("sms", __name__, url_prefix="/twilio")
sms.before_request(refuse_unsigned)

_LOST = ("failed", "undelivered")
"""A page to staff that ended so goes on to the next at once."""

_HERE = {"merge_slashes": False, "strict_slashes": False}


@sms.errorhandler(Exception)
def ask_for_a_retry(error: Exception) -> Response | HTTPException:
    """Whatever failed, failed on our side, memory that is used up, too: a provider repeats after 503, and after nothing else."""
    if isinstance(error, HTTPException):
        return error
    if not isinstance(error, HotlineError):
        log.error("text not kept", exc_info=error)
    return Response(status=503)


@sms.post("/sms", **_HERE)
def receive() -> Response:
    """Keep one text and answer it, in the webhook's own answer: that needs no number."""
    if is_news(request.form):
        return Response(status=204)
    if not is_text(request.form):
        return Response(status=400)
    hotline = here()
    message = _careful(from_form(request.form), hotline.config.twilio)
    receipt = hotline.reception.receive(message, at=hotline.clock())
    # A text that was listed before it was delivered may have an answer that must not go out now.
    return twiml.message(*receipt.texts) if message.wants_answer else twiml.message()


@sms.post("/fallback", **_HERE)
def fall_back() -> Response:
    """Take what the provider could not deliver elsewhere: a text as ever, a call where it stands."""
    if not request.form.get("CallSid"):
        return receive()
    return fall_back_in_call()


@sms.post("/sms/status/<string(length=32):ref>", **_HERE)
def note(ref: str) -> Response:
    """Remember what became of a text of ours; what we do not know of, or knew already, is no fault of theirs."""
    status, code = request.form.get("MessageStatus", ""), request.form.get("ErrorCode", "")
    hotline = here()
    at, desk, trouble = hotline.clock(), hotline.config.desk, trouble_of(code)

    def work(session: Session) -> None:
        if status in _LOST:
            was_not_sent(session, ref, at=at)
        if note_status(session, ref=ref, state=status, code=code) and trouble:
            raise_trouble(session, trouble, code, desk=desk, at=at)

    hotline.store.write(work)
    return Response(status=204)


def _careful(message: IncomingMessage, twilio: TwilioSettings | None) -> IncomingMessage:
    """Answer nothing on WhatsApp, which shows who we are, unless the operator chose to be there."""
    is_there = twilio is not None and bool(twilio.whatsapp_number)
    if message.channel is Channel.WHATSAPP and not is_there:
        return replace(message, wants_answer=False)
    return message
