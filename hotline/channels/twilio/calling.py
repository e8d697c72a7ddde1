"""Say in a call what a `Document` says, in the provider's XML: well-formed and small enough, whatever it holds.

Keys are taken from the first word on: what is said stands inside the verb that waits for them. An address in a
document is our own, names a step and never a report, and ends with how often the provider asks again when we do
not answer: it then brings the same keys once more.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from flask import Response
from twilio.twiml import TwiML
from twilio.twiml.voice_response import Dial, Gather, Pause, Play, Say, VoiceResponse

from hotline.channels.twilio.standing import OVERRIDES
from hotline.channels.twilio.twiml import LARGEST_ANSWER, sayable
from hotline.dialogue.calls.document import Document, Line, Wait
from hotline.prompts import Prompts, Voice
from hotline.prompts.pace import BETWEEN_DIGITS

DOOR = "/twilio/voice"

_LONGEST_PIECE = 2000
"""Characters of one <Say>: half of what the provider takes, so that it may count as it likes."""
_ROOM = LARGEST_ANSWER - 8 * 1024
"""Bytes for what is said; the rest is for what is waited for."""
_FRAME = 200
"""Bytes that a verb needs around its words, at most."""
_LONGEST_PAUSE = 30
_PATIENCE = 60
_MOST_KEYS = 40
_LONGEST_RECORDING = 4 * 60 * 60
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_SENTENCE = re.compile(r".*[.!?…。！？।؟۔]\s", re.DOTALL)


@dataclass(frozen=True)
class Calling:
    """Writes documents for calls. *origin* is ours; with *without_sounds* only the provider's voices speak."""

    prompts: Prompts
    origin: str
    without_sounds: bool = False

    def answer(self, document: Document) -> Response:
        """Say the lines of *document* and wait for what it waits for."""
        response = VoiceResponse()
        if document.then.wait is Wait.KEYS:
            gather = self._gather(document)
            response.append(gather)
            self._say(gather, document.lines)
        else:
            self._say(response, document.lines)
            _AFTER[document.then.wait](self, response, document)
        return _answer(response)

    def address(self, step: str = "", **query: str) -> str:
        """Return where the provider comes with what follows *step*."""
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        joint = "&" if "?" in step else "?"
        path = f"{self.origin}{DOOR}{'/' if step and step[0] != '?' else ''}{step}"
        return f"{path}{joint if asked else ''}{asked}{OVERRIDES}"

    def _gather(self, document: Document) -> Gather:
        then = document.then
        language = self.prompts.speech(document.locale) if then.hears else ""
        # Without an end key of its own, # and * are keys like any other.
        ending = {"num_digits": min(then.most, _MOST_KEYS)} if then.most else {}
        return Gather(
            input="dtmf speech" if language else "dtmf",
            action=self.address(document.step),
            method="POST",
            timeout=_between(1, then.seconds, _PATIENCE),
            finish_on_key="" if then.most else "#",
            action_on_empty_result=True,
            profanity_filter=False,
            language=language or None,
            **ending,
        )

    def _record(self, response: VoiceResponse, document: Document) -> None:
        response.record(
            action=self.address(document.step),
            method="POST",
            max_length=_between(2, document.then.longest, _LONGEST_RECORDING),
            timeout=_between(1, document.then.seconds, _PATIENCE),
            finish_on_key="#",
            play_beep=True,
            trim="do-not-trim",
            recording_status_callback=self.address("recording"),
            recording_status_callback_method="POST",
            recording_status_callback_event="completed absent",
        )
        # The provider goes on to here where nothing was recorded.
        response.redirect(self.address(document.step, nothing="1"), method="POST")

    def _enqueue(self, response: VoiceResponse, document: Document) -> None:
        response.enqueue(
            document.then.ref,
            action=self.address(document.step, ref=document.then.ref),
            method="POST",
            wait_url=self.address(f"wait/{document.then.ref}", **{"in": document.locale}),
            wait_url_method="POST",
        )

    def _go_on(self, response: VoiceResponse, document: Document) -> None:
        response.redirect(self.address(document.step), method="POST")

    def _hang_up(self, response: VoiceResponse, _document: Document) -> None:
        response.hangup()

    def _say(self, parent: TwiML, lines: tuple[Line, ...]) -> None:
        speaking = _Speaking(parent)
        for line in lines:
            for write in self._pieces(line):
                if not write(speaking):
                    return

    def _pieces(self, line: Line) -> Iterator["_Piece"]:
        """Yield what writes each piece of *line*, in their order."""
        if line.prompt:
            yield self._prompt(line.prompt, line.locale)
        for number, digit in enumerate(filter("0123456789".__contains__, line.digits)):
            if number:
                yield _pause(BETWEEN_DIGITS)
            yield self._prompt(f"digit_{digit}", line.locale)
        if line.words:
            yield self._words(line.words, line.locale)
        if line.pause > 0:
            yield _pause(min(line.pause, _LONGEST_PAUSE))

    def _prompt(self, name: str, locale: str) -> "_Piece":
        """Write a prompt: a recording, or the provider's voice, or what a machine spoke for us, in this order."""
        sound = None if self.without_sounds else self.prompts.sound(name, locale)
        if sound and (not sound.is_synthetic or not self.prompts.voice(locale)):
            url = f"{self.origin}{DOOR}/sound/{sound.digest}"
            return lambda speaking: speaking.plays(url)
        return self._words(self.prompts.words(name, locale), locale)

    def _words(self, words: str, locale: str) -> "_Piece":
        voice = self.prompts.voice(locale)
        if voice is None:
            return lambda _speaking: True
        return lambda speaking: all(speaking.says(piece, voice) for piece in _split(words))


