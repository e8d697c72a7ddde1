"""The provider's webhooks: signed, tried as often as their address asks for, then brought to the fallback."""

import base64
import hashlib
import hmac
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urljoin
from xml.etree import ElementTree

import urllib3

from hotline.demo.shelf import new_sid
from hotline.demo.terms import Door
from hotline.demo.weather import Weather

RETRIEVAL, CONNECTION, TOO_LARGE, NO_TWIML, NO_KIND = 11200, 11205, 11750, 12100, 12300
LARGEST_ANSWER = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_XML = frozenset({"text/xml", "application/xml", "text/html"})


@dataclass(frozen=True, slots=True)
class Overrides:
    """What an address asks for behind its ``#``: retries, on what, and how long to wait, in seconds."""

    retries: int = 1
    on: frozenset[str] = frozenset({"ct"})
    connect: float = 5.0
    read: float = 15.0

    @classmethod
    def of(cls, fragment: str) -> "Overrides":
        asked = {name: values[-1] for name, values in parse_qs(fragment).items()}
        return cls(
            retries=min(_number(asked.get("rc"), 1), 5),
            on=frozenset(asked.get("rp", "ct").split(",")),
            connect=_number(asked.get("ct"), 5000) / 1000,
            read=min(_number(asked.get("rt"), 15000), _number(asked.get("tt"), 15000)) / 1000,
        )


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What a webhook was answered.

    *failure* is ``ct``, ``rt``, ``4xx``, ``5xx`` or nothing; ``none`` where the fallback failed, too.
    """

    body: str = ""
    kind: str = ""
    failure: str = ""

    @property
    def fault(self) -> int:
        """The provider's code for what is wrong with the answer, or 0."""
        if self.failure:
            return CONNECTION if self.failure == "ct" else RETRIEVAL
        if len(self.body.encode()) > LARGEST_ANSWER:
            return TOO_LARGE
        if self.body and self.kind not in _XML | {"text/plain"}:
            return NO_KIND
        return NO_TWIML if self._document() is None else 0

    @property
    def texts(self) -> list[str]:
        """What the answer wants to be texted back."""
        document = self._document()
        if self.fault or document is None:
            return []
        if self.kind == "text/plain":
            return [self.body] if self.body else []
        return ["".join(message.itertext()) for message in document.iter("Message")]

    def _document(self) -> ElementTree.Element | None:
        twiml = "" if self.kind == "text/plain" else self.body.strip()
        try:
            return ElementTree.fromstring(twiml or "<Response/>")  # noqa: S314 - what our own hotline said.
        except ElementTree.ParseError:
            return None


@dataclass(frozen=True, slots=True, repr=False)
class Alert:
    """A line of the provider's debugger: an error code, and the address that it happened at."""

    code: int
    url: str


class Webhooks:
    """Brings forms to the hotline. *alerts* are what the provider's debugger would show, newest last."""

    def __init__(self, token: str, weather: Weather) -> None:
        self._token = token
        self._weather = weather
        # No connection is kept: the process at the other end may be another one the next time.
        self._pool = urllib3.PoolManager(num_pools=4, maxsize=16, retries=False)
        self.alerts: deque[Alert] = deque(maxlen=100)

    def bring(
        self,
        door: Door,
        fields: Mapping[str, str],
        *,
        fault: int = 0,
        method: str = "POST",
        finds_fault: Callable[[Answer], int] = lambda answer: answer.fault,
    ) -> Answer:
        """Call a webhook, then its fallback; with a *fault*, as if the webhook had failed so.

        *finds_fault* returns the code for what is wrong with an answer. Where no webhook is set up, nobody is called
        and nothing is wrong.
        """
        if not door.url:
            return Answer()
        answer = Answer()
        if not fault:
            answer = self.ask(door.url, fields, method)
            fault = finds_fault(answer)
        if not fault:
            return answer
        url = door.url.partition("#")[0]
        self.alerts.append(Alert(fault, url))
        if not door.fallback:
            return Answer(failure="none")
        failed = {"ErrorCode": str(fault), "ErrorUrl": url}
        answer = self.ask(door.fallback, {**fields, **failed})
        if fault := finds_fault(answer):
            self.alerts.append(Alert(fault, door.fallback.partition("#")[0]))
            return Answer(failure="none")
        return answer

    def tell(self, url: str, fields: Mapping[str, str]) -> None:
        """Call a status callback; what it answers does not matter."""
        answer = self.ask(url, fields)
        if answer.failure:
            self.alerts.append(Alert(answer.fault, url.partition("#")[0]))

    def fetch(self, url: str) -> bytes | None:
        """Return the sound at *url*, or None where there is none."""
        headers = {"X-Twilio-Signature": signature(self._token, url, {}), "Connection": "close"}
        try:
            reply = self._pool.request("GET", url, headers=headers, timeout=15)
        except (urllib3.exceptions.HTTPError, OSError):
            reply = None
        if reply is None or reply.status != 200:
            self.alerts.append(Alert(RETRIEVAL, url))
            return None
        return reply.data

    def ask(self, url: str, fields: Mapping[str, str], method: str = "POST") -> Answer:
        """Ask a webhook, as often as its address wants."""
        url, _, fragment = url.partition("#")
        asked = Overrides.of(fragment)
        tries = 1 + asked.retries if self._weather.tries is None else self._weather.tries
        token = new_sid("")
        answer = Answer(failure="ct")
        for attempt in range(tries):
            time.sleep(self._weather.pace * attempt)
            answer = self._send(method, url, fields, asked, token)
            if not answer.failure or not asked.on & {answer.failure, "all"}:
                break
        return answer

    def _send(
        self, method: str, url: str, fields: Mapping[str, str], asked: Overrides, token: str
    ) -> Answer:
        """Send *fields*, signed. A redirect is followed by a GET without them, as the real one does."""
        if method == "GET" and fields:
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(fields, errors='surrogatepass')}"
            fields = {}
        headers = {
            "X-Twilio-Signature": signature(self._token, url, fields),
            "I-Twilio-Idempotency-Token": token,
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "Connection": "close",
        }
        timeout = urllib3.Timeout(connect=asked.connect, read=asked.read)
        body = urlencode(fields, errors="surrogatepass")
        try:
            reply = self._pool.request(
                method, url, body=body, headers=headers, timeout=timeout, redirect=False
            )
            if reply.status in _REDIRECTS and reply.get_redirect_location():
                place = urljoin(url, str(reply.get_redirect_location()))
                headers["X-Twilio-Signature"] = signature(self._token, place, {})
                reply = self._pool.request("GET", place, headers=headers, timeout=timeout)
        except urllib3.exceptions.ReadTimeoutError:
            return Answer(failure="rt")
        except (urllib3.exceptions.HTTPError, OSError):
            return Answer(failure="ct")
        return _read(reply)


def _read(reply: urllib3.BaseHTTPResponse) -> Answer:
    if reply.status >= 300:
        return Answer(failure="5xx" if reply.status >= 500 else "4xx")
    kind = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Answer(reply.data.decode("utf-8", "replace"), kind)


def signature(token: str, url: str, fields: Mapping[str, str]) -> str:
    """Sign *fields* for *url* as the provider does: HMAC-SHA1 over the address and the sorted fields."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    mac = hmac.digest(token.encode(), signed.encode("utf-8", "surrogatepass"), hashlib.sha1)
    return base64.b64encode(mac).decode()


def _number(written: str | None, default: int) -> int:
    return int(written) if written and written.isdecimal() else default
