"""Sign as the provider does, over an origin of ours, and an application that has only the sms room."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import urlencode

from flask import Flask
from twilio.request_validator import RequestValidator

from hotline.channels.sms import sms
from hotline.config import Config, TwilioSettings
from hotline.domain.report import IncomingMessage, Receipt

ORIGIN = "https://line.example"
ACCOUNT = "AC" + "0" * 32
TOKEN = "the primary token"
SECOND = "the secondary token"
LINE = "+15005550006"
MARIA = "+15005550142"
FORM = "application/x-www-form-urlencoded"


@dataclass
class FakeReception:
    """Keeps what it is given; *fails* is raised instead."""

    answer: str = "Got it."
    kept: list[IncomingMessage] = field(default_factory=list)
    fails: Exception | None = None

    def receive(self, message, *, at):
        if self.fails:
            raise self.fails
        self.kept.append(message)
        return Receipt("", self.answer if message.wants_answer else "")


def sms_fields(**changes):
    """The fields of a text, as the provider posts them; a field that is None is left out."""
    fields = {
        "ToCountry": "US",
        "ToState": "",
        "SmsMessageSid": "SM" + "1" * 32,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "94105",
        "SmsSid": "SM" + "1" * 32,
        "FromState": "CA",
        "SmsStatus": "received",
        "FromCity": "SAN FRANCISCO",
        "Body": "hola, me pueden ayudar",
        "FromCountry": "US",
        "To": LINE,
        "ToZip": "",
        "NumSegments": "1",
        "MessageSid": "SM" + "1" * 32,
        "AccountSid": ACCOUNT,
        "From": MARIA,
        "ApiVersion": "2010-04-01",
    }
    fields.update(changes)
    return {name: value for name, value in fields.items() if value is not None}


def signature(path, fields, *, token=TOKEN, origin=ORIGIN, algorithm=None):
    return RequestValidator(token).compute_signature(origin + path, fields, algorithm)


class Repeated(dict):
    """Fields of which some come several times; the library signs each distinct value, in order."""

    def __init__(self, pairs):
        super().__init__(pairs)
        self._pairs = pairs

    def getall(self, name):
        return [value for its, value in self._pairs if its == name]


def post(client, path, fields, *, signed=None, headers=(), **options):
    """Post *fields* with a right signature, or with *signed* instead."""
    signed = signature(path, fields) if signed is None else signed
    return client.post(
        path,
        data=urlencode(fields),
        content_type=FORM,
        headers={"X-Twilio-Signature": signed, **dict(headers)},
        **options,
    )


def body_hash(body):
    return hashlib.sha256(body.encode()).hexdigest()


def application(*, reception=None, store=None, twilio=True, origin=ORIGIN, whatsapp=LINE):
    settings = (
        TwilioSettings(ACCOUNT, TOKEN, SECOND, sms_number=LINE, whatsapp_number=whatsapp)
        if twilio
        else None
    )
    config = Config(origin, "sqlite:///:memory:", keys=None, twilio=settings, lines={LINE: "en"})
    app = Flask("test")
    app.extensions["hotline"] = SimpleNamespace(
        config=config,
        reception=reception or FakeReception(),
        store=store,
        clock=lambda: datetime(2026, 11, 25, 12, 0, tzinfo=UTC),
        languages=None,
    )
    app.register_blueprint(sms)
    return app
