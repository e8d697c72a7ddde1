"""Call a phone: it rings, is picked up or not, by somebody or by a machine."""

from collections.abc import Generator
from dataclasses import dataclass, field

from hotline.demo.calling.documents import Verb
from hotline.demo.calling.happenings import Declined, Ended, Happening, PickedUp, Step
from hotline.demo.calling.leg import Leg, Script

ANSWERS, WAITS, BUSY, NOBODY, FAILED, MACHINE, DROPS = (
    "answers",
    "waits",
    "busy",
    "no answer",
    "failed",
    "machine",
    "drops",
)
MANNERS = frozenset({ANSWERS, WAITS, BUSY, NOBODY, FAILED, MACHINE, DROPS})
_GREETING = 4.0
"""Seconds that the provider listens to tell a person from a machine."""
_CANNOT_RING = {BUSY: "busy", FAILED: "failed"}


@dataclass(frozen=True, slots=True)
class Manners:
    """How a phone that rings is picked up, and *after* how many seconds; *waits* leaves it to whoever holds it."""

    word: str = WAITS
    after: float = 2.0


@dataclass(frozen=True, slots=True)
class Detecting:
    """Whether a person is told from a machine; *callback* is told later where the call does not wait for that."""

    is_on: bool = False
    callback: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """A phone that is to be called: what to do once it was answered, and how many seconds it may ring."""

    step: Step | None = None
    verbs: tuple[Verb, ...] = ()
    timeout: float = 60.0
    detecting: Detecting = field(default_factory=Detecting)


def calls(leg: Leg, ask: Ask) -> Script:
    """Ring, be answered, and carry out what was asked for."""
    word = leg.exchange.weather.at("pickups", leg.call.to)
    manners = Manners(word) if word else leg.exchange.manners_of(leg.call.to)
    leg.exchange.tells(leg, "initiated")
    if manners.word in _CANNOT_RING:
        yield from leg.until(leg.now + 1)
        raise Ended(_CANNOT_RING[manners.word])
    leg.call.status, leg.listens = "ringing", "ring"
    leg.exchange.tells(leg, "ringing")
    is_machine = yield from _rings(leg, manners, leg.now + ask.timeout)
    leg.listens = ""
    leg.answers()
    if manners.word == DROPS:
        raise Ended
    yield from _detects(leg, ask.detecting, is_machine=is_machine)
    if ask.verbs:
        step = yield from leg.carries_out(ask.verbs)
        if step:
            yield from leg.begins(step)
    if ask.step:
        yield from leg.begins(ask.step)
    return None


def _rings(
    leg: Leg, manners: Manners, end: float
) -> Generator[float | None, Happening | None, bool]:
    """Wait until the phone is picked up; tell whether that was a machine."""
    if manners.word in (ANSWERS, MACHINE, DROPS):
        moment = leg.now + manners.after
        if moment <= end:
            yield from leg.until(moment)
            return manners.word == MACHINE
    while leg.now < end:
        event = yield end
        if isinstance(event, Declined):
            raise Ended("busy")
        if isinstance(event, PickedUp):
            return event.is_machine
    raise Ended("no-answer")


def _detects(leg: Leg, detecting: Detecting, *, is_machine: bool) -> Script:
    """Find out who picked up, before anything else happens, or beside it."""
    who = "machine_start" if is_machine else "human"
    if not detecting.is_on:
        return None
    if detecting.callback:
        leg.exchange.tells_detection(leg, detecting.callback, who, after=_GREETING)
        return None
    yield from leg.until(leg.now + _GREETING)
    leg.call.answered_by = who
    return None
