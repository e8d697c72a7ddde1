"""The loopback provider by itself, and a hotline of three lines that only notes what it is told."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import requests
from flask import Flask, Response, redirect, request

from hotline.config import TwilioSettings
from hotline.demo.loopback import loopback, serving
from hotline.demo.network import Network, signature

ACCOUNT = "AC" + "a1" * 16
SERVICE = "MG" + "b2" * 16
TOKEN = "a-token-of-the-test"
LINE, VOICE, WHATSAPP = "+15005550006", "+15005550007", "whatsapp:+15005550010"
MARIA = "+15005550142"
TWIML = "<Response><Message>{}</Message></Response>"


@dataclass
class Heard:
    """One webhook as it came."""

    path: str
    form: dict[str, str]
    signed: bool
    token: str


@dataclass
class Line:
    """What answers webhooks. *answers* are statuses and bodies to come; then it is polite."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    answers: list[tuple[int, str, str]] = field(default_factory=list)
    delay: float = 0.0
    redirects: bool = False
    guard: threading.Lock = field(default_factory=threading.Lock)

    def app(self) -> Flask:
        app = Flask("line", static_folder=None)
        app.add_url_rule("/<path:path>", view_func=self.hears, methods=["GET", "POST"])
        return app

    def hears(self, path: str) -> Response:
        form = request.form.to_dict()
        signed = signature(TOKEN, self.url + request.path, form)
        with self.guard:
            is_signed = request.headers.get("X-Twilio-Signature") == signed
            token = request.headers.get("I-Twilio-Idempotency-Token", "")
            self.heard.append(Heard(request.path, form, is_signed, token))
            queued = self.answers.pop(0) if self.answers else None
        if path == "twilio/sms":
            time.sleep(self.delay)
            if self.redirects:
                return redirect("/elsewhere")
        if "MessageStatus" in form:
            return Response(status=204)
        status, body, kind = queued or (200, TWIML.format("Thank you."), "text/xml")
        return Response(body, status, mimetype=kind)

    def forms(self, path: str = "/twilio/sms") -> list[dict[str, str]]:
        return [heard.form for heard in self.heard if heard.path == path]

    def told(self) -> list[str]:
        return [h.form["MessageStatus"] for h in self.heard if "MessageStatus" in h.form]


@dataclass
class Station:
    """Everything of one test."""

    network: Network
    line: Line
    url: str

    def asks(self, method: str, place: str, *, auth=(ACCOUNT, TOKEN), timeout=5, **options):
        url = f"{self.url}/demo/twilio/2010-04-01/Accounts/{ACCOUNT}/{place}"
        with requests.Session() as session:
            session.trust_env = False
            return session.request(method, url, auth=auth, timeout=timeout, **options)

    def sends(self, to: str = MARIA, body: str = "Hello", **form: str):
        form = {"To": to, "Body": body, "From": LINE, **form}
        form = {name: value for name, value in form.items() if value}
        return self.asks("POST", "Messages.json", data=form)

    def callback(self) -> str:
        return f"{self.line.url}/told"

    def sees(self, phone: str = MARIA, line: str = LINE) -> list[str]:
        return [b.text for b in self.network.bubbles(phone, line) if not b.is_mine]


def settings(**changed) -> TwilioSettings:
    return TwilioSettings(
        ACCOUNT,
        TOKEN,
        sms_number=LINE,
        voice_number=VOICE,
        whatsapp_number=WHATSAPP.removeprefix("whatsapp:"),
        **changed,
    )


@contextmanager
def opened(**changed) -> Iterator[Station]:
    line = Line()
    with serving(line.app(), 0) as line.url:
        app, network = loopback(settings(**changed), line.url)
        network.weather.pace = 0
        with serving(app, 0) as url:
            yield Station(network, line, url)
            network.settle()