_AFTER: dict[Wait, Callable[[Calling, VoiceResponse, Document], None]] = {
    Wait.RECORD: Calling._record,
    Wait.PERSON: Calling._enqueue,
    Wait.GO_ON: Calling._go_on,
    Wait.END: Calling._hang_up,
}


@dataclass
class _Speaking:
    """Writes what is said into *parent*, as long as there is room; each method tells whether there was."""

    parent: TwiML
    left: int = field(default=_ROOM)

    def says(self, words: str, voice: Voice) -> bool:
        return self._takes(words, Say(words, voice=voice.say, language=voice.language))

    def plays(self, url: str) -> bool:
        return self._takes(url, Play(url))

    def pauses(self, seconds: int) -> bool:
        return self._takes("", Pause(length=seconds))

    def _takes(self, words: str, verb: TwiML) -> bool:
        self.left -= len(escape(words).encode()) + _FRAME
        if self.left < 0:
            return False
        self.parent.append(verb)
        return True


_Piece = Callable[[_Speaking], bool]


def _pause(seconds: int) -> _Piece:
    return lambda speaking: speaking.pauses(seconds)


def connect(ref: str, *, seconds: int) -> Response:
    """Connect a person of ours with whoever waits in the queue *ref*, and hang up when they have talked.

    *seconds* is how long the talk may be.
    """
    response = VoiceResponse()
    dial = Dial(answer_on_bridge=True, time_limit=seconds)
    dial.queue(ref)
    response.append(dial)
    response.hangup()
    return _answer(response)


def leave() -> Response:
    """Take the caller out of the queue; the call goes on where the queue was entered."""
    response = VoiceResponse()
    response.leave()
    return _answer(response)


def hang_up() -> Response:
    """End the call and say nothing."""
    response = VoiceResponse()
    response.hangup()
    return _answer(response)


def _split(words: str) -> Iterator[str]:
    """Yield *words* in pieces that one verb may say, cut behind a sentence or else between words."""
    left = " ".join(_CONTROLS.sub(" ", sayable(words)).split())
    while len(left) > _LONGEST_PIECE:
        head = left[:_LONGEST_PIECE]
        sentence = _SENTENCE.match(head)
        end = sentence.end() if sentence else head.rfind(" ") + 1 or _LONGEST_PIECE
        yield left[:end].strip()
        left = left[end:].strip()
    if left:
        yield left


def _between(lowest: int, value: int, highest: int) -> int:
    return max(lowest, min(value, highest))


def _answer(response: VoiceResponse) -> Response:
    return Response(str(response), mimetype="text/xml")
