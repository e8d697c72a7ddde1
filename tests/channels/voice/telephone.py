"""Calls as the provider places them, to an application that has only the rooms of a call and fakes around it."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from xml.etree import ElementTree

from flask import Flask

from hotline.channels import voice
from hotline.channels.sms import sms
from hotline.channels.twilio.twiml_rules import faults
from hotline.config import Config, TwilioSettings
from hotline.dialogue.calls.document import Document, Line, Then, Wait
from hotline.errors import HotlineError
from hotline.factory import answer_to_error
from tests.channels.twilio.signing import ACCOUNT, LINE, MARIA, ORIGIN, SECOND, TOKEN, post
from tests.channels.voice.sounding import FakePrompts

CALL = "CA" + "1" * 32
RECORDING = "RE" + "2" * 32
STEP = "5" * 32
QUEUE = "9" * 32
DOOR = "/twilio/voice"
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


QUESTION = Document(STEP, "es", (Line("es", "ask_safe"),), Then(Wait.KEYS))


@dataclass
class FakeCalls:
    """Answers every step with *document* and remembers what was heard; *fails* is raised as often as it says."""

    document: Document = QUESTION
    heard: list = field(default_factory=list)
    over: list = field(default_factory=list)
    fails: list = field(default_factory=list)
    spot: object = None
    backs: list = field(default_factory=list)
    machines: list = field(default_factory=list)

    def answer(self, call, heard, *, at):
        if self.fails:
            raise self.fails.pop(0)
        self.heard.append((call, heard))
        return self.document

    def ended(self, call_id, *, at):
        if self.fails:
            raise self.fails.pop(0)
        self.over.append(call_id)

    def spot_of(self, call_id):
        return self.spot

    def call_back(self, call, ref, *, at):
        if self.fails:
            raise self.fails.pop(0)
        self.backs.append((call, ref))
        return self.document

    def machine_took(self, ref, *, at):
        self.machines.append(ref)
        if self.fails:
            raise self.fails.pop(0)

    @property
    def last(self):
        return self.heard[-1][1]

    @property
    def call(self):
        return self.heard[-1][0]


def application(*, calls=None, prompts=None, store=None, lines=None):
    config = Config(
        ORIGIN,
        "sqlite:///:memory:",
        keys=None,
        twilio=TwilioSettings(ACCOUNT, TOKEN, SECOND, sms_number=LINE),
        lines={LINE: "es"} if lines is None else lines,
    )
    app = Flask("test")
    app.extensions["hotline"] = SimpleNamespace(
        config=config,
        calls=calls or FakeCalls(),
        prompts=prompts or FakePrompts(),
        store=store,
        relay_public=None,
        clock=lambda: NOW,
    )
    for blueprint in (sms, *voice.blueprints):
        app.register_blueprint(blueprint)
    app.register_error_handler(HotlineError, answer_to_error)
    return app


def call_fields(**changes):
    """The fields of a call that came in, as the provider posts them; a field that is None is left out."""
    fields = {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallSid": CALL,
        "CallStatus": "in-progress",
        "Called": LINE,
        "Caller": MARIA,
        "CallerCity": "SAN FRANCISCO",
        "Direction": "inbound",
        "From": MARIA,
        "To": LINE,
    }
    fields.update(changes)
    return {name: value for name, value in fields.items() if value is not None}


def recording_fields(**changes):
    place = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RECORDING}"
    told = {"RecordingSid": RECORDING, "RecordingUrl": place, "RecordingDuration": "12"}
    return call_fields(**told | {"Digits": "#"} | changes)


def asked(client, path, fields=None):
    """The root of the document that answers, having checked it as the provider does."""
    response = post(client, path, fields or call_fields())
    assert response.status_code == 200
    assert response.content_type == "text/xml; charset=utf-8"
    assert "Location" not in response.headers
    assert "Set-Cookie" not in response.headers
    assert faults(response.data) == []
    return ElementTree.fromstring(response.data)


def verbs(root):
    return [child.tag for child in root]


def words(root):
    return [say.text for say in root.iter("Say")]


_numbers = itertools.count()


def new_call():
    return f"CA{next(_numbers):032x}"
