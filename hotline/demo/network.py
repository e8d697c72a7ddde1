"""The network between phones and the hotline: signs and delivers as the real provider does, on loopback.

Everything is in memory and gone when the demo ends. A phone keeps what it showed, as phones do, also
after the provider erased it.
"""

import base64
import hashlib
import hmac
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.etree import ElementTree

import requests

from hotline.config import Config, TwilioSettings
from hotline.demo.texts import Text, new_sid
from hotline.errors import Misconfigured

STOP_WORDS = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
START_WORDS = {"START", "YES", "UNSTOP"}
_COURSE = ("sending", "sent", "delivered")
_REMEMBERED = 500
_WEBHOOK_TIMEOUT = 15

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, repr=False)
class Bubble:
    """What a phone shows. *is_mine* is what its owner typed."""

    text: str
    is_mine: bool
    at: datetime


@dataclass
class Weather:
    """What goes wrong on purpose, for tests.

    *webhooks* says, one word for each webhook to come, ``lost`` or ``twice``; *requests* says, one for each
    creation of a text to come, ``busy``, ``down``, ``hangs`` or ``taken and silent``. *pace* is the
    pause, in seconds, before each further status; *hang* how long an answer keeps us waiting.
    """

    webhooks: deque[str] = field(default_factory=deque)
    requests: deque[str] = field(default_factory=deque)
    pace: float = 0.4
    hang: float = 30.0
    tries: int = 4

    @staticmethod
    def next_of(words: deque[str]) -> str:
        return words.popleft() if words else ""


