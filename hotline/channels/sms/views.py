"""Texts arrive, and the provider tells what became of ours."""

from flask import Blueprint, Response, request

from hotline.channels.twilio import refuse_unsigned, twiml
from hotline.channels.twilio.reading import from_form, is_text
from hotline.contact import note_status
from hotline.domain.report import Channel
from hotline.errors import HotlineError
from hotline.messages import render
from hotline.parts import here

sms = Blueprint("sms", __name__, url_prefix="/twilio")
sms.before_request(refuse_unsigned)


@sms.errorhandler(HotlineError)
def ask_for_a_retry(_error: HotlineError) -> Response:
    """Whatever failed, failed on our side: a provider repeats after 503, and after nothing else."""
    return Response(status=503)


@sms.post("/sms")
def receive() -> Response:
    """Keep one text and answer it, in the webhook's own answer: that needs no number."""
    if not is_text(request.form):
        return Response(status=400)
    hotline = here()
    receipt = hotline.reception.receive(from_form(request.form), at=hotline.clock())
    return twiml.message(receipt.answer)


@sms.post("/fallback")
def fall_back() -> Response:
    """Take what the provider could not deliver elsewhere: a text as ever, a call with one spoken sentence."""
    if not request.form.get("CallSid"):
        return receive()
    hotline = here()
    locale = hotline.config.lines.get(request.form.get("To", ""), hotline.config.default_locale)
    return twiml.say(render(hotline.languages, "call_again", Channel.VOICE, locale), locale)


@sms.post("/sms/status/<string(length=32):ref>")
def note(ref: str) -> Response:
    """Remember what became of a text of ours."""
    status, code = request.form.get("MessageStatus", ""), request.form.get("ErrorCode", "")
    here().store.write(lambda session: note_status(session, ref=ref, state=status, code=code))
    return Response(status=204)
