"""A call that the hotline asks for: read from the form of the interface, and refused as the provider refuses."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import phonenumbers
from werkzeug.datastructures import MultiDict

from hotline.demo.calling import documents
from hotline.demo.calling.documents import Verb
from hotline.demo.calling.happenings import Step
from hotline.demo.calling.leg import Told
from hotline.demo.calling.outgoing import Ask, Detecting
from hotline.demo.orders import Refused, is_callable
from hotline.demo.webhooks import Answer

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_LONGEST_RING = 600
_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
_DETECTIONS = ("Enable", "DetectMessageEnd")


@dataclass(frozen=True, slots=True, repr=False)
class CallOrder:
    """A call that is to be made. *timeout* is for how many seconds the phone may ring."""

    to: str
    sender: str
    url: str = ""
    verbs: tuple[Verb, ...] = ()
    method: str = "POST"
    fallback: str = ""
    status_callback: str = ""
    events: frozenset[str] = frozenset()
    timeout: int = 60
    detecting: Detecting = field(default_factory=Detecting)

    @classmethod
    def of(cls, form: "MultiDict[str, str]") -> "CallOrder":
        """Read an order from the interface's form.

        Raises:
            Refused: something in it is none of what the provider takes.
        """
        timeout = form.get("Timeout", "60")
        detection = form.get("MachineDetection", "")
        if not timeout.isdecimal() or not 1 <= int(timeout) <= _LONGEST_RING:
            raise Refused(20001)
        if detection not in ("", "none", *_DETECTIONS):
            raise Refused(20001)
        is_beside = form.get("AsyncAmd", "").lower() == "true"
        return cls(
            to=form.get("To", ""),
            sender=form.get("From", ""),
            url=form.get("Url", ""),
            verbs=_read(form.get("Twiml", "")),
            method=form.get("Method", "POST").upper(),
            fallback=form.get("FallbackUrl", ""),
            status_callback=form.get("StatusCallback", ""),
            events=_events(form),
            timeout=int(timeout),
            detecting=Detecting(
                detection in _DETECTIONS,
                form.get("AsyncAmdStatusCallback", "") if is_beside else "",
            ),
        )

    def ask(self) -> Ask:
        step = Step(self.url, self.method) if self.url else None
        return Ask(step, self.verbs, self.timeout, self.detecting)

    def told(self) -> Told:
        return Told(self.status_callback, self.events)


@dataclass(frozen=True)
class CallCounter:
    """Where calls are accepted or not; *lines* are the account's numbers, *may_dial* knows its countries."""

    lines: set[str]
    may_dial: Callable[[str], bool]

    def accepts(self, order: CallOrder) -> None:
        """Let *order* pass.

        Raises:
            Refused: it is not taken.
        """
        if not order.to:
            raise Refused(21201)
        if not _NUMBER.fullmatch(order.to):
            raise Refused(21211, to=order.to)
        if not order.sender:
            raise Refused(21213)
        if order.sender not in self.lines:
            raise Refused(21210, sender=order.sender)
        if not (order.verbs or is_callable(order.url)):
            raise Refused(21205)
        if order.status_callback and not is_callable(order.status_callback):
            raise Refused(21609)
        country = _country(order.to)
        if country and not self.may_dial(country):
            raise Refused(21215, to=order.to)


def _events(form: "MultiDict[str, str]") -> frozenset[str]:
    asked = form.getlist("StatusCallbackEvent")
    wanted = frozenset(event for one in asked for event in one.split())
    if wanted - _EVENTS:
        raise Refused(21626)
    return wanted or frozenset({"completed"})


def _read(written: str) -> tuple[Verb, ...]:
    if not written:
        return ()
    try:
        return tuple(documents.read(Answer(written, "text/xml")))
    except documents.Unreadable:
        raise Refused(20001) from None


def _country(to: str) -> str:
    try:
        number = phonenumbers.parse(to)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(
        number.country_code or 0
    )
