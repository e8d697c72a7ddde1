"""The steps of a call: what was pressed or said goes in, and what is said next comes out.

Whatever fails is answered by a document all the same. A route here never redirects, also not to put slashes in
order: who follows a redirect loses the form.
"""

import logging
from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import HTTPException

from hotline.channels.twilio import calling, hearing, refuse_unsigned
from hotline.channels.voice.going_on import ask_again, end, persist, writing
from hotline.contact import recorded, ringing
from hotline.dialogue.calls.document import Document, Line, Then, Wait
from hotline.dialogue.calls.turns import Event, Heard
from hotline.errors import HotlineError
from hotline.parts import here
from hotline.store import Session

steps = Blueprint("voice", __name__, url_prefix="/twilio")

DOOR = "/twilio/voice"
_HERE = {"merge_slashes": False, "strict_slashes": False}
_BETWEEN_WORDS = 8
"""Seconds of silence between two calm sentences, for a caller who waits."""
_LONGEST_WAIT = 120
"""Seconds; whoever is still in a queue then was forgotten there."""
_SILENCE = 15
"""Seconds in which a person who hears nothing may press a key."""

log = logging.getLogger(__name__)


@steps.before_request
def believe() -> Response | None:
    refusal = refuse_unsigned()
    g.is_signed = refusal is None
    return refusal


@steps.errorhandler(Exception)
def go_on(error: Exception) -> Response | HTTPException:
    """Answer what failed here by going on at the same place; a stranger is answered as anywhere."""
    if isinstance(error, HTTPException) and not g.get("is_signed"):
        return error
    if not g.get("is_signed"):
        raise error
    log.error("call failed", exc_info=error)
    if request.endpoint == f"{steps.name}.{wait.__name__}":
        # Where the queue was entered the call goes on, and there they may leave a message.
        return calling.leave()
    return ask_again(_step_in(request.path))


@steps.post("/voice", **_HERE)
def start() -> Response:
    """Take a call; one that is under way goes on where it stands."""
    return answer("", request.args)


@steps.post("/voice/<string:step>", **_HERE)
def go(step: str) -> Response:
    """Take one step of a call."""
    return answer(step, request.args)


@steps.post("/voice/wait/<string(length=32):ref>", **_HERE)
def wait(ref: str) -> Response:
    """Say calmly that somebody comes, until somebody does, nobody can, or the caller presses a key."""
    if hearing.keys(request.form) or _is_over(ref):
        return calling.leave()
    locale = request.args.get("in", "")
    if locale not in here().prompts.offered:
        locale = here().config.default_locale
    then = Then(Wait.KEYS, most=1, seconds=_BETWEEN_WORDS)
    # Whom we called back waits for whoever asked, and leaves nobody a message.
    prompts = ("wait",) if hearing.is_ours(request.form) else ("wait", "wait_more")
    lines = tuple(Line(locale, prompt=name) for name in prompts)
    return writing().answer(Document(f"wait/{ref}?in={locale}", locale, lines, then))


@steps.post("/voice/back/<string(length=32):ref>", **_HERE)
def call_back(ref: str) -> Response:
    """Begin a call of ours that was answered. A machine hears nothing, and neither does who is called too late.

    Who may be a machine hears nothing either until a key is pressed: a voicemail would keep it for anybody.
    """
    form, hotline = request.form, here()
    if not form.get("CallSid"):
        return Response(status=400)
    at = hotline.clock()
    if hearing.is_machine(form):
        _hush(ref, at)
        return calling.hang_up()
    if hearing.is_over(form):
        return calling.hang_up()
    if not (hearing.is_person(form) or hearing.keys(form)):
        return _wait_for_a_key(ref, at)
    call = hearing.call_of(form)
    document = persist(lambda: hotline.calls.call_back(call, ref, at=at))
    return writing().answer(document) if document else calling.hang_up()