class Network:
    """The loopback provider: an account, its texts, and the phones that it reaches."""

    def __init__(self, settings: TwilioSettings, *, public_url: str) -> None:
        self.settings = settings
        self.weather = Weather()
        self.public_url = public_url
        self._texts: dict[str, Text] = {}
        self._numbers = 0
        self._phones: dict[str, deque[Bubble]] = {}
        self._stopped: set[tuple[str, str]] = set()
        self._guard = threading.Lock()
        self._couriers = ThreadPoolExecutor(4, thread_name_prefix="courier")

    @classmethod
    def of(cls, config: Config) -> "Network":
        """Return the network that a demo's *config* describes."""
        if config.twilio is None:
            raise Misconfigured("a demo needs a provider")
        return cls(config.twilio, public_url=config.public_url)

    # What phones do.

    def text_us(self, *, sender: str, line: str, body: str, media: int = 0) -> str:
        """Let a phone text one of our lines, bring it to the webhook, and return the text's id."""
        text = self._keep(Text(0, line, sender, body, "inbound", "received", media))
        text.sent = text.created
        self._show(sender, line, body, is_mine=True)
        fields = self._opting(text)
        weather = Weather.next_of(self.weather.webhooks)
        if weather == "lost":
            return text.sid
        for _ in range(2 if weather == "twice" else 1):
            answer = self._call("/twilio/sms", self._webhook(text) | fields)
        self._answer(text, answer)
        return text.sid

    def again(self, sid: str) -> str:
        """Deliver a text's webhook once more, as the provider does in doubt, and return what was answered."""
        return self._call("/twilio/sms", self._webhook(self._texts[sid]))

    def bubbles(self, phone: str, line: str) -> list[Bubble]:
        """Return what *phone* shows of its conversation with *line*, oldest first."""
        with self._guard:
            return list(self._phones.get(_conversation(phone, line), ()))

    # What the hotline asks for.

    def create(self, *, to: str, sender: str, body: str, status_callback: str) -> Text | None:
        """Take a text for a phone; None when that phone has closed this line."""
        if (to, sender) in self._stopped:
            return None
        text = Text(0, to, sender, body, "outbound-api", "queued", 0, status_callback)
        self._keep(text)
        self._couriers.submit(self._deliver, text)
        return text

    def find(self, sid: str) -> Text | None:
        return self._texts.get(sid)

    def forget(self, sid: str) -> None:
        with self._guard:
            self._texts.pop(sid, None)

    def texts(self, accepts: Callable[[Text], bool]) -> list[Text]:
        """Return the texts that *accepts* accepts, newest first."""
        with self._guard:
            held = list(self._texts.values())
        return sorted(filter(accepts, held), key=lambda text: -text.number)

    def settle(self) -> None:
        """Wait until every courier has come home."""
        self._couriers.shutdown(wait=True)
        self._couriers = ThreadPoolExecutor(4, thread_name_prefix="courier")

    # How it is done.

    def _keep(self, text: Text) -> Text:
        with self._guard:
            self._numbers += 1
            text.number = self._numbers
            self._texts[text.sid] = text
        return text

    def _show(self, phone: str, line: str, body: str, *, is_mine: bool) -> None:
        with self._guard:
            shown = self._phones.setdefault(_conversation(phone, line), deque(maxlen=_REMEMBERED))
            shown.append(Bubble(body, is_mine, datetime.now(UTC)))

    def _opting(self, text: Text) -> dict[str, str]:
        """Close or open the line when the phone wrote one of the network's own words, and say so."""
        word = text.body.strip().upper()
        if word in STOP_WORDS:
            self._stopped.add((text.sender, text.to))
            return {"OptOutType": "STOP"}
        if word in START_WORDS:
            self._stopped.discard((text.sender, text.to))
        return {}

    def _answer(self, text: Text, twiml: str) -> None:
        """Bring the answer that stood in the webhook's own answer to the phone."""
        for body in _messages_in(twiml):
            if (text.sender, text.to) in self._stopped:
                continue
            reply = self._keep(Text(0, text.sender, text.to, body, "outbound-reply", "delivered"))
            reply.sent = reply.created
            self._show(text.sender, text.to, body, is_mine=False)

    def _deliver(self, text: Text) -> None:
        """Take a text to its phone, and report each step."""
        for status in _COURSE:
            time.sleep(self.weather.pace)
            text.status = status
            if status == "sent":
                text.sent = datetime.now(UTC)
                self._show(text.to, text.sender, text.body, is_mine=False)
            if text.status_callback:
                self._post(text.status_callback, self._news(text))

    def _webhook(self, text: Text) -> dict[str, str]:
        """Return the fields of a text's webhook, those that we must not keep among them."""
        return {
            "ToCountry": "US",
            "ToState": "",
            "SmsMessageSid": text.sid,
            "NumMedia": str(text.media),
            "ToCity": "",
            "FromZip": "94105",
            "SmsSid": text.sid,
            "FromState": "CA",
            "SmsStatus": "received",
            "FromCity": "SAN FRANCISCO",
            "Body": text.body,
            "FromCountry": "US",
            "To": text.to,
            "ToZip": "",
            "NumSegments": "1",
            "MessageSid": text.sid,
            "AccountSid": self.settings.account_sid,
            "From": text.sender,
            "ApiVersion": "2010-04-01",
        }

    def _news(self, text: Text) -> dict[str, str]:
        return {
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "SmsStatus": text.status,
            "MessageStatus": text.status,
            "To": text.to,
            "From": text.sender,
            "AccountSid": self.settings.account_sid,
            "ApiVersion": "2010-04-01",
        }

    def _call(self, path: str, fields: Mapping[str, str]) -> str:
        """Call a webhook as an address with ``#rc=3&rp=5xx,ct,rt`` asks for, then the fallback; return the TwiML."""
        for attempt in range(self.weather.tries):
            time.sleep(self.weather.pace * attempt)
            answer = self._post(self.public_url + path, fields)
            if answer is not None and answer.status_code < 500:
                return answer.text if answer.ok else ""
        failed = {"ErrorCode": "11200", "ErrorUrl": self.public_url + path}
        answer = self._post(self.public_url + "/twilio/fallback", {**fields, **failed})
        return answer.text if answer is not None and answer.ok else ""

    def _post(self, url: str, fields: Mapping[str, str]) -> requests.Response | None:
        """Post *fields*, signed; None when nobody answered."""
        headers = {
            "X-Twilio-Signature": signature(self.settings.auth_token, url, fields),
            "I-Twilio-Idempotency-Token": new_sid("ID"),
        }
        try:
            with requests.Session() as session:
                session.trust_env = False
                return session.post(
                    url, data=dict(fields), headers=headers, timeout=_WEBHOOK_TIMEOUT
                )
        except requests.RequestException:
            return None


def signature(token: str, url: str, fields: Mapping[str, str]) -> str:
    """Sign *fields* for *url* as the provider does: HMAC-SHA1 over the address and the sorted fields."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    mac = hmac.digest(token.encode(), signed.encode("utf-8", "surrogatepass"), hashlib.sha1)
    return base64.b64encode(mac).decode()


def _conversation(phone: str, line: str) -> str:
    return f"{phone} {line}"


def _messages_in(twiml: str) -> Iterable[str]:
    try:
        document = ElementTree.fromstring(twiml.strip() or "<Response/>")  # noqa: S314 - our own answer.
    except ElementTree.ParseError:
        log.warning("an answer was no TwiML")
        return []
    return ["".join(message.itertext()) for message in document.iter("Message")]
