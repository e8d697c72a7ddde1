"""Read a webhook's answer as a document of a call, strictly: the first thing that is wrong with it is an error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from hotline.demo.webhooks import LARGEST_ANSWER, NO_KIND, NO_TWIML, TOO_LARGE, Answer

WRONG_TWIML = 12200
LONGEST_WORDS = 4096
_XML = frozenset({"text/xml", "application/xml", "text/html"})
_SPOKEN = frozenset({"Say", "Play", "Pause"})
_SSML = frozenset(
    {"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}
)

_VERBS: Mapping[str, frozenset[str]] = {
    "Say": frozenset({"voice", "language", "loop"}),
    "Play": frozenset({"loop", "digits"}),
    "Pause": frozenset({"length"}),
    "Gather": frozenset(
        {
            "input", "action", "method", "timeout", "speechTimeout", "maxSpeechTime", "finishOnKey",
            "numDigits", "language", "hints", "bargeIn", "profanityFilter", "actionOnEmptyResult",
            "speechModel", "enhanced", "partialResultCallback", "partialResultCallbackMethod", "debug",
        }
    ),
    "Record": frozenset(
        {
            "action", "method", "timeout", "finishOnKey", "maxLength", "playBeep", "trim", "transcribe",
            "transcribeCallback", "recordingStatusCallback", "recordingStatusCallbackMethod",
            "recordingStatusCallbackEvent",
        }
    ),
    "Dial": frozenset(
        {
            "action", "method", "timeout", "timeLimit", "callerId", "hangupOnStar", "record", "trim",
            "answerOnBridge", "ringTone", "recordingStatusCallback", "recordingStatusCallbackEvent",
            "recordingStatusCallbackMethod", "sequential",
        }
    ),
    "Number": frozenset(
        {
            "url", "method", "sendDigits", "statusCallback", "statusCallbackEvent", "statusCallbackMethod",
            "byoc", "machineDetection", "machineDetectionTimeout", "amdStatusCallback",
            "amdStatusCallbackMethod",
        }
    ),
    "Queue": frozenset({"url", "method", "reservationSid", "postWorkActivitySid"}),
    "Enqueue": frozenset(
        {"action", "method", "waitUrl", "waitUrlMethod", "maxQueueSize", "workflowSid"}
    ),
    "Leave": frozenset(),
    "Redirect": frozenset({"method"}),
    "Hangup": frozenset(),
    "Reject": frozenset({"reason"}),
}  # fmt: skip
_PARTS: Mapping[str, frozenset[str]] = {
    "Say": _SSML,
    "Gather": _SPOKEN,
    "Dial": frozenset({"Number", "Queue"}),
}
_TOP = frozenset(_VERBS) - {"Number", "Queue"}


class Unreadable(Exception):
    """The answer is no document of a call; *code* is the provider's."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, repr=False)
class Verb:
    """One thing to do. *pause* is the silence that is written into what is said, in seconds."""

    name: str
    asks: Mapping[str, str]
    words: str = ""
    parts: Sequence["Verb"] = ()
    pause: float = 0.0

    def number(self, name: str, default: float) -> float:
        """Return the number that *name* asks for; ``auto`` and nonsense are the default."""
        try:
            return float(self.asks.get(name, default))
        except ValueError:
            return default

    def is_on(self, name: str, *, default: bool) -> bool:
        return self.asks.get(name, str(default)).lower() == "true"


def read(answer: Answer) -> Sequence[Verb]:
    """Return what *answer* wants to be done.

    Raises:
        Unreadable: it is no document.
    """
    if len(answer.body.encode()) > LARGEST_ANSWER:
        raise Unreadable(TOO_LARGE)
    if answer.kind == "text/plain" and answer.body:
        return [Verb("Say", {}, answer.body)]
    if answer.body and answer.kind not in _XML:
        raise Unreadable(NO_KIND)
    try:
        root = ElementTree.fromstring(answer.body.strip())  # noqa: S314 - what our own hotline said.
    except ElementTree.ParseError:
        raise Unreadable(NO_TWIML) from None
    if root.tag != "Response" or root.attrib or (root.text or "").strip():
        raise Unreadable(WRONG_TWIML)
    return [_verb(element, _TOP) for element in root]


def fault_of(answer: Answer) -> int:
    """Return the provider's code for what is wrong with *answer*, or 0."""
    if answer.failure:
        return answer.fault
    try:
        read(answer)
    except Unreadable as unreadable:
        return unreadable.code
    return 0


def _verb(element: ElementTree.Element, allowed: frozenset[str]) -> Verb:
    name = element.tag
    if name not in allowed or set(element.attrib) - _VERBS[name]:
        raise Unreadable(WRONG_TWIML)
    inside = _PARTS.get(name, frozenset())
    if any(part.tag not in inside for part in element):
        raise Unreadable(WRONG_TWIML)
    words = " ".join("".join(element.itertext()).split())
    if name == "Say":
        if len(words) > LONGEST_WORDS:
            raise Unreadable(WRONG_TWIML)
        return Verb(name, element.attrib, words, pause=sum(map(_break, element.iter("break"))))
    return Verb(name, element.attrib, words, [_verb(part, inside) for part in element])


def _break(element: ElementTree.Element) -> float:
    written = element.get("time", "")
    try:
        if written.endswith("ms"):
            return float(written.removesuffix("ms")) / 1000
        return float(written.removesuffix("s") or 0.5)
    except ValueError:
        raise Unreadable(WRONG_TWIML) from None