def answer(step: str, asked: Mapping[str, str]) -> Response:
    """Return the document that follows what was heard at *step*; *asked* is what our address for it said.

    After a fault of ours nothing was heard: the last question is asked again, whichever it was.
    """
    form, hotline = request.form, here()
    if not form.get("CallSid"):
        return Response(status=400)
    said = hearing.heard(
        form, "" if "again" in asked else step, nothing_recorded=asked.get("nothing") == "1"
    )
    if hearing.is_over(form) and said.is_silence:
        # They hung up: that is no answer.
        return calling.hang_up()
    call, at = hearing.call_of(form), hotline.clock()
    document = persist(lambda: hotline.calls.answer(call, said, at=at))
    _heed(said, asked.get("ref", ""))
    return writing().answer(document)


def fall_back() -> Response:
    """Answer a call that could not be answered elsewhere: as there, where we know what was heard there.

    What was wrong with a document of ours would be wrong with it again: such a call ends with a sentence. Who waits
    for a person leaves the queue, whatever was wrong, and goes on where it was entered.
    """
    path = DOOR
    asked: Mapping[str, str] = {}
    if request.form.get("ErrorUrl"):
        path, asked = hearing.place_of_error(request.form, here().config.public_url)
    if path.startswith(f"{DOOR}/wait/"):
        return calling.leave()
    if hearing.is_fault_of_ours(request.form) or not _is_step(path):
        return end()
    try:
        return answer(_step_in(path), asked)
    except Exception as error:
        log.error("call failed", exc_info=error)
        return ask_again("")


def _step_in(path: str) -> str:
    return path.removeprefix(DOOR).lstrip("/")


def _is_step(path: str) -> bool:
    return path == DOOR or (path.startswith(f"{DOOR}/") and "/" not in _step_in(path))


def _is_over(ref: str) -> bool:
    """Tell whether nobody comes any more; while we cannot know, somebody may."""
    hotline = here()
    if (hearing.seconds(request.form, "QueueTime") or 0) > _LONGEST_WAIT:
        return True
    try:
        with hotline.store.read() as session:
            return ringing.state(session, ref, at=hotline.clock()) is ringing.Ring.OVER
    except HotlineError as error:
        log.error("ring not known", exc_info=error)
        return False


def _wait_for_a_key(ref: str, at: datetime) -> Response:
    """Be silent until whoever took our call presses a key; who presses none in that time is taken for a machine."""
    if "silent" in request.args:
        _hush(ref, at)
        return calling.hang_up()
    then = Then(Wait.KEYS, most=1, seconds=_SILENCE)
    return writing().answer(
        Document(f"back/{ref}?silent=1", here().config.default_locale, (), then)
    )


def _hush(ref: str, at: datetime) -> None:
    """Remember that a machine answered; whether that can be kept or not, it is told nothing."""
    calls = here().calls
    try:
        persist(lambda: calls.machine_took(ref, at=at))
    except HotlineError as error:
        log.error("machine not noted", exc_info=error)


def _heed(said: Heard, ref: str) -> None:
    """Have done what the call itself does not wait for: its recording fetched, whoever was rung for it let go."""
    try:
        if said.event in (Event.TALKED, Event.NOBODY):
            _let_go(ref)
        elif request.form.get("RecordingSid"):
            heed_recording("completed")
    except HotlineError as error:
        # The provider tells of a recording once more, and a ring ends by itself.
        log.error("call not heeded", exc_info=error)


def _let_go(ref: str) -> None:
    hotline = here()
    at = hotline.clock()
    hotline.store.write(lambda session: ringing.stop(session, ref, at=at))


def heed_recording(status: str) -> None:
    """Have the recording that the form tells of fetched, or what there is of it erased."""
    form, hotline = request.form, here()
    call_id, at = form["CallSid"], hotline.clock()
    spot = hotline.calls.spot_of(call_id)

    def belongs(_session: Session, _call_id: str) -> tuple[str, int] | None:
        return (spot.report_id, spot.seq) if spot else None

    def work(session: Session) -> None:
        recorded(
            session,
            hotline.relay_public,
            call_id=call_id,
            recording_id=form.get("RecordingSid", ""),
            status=status,
            belongs=belongs,
            at=at,
            seconds=hearing.seconds(form, "RecordingDuration"),
        )

    hotline.store.write(work)
