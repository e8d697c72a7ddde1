"""The phone of somebody on call: they hear that a caller waits, say yes or no with a key, and are connected.

Whatever fails here ends their call in silence: the caller waits for somebody else, and then leaves a message.
"""

import logging
from contextlib import suppress

from flask import Blueprint, Response, request

from hotline import triage
from hotline.channels.twilio import calling, hearing, refuse_unsigned
from hotline.channels.voice.going_on import persist, writing
from hotline.contact import legs
from hotline.contact.calling_back import note_fate
from hotline.contact.legs import Taken, Whisper, Whom
from hotline.contact.ringing import LONGEST_TALK, Ring
from hotline.dialogue.calls.document import Document, Line, Then, Wait
from hotline.errors import Conflict, NotFound
from hotline.i18n import CONSOLE, name_of
from hotline.parts import here
from hotline.store import Session

ringing = Blueprint("voice_ringing", __name__, url_prefix="/twilio/voice")
ringing.before_request(refuse_unsigned)

_HERE = {"merge_slashes": False, "strict_slashes": False}
_LEG = "/person/<string(length=32):leg>"
_PATIENCE = 20
"""Seconds in which they may find the key."""
_YES, _NO = "1", "2"

log = logging.getLogger(__name__)


@ringing.errorhandler(Exception)
def fall_silent(error: Exception) -> Response:
    log.error("ring failed", exc_info=error)
    if request.path.endswith("/status"):
        # Nobody hears the answer, and after this the provider tells us once more.
        return Response(status=503)
    return calling.hang_up()


@ringing.post("/silence", **_HERE)
def be_silent() -> Response:
    """End a call of ours that could not be answered: nobody hears that anything failed, or what."""
    return calling.hang_up()


@ringing.post(_LEG, **_HERE)
def whisper(leg: str) -> Response:
    """Say to whoever picked up that somebody waits; to a machine nothing at all."""
    hotline, answered_by = here(), request.form.get("AnsweredBy", "").lower()
    at = hotline.clock()

    def hear(session: Session) -> Whisper | None:
        return legs.hear(session, hotline.relay, leg, answered_by=answered_by, at=at)

    heard = persist(lambda: hotline.store.write(hear))
    if heard is None or heard.whom is Whom.MACHINE:
        return calling.hang_up()
    if heard.ring is not Ring.WAITING:
        return _tell(heard.speaks, _standing(heard.ring))
    return _ask(leg, heard)


@ringing.post(f"{_LEG}/pressed", **_HERE)
def press(leg: str) -> Response:
    """Connect whoever says yes, unless somebody else was faster; any key but the two asks once more."""
    pressed = hearing.keys(request.form)
    if pressed == _YES:
        return _take(leg)
    if pressed not in ("", _NO):
        return whisper(leg)
    hotline = here()
    at = hotline.clock()
    hotline.store.write(lambda session: legs.decline(session, leg, at=at))
    return _tell(_speaks(leg), "declined")


@ringing.post(f"{_LEG}/status", **_HERE)
def note(leg: str) -> Response:
    """Remember what became of a call to somebody on call."""
    hotline, status = here(), request.form.get("CallStatus", "").lower()
    at = hotline.clock()
    hotline.store.write(lambda session: legs.note_call(session, leg, status=status, at=at))
    return Response(status=204)


@ringing.post("/back/<string(length=32):ref>/status", **_HERE)
def note_back(ref: str) -> Response:
    """Remember what became of a call that we made to somebody who asked for one."""
    hotline, status = here(), request.form.get("CallStatus", "").lower()
    at = hotline.clock()
    hotline.store.write(
        lambda session: note_fate(session, hotline.relay, ref, status=status, at=at)
    )
    return Response(status=204)


def _take(leg: str) -> Response:
    hotline = here()
    at = hotline.clock()

    def take(session: Session) -> Taken | None:
        return legs.take(session, hotline.relay, leg, at=at)

    taken = persist(lambda: hotline.store.write(take))
    if taken is None:
        with hotline.store.read() as session:
            ring = legs.ring_of_leg(session, leg, at=at)
        return _tell(_speaks(leg), _standing(ring))
    _hold(taken)
    return calling.connect(taken.ring_id, seconds=int(LONGEST_TALK.total_seconds()))


def _hold(taken: Taken) -> None:
    """Let whoever talks to somebody hold their report, unless a colleague does: the talk goes before that."""
    hotline = here()
    at = hotline.clock()

    def claim(session: Session) -> None:
        triage.claim(session, taken.report_id, desk=taken.desk, by=taken.staff_id, at=at)

    if taken.report_id:
        with suppress(Conflict, NotFound):
            hotline.store.write(claim)


def _ask(leg: str, heard: Whisper) -> Response:
    said = "ask" if heard.urgency else "ask_nothing"
    language = name_of(heard.locale, _locale(heard.speaks)) if heard.locale else ""
    words = _words(heard.speaks, said, urgency=heard.urgency, language=language)
    then = Then(Wait.KEYS, most=1, seconds=_PATIENCE)
    return _say(f"person/{leg}/pressed", heard.speaks, words, then)


def _tell(speaks: str, said: str) -> Response:
    return _say("", speaks, _words(speaks, said), Then(Wait.END))


def _say(step: str, speaks: str, words: str, then: Then) -> Response:
    locale = _locale(speaks)
    return writing().answer(Document(step, locale, (Line(locale, words=words),), then))


def _words(speaks: str, said: str, **facts: str) -> str:
    """Return what is said, on one line."""
    told = {"urgency": "", "language": "", **facts}
    words = here().languages.render(
        "console/whisper.txt", _locale(speaks), CONSOLE, said=said, **told
    )
    return " ".join(words.split())


def _locale(speaks: str) -> str:
    return here().languages.best([speaks], CONSOLE) or "en"


def _speaks(leg: str) -> str:
    hotline = here()
    with hotline.store.read() as session:
        return legs.speaks(session, hotline.relay, leg)


def _standing(ring: Ring) -> str:
    return "taken" if ring is Ring.TAKEN else "over"
