"""What a document can ask for, but for other people: to be heard, keys, words, a recording, another document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from hotline.demo.calling.dialing import dial, enqueue
from hotline.demo.calling.documents import Verb
from hotline.demo.calling.happenings import Ended, Happening, Key, Said, Speaking, Step
from hotline.demo.calling.leg import Leg, Script
from hotline.demo.calling.recording import record
from hotline.demo.calling.speaking import Line, Minded, lines, pause, play, say

_TO_FINISH = "#"
_BREATH = 1.0
"""Seconds of silence after which a sentence is over, where the line leaves that to the provider."""


@dataclass
class _Gathering:
    """What one gather has got so far."""

    leg: Leg
    verb: Verb
    digits: str = ""
    ended_by: str = ""
    said: Said | None = None
    deadline: float | None = None

    def __post_init__(self) -> None:
        wanted = self.verb.asks.get("input", "dtmf").split()
        self.takes_keys, self.takes_words = "dtmf" in wanted, "speech" in wanted
        self.timeout = self.verb.number("timeout", 5)
        self.most = int(self.verb.number("numDigits", 0))
        self.finish = self.verb.asks.get("finishOnKey", _TO_FINISH)

    @property
    def minds(self) -> frozenset[type[Happening]]:
        """What interrupts the lines."""
        if not self.verb.is_on("bargeIn", default=True):
            return frozenset()
        keys = {Key} if self.takes_keys else set()
        return frozenset(keys | ({Speaking} if self.takes_words else set()))

    @property
    def patience(self) -> float:
        """Seconds of silence until what was said is understood."""
        default = _BREATH if self.verb.asks.get("speechTimeout") == "auto" else self.timeout
        return self.verb.number("speechTimeout", default)

    def opens(self) -> None:
        """Listen from now on."""
        self.deadline = self.leg.now + self.timeout

    def takes(self, event: Happening | None) -> None:
        """Wait on while somebody speaks, and for as long as it takes to understand when they have spoken."""
        if self.takes_words and isinstance(event, Speaking):
            self.deadline = None
        if self.takes_words and isinstance(event, Said):
            self.said = self._understood(event)
            self.deadline = self.leg.now + self.patience

    def takes_typed(self) -> bool:
        """Take what was typed; tell whether it is complete."""
        keys = self.leg.keys
        if self.takes_keys and keys:
            self.opens()
        while self.takes_keys and keys:
            key = keys.popleft()
            if key == self.finish:
                self.ended_by = key
                return True
            self.digits += key
            if self.most and len(self.digits) >= self.most:
                return True
        return False

    def _understood(self, said: Said) -> Said:
        """Return what is recognized: words in another language than the one that is listened for are noise."""
        wanted = self.verb.asks.get("language", "en-US").partition("-")[0]
        word = self.leg.exchange.weather.at("hearing", self.leg.call.phone)
        is_other = said.locale and said.locale.partition("-")[0] != wanted
        if word == "nothing" or is_other:
            return Said("")
        return Said(said.words[::-1], 0.11) if word == "garbled" else said

    def result(self) -> Step | None:
        """Return where the answer goes; silence goes nowhere, unless it was asked for."""
        words = self.said.words if self.said else ""
        if not (self.digits or words or self.verb.is_on("actionOnEmptyResult", default=False)):
            return None
        fields = {"msg": "Gather End"}
        if words and self.said and not self.digits:
            fields |= {"SpeechResult": words, "Confidence": f"{self.said.confidence:.7f}"}
        elif self.takes_keys:
            fields |= {"Digits": self.digits, "FinishedOnKey": self.ended_by}
        else:
            fields |= {"SpeechResult": "", "Confidence": "0.0"}
        return self.leg.at(self.verb.asks.get("action", ""), self.verb, **fields)


def gather(leg: Leg, verb: Verb) -> Script:
    """Say lines until a key or a word interrupts them, then wait for more; typed ahead, no line is said."""
    leg.answers()
    gathering, event = _Gathering(leg, verb), None
    if not (gathering.takes_keys and leg.keys and gathering.minds):
        event = yield from lines(leg, verb.parts, gathering.minds)
    leg.listens = "keys" if gathering.takes_keys else "words"
    leg.language = verb.asks.get("language", "en-US") if gathering.takes_words else ""
    gathering.opens()
    gathering.takes(event)
    while not gathering.takes_typed():
        event = yield gathering.deadline
        if event is None:
            break
        gathering.takes(event)
    leg.listens = leg.language = ""
    return gathering.result()


def redirect(leg: Leg, verb: Verb) -> Script:
    yield from ()
    return leg.at(verb.words, verb)


def hang_up(leg: Leg, verb: Verb) -> Script:
    yield from ()
    leg.answers()
    raise Ended


def reject(leg: Leg, verb: Verb) -> Script:
    yield from ()
    raise Ended("busy" if verb.asks.get("reason") == "busy" else "no-answer")


def _heard(does: Callable[[Leg, Verb, Minded], Line], leg: Leg, verb: Verb) -> Script:
    leg.answers()
    yield from does(leg, verb, frozenset())
    return None


VERBS: Mapping[str, Callable[[Leg, Verb], Script]] = {
    "Say": partial(_heard, say),
    "Play": partial(_heard, play),
    "Pause": partial(_heard, pause),
    "Gather": gather,
    "Record": record,
    "Dial": dial,
    "Enqueue": enqueue,
    "Redirect": redirect,
    "Hangup": hang_up,
    "Reject": reject,
}
