"""What the hotline asks to be sent: read from the form of the interface, and refused as the provider refuses."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import phonenumbers
from werkzeug.datastructures import MultiDict

from hotline.config import TwilioSettings
from hotline.demo.faults import Refusal, faults
from hotline.demo.phones import Phones
from hotline.demo.terms import Terms

LONGEST = 1600
LONGEST_VALIDITY = 36000
WHATSAPP = "whatsapp:"

# A number in E.164, or somebody's id within a business (WhatsApp only).
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_SCOPED = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")


class Refused(Exception):
    """The provider does not take this; *refusal* says why, in the words of its interface."""

    def __init__(self, code: int, *, to: str = "", sender: str = "") -> None:
        super().__init__(code)
        self.refusal: Refusal = faults().refusals[code]
        self.message = self.refusal.about(to=to, sender=sender)


@dataclass(frozen=True, slots=True, repr=False)
class Order:
    """A text that is to be sent. *validity* is in seconds."""

    to: str
    sender: str = ""
    body: str = ""
    service: str = ""
    status_callback: str = ""
    content_sid: str = ""
    media: int = 0
    validity: int = LONGEST_VALIDITY

    @property
    def is_whatsapp(self) -> bool:
        return self.to.startswith(WHATSAPP)

    @classmethod
    def of(cls, form: "MultiDict[str, str]") -> "Order":
        """Read an order from the interface's form.

        Raises:
            Refused: its validity is no number of seconds that the provider accepts.
        """
        validity = form.get("ValidityPeriod", str(LONGEST_VALIDITY))
        if not validity.isdecimal() or not 1 <= int(validity) <= LONGEST_VALIDITY:
            raise Refused(20001)
        return cls(
            to=form.get("To", ""),
            sender=form.get("From", ""),
            body=form.get("Body", ""),
            service=form.get("MessagingServiceSid", ""),
            status_callback=form.get("StatusCallback", ""),
            content_sid=form.get("ContentSid", ""),
            media=len(form.getlist("MediaUrl")),
            validity=int(validity),
        )


@dataclass(frozen=True)
class Counter:
    """Where orders are accepted or not; *lines* are the account's numbers, *may_text* knows its countries."""

    settings: TwilioSettings
    terms: Terms
    phones: Phones
    lines: set[str]
    may_text: Callable[[str], bool]

    def accepts(self, order: Order) -> Order:
        """Return *order* with its sender and its words.

        Raises:
            Refused: it is not taken.
        """
        if not order.to:
            raise Refused(21604)
        if not _is_address(order.to):
            raise Refused(21211, to=order.to)
        if order.service and order.service != self.settings.messaging_service_sid:
            raise Refused(21701)
        sender = order.sender or self._usual(order)
        self._check_sender(order, sender)
        self._check_words(order)
        if order.status_callback and not is_callable(order.status_callback):
            raise Refused(21609)
        country = _country(order)
        if country and (country in self.terms.blocked or not self.may_text(country)):
            raise Refused(21408, to=order.to)
        if self.phones.has_closed(order.to, sender):
            raise Refused(21610, to=order.to)
        return order

    def sender_of(self, order: Order) -> str:
        return order.sender or self._usual(order)

    def body_of(self, order: Order) -> str:
        return self.terms.template(order.content_sid) if order.content_sid else order.body

    def _usual(self, order: Order) -> str:
        """Return the number of the Messaging Service.

        Raises:
            Refused: there is none, or nobody said whose text this is.
        """
        if not order.service:
            raise Refused(21603)
        number = self.settings.whatsapp_number if order.is_whatsapp else self.settings.sms_number
        if not number:
            raise Refused(21703)
        return WHATSAPP + number if order.is_whatsapp else number

    def _check_sender(self, order: Order, sender: str) -> None:
        if sender == order.to:
            raise Refused(21266, to=order.to)
        known = faults().senders.get(sender)
        if known:
            raise Refused(known, sender=sender)
        if sender.removeprefix(WHATSAPP) not in self.lines:
            raise Refused(21606, sender=sender)
        if order.is_whatsapp != sender.startswith(WHATSAPP):
            raise Refused(21612, to=order.to, sender=sender)

    def _check_words(self, order: Order) -> None:
        if not (order.body or order.media or order.content_sid):
            raise Refused(21602)
        if len(order.body) > LONGEST:
            raise Refused(21617)


def _is_address(to: str) -> bool:
    bare = to.removeprefix(WHATSAPP)
    return bool(_NUMBER.fullmatch(bare) or (bare != to and _SCOPED.fullmatch(bare)))


def is_callable(url: str) -> bool:
    """Tell whether the provider would call *url*: it minds underscores in the name of the host."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "_" not in parts.netloc


def _country(order: Order) -> str:
    """Return the country of an SMS number, or nothing."""
    if order.is_whatsapp:
        return ""
    try:
        number = phonenumbers.parse(order.to)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(
        number.country_code or 0
    )
