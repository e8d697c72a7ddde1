"""Noor's phone rings: she hears what for, presses a key, and talks. Nothing else ever hears it."""

from xml.etree import ElementTree

import pytest

from hotline.channels.twilio.twiml_rules import faults
from hotline.domain.urgency import Urgency
from hotline.errors import Unavailable
from hotline.reports.tables import reports
from tests.cast import signed
from tests.contact.conftest import desk_in
from tests.contact.rings import PHONES, Rings
from tests.house import ACCOUNT, SMS_LINE, House

PERSON = "/twilio/voice/person/"


class Phones(Rings):
    """The provider's side of the phones at the desk."""

    def asked(self, path: str, **fields: str):
        """Return the document for a step of a call to somebody on call, checked as the provider does."""
        response = self.posts(path, **fields)
        assert response.status_code == 200
        assert faults(response.data) == []
        return ElementTree.fromstring(response.data)

    def posts(self, path: str, **fields: str):
        form = {
            "AccountSid": ACCOUNT,
            "CallSid": "CA" + "7" * 32,
            "CallStatus": "in-progress",
            "Direction": "outbound-api",
            "From": SMS_LINE,
            "To": PHONES["noor"],
            **fields,
        }
        client = self.desk.house.app.test_client()
        return client.post(path, data=form, headers=signed(path, form))

    def picks_up(self, leg: str, answered_by: str = "human"):
        return self.asked(PERSON + leg, AnsweredBy=answered_by)

    def presses(self, leg: str, keys: str):
        return self.asked(f"{PERSON}{leg}/pressed", Digits=keys)


def words(root) -> str:
    return " ".join(say.text for say in root.iter("Say"))


def verbs(root) -> list[str]:
    return [child.tag for child in root]


@pytest.fixture
def phones(house: House) -> Phones:
    rings = Phones(desk_in(house))
    rings.on_call("noor")
    return rings


def test_she_hears_what_for_and_takes_the_call(phones: Phones):
    ref = phones.asks(urgency=Urgency.IMMEDIATE, locale="es")
    phones.works()
    root = phones.picks_up(phones.leg())
    assert verbs(root) == ["Gather"]
    assert words(root) == (
        "Somebody is waiting, and cannot wait long. Their language: Spanish. "
        "To take the call, press 1. If you cannot, press 2."
    )
    gather = root.find("Gather")
    assert gather.get("action").startswith(f"https://line.example{PERSON}{phones.leg()}/pressed")
    assert gather.get("timeout") == "20"
    root = phones.presses(phones.leg(), "1")
    assert verbs(root) == ["Dial", "Hangup"]
    dial = root.find("Dial")
    assert dial.find("Queue").text == ref
    assert (dial.get("answerOnBridge"), dial.get("timeLimit")) == ("true", "7200")
    # No number stands anywhere, and nothing of the talk is recorded.
    assert dial.get("callerId") is dial.get("record") is None
    assert phones.state(ref) == "taken"
    # Whoever talks holds the report.
    (row,) = phones.desk.rows(reports.select())
    assert row.claimed_by == phones.desk.noor.staff_id


@pytest.mark.parametrize(
    ("locale", "sentence", "language"),
    [
        ("es", "Para atender la llamada, pulse 1.", "árabe"),
        ("fr", "Pour prendre l’appel, appuyez sur 1.", "arabe"),
        ("ar", "لتلقي المكالمة اضغط 1.", "العربية"),
        ("ru", "Чтобы принять звонок, нажмите 1.", "арабский"),
    ],
)
def test_she_is_told_in_the_language_of_her_desk(house, locale, sentence, language):
    phones = Phones(desk_in(house))
    phones.on_call("noor", locale=locale)
    phones.asks(locale="ar")
    phones.works()
    said = words(phones.picks_up(phones.leg()))
    assert sentence in said
    assert language in said


@pytest.mark.parametrize("urgency", list(Urgency))
def test_each_urgency_is_said(phones: Phones, urgency):
    phones.asks(urgency=urgency)
    phones.works()
    assert words(phones.picks_up(phones.leg())).startswith("Somebody is waiting")


@pytest.mark.parametrize("word", ["machine_start", "machine_end_other", "fax"])
def test_her_voicemail_hears_nothing(phones: Phones, word):
    ref = phones.asks()
    phones.works()
    assert verbs(phones.picks_up(phones.leg(), word)) == ["Hangup"]
    assert phones.state(ref) == "waiting"


def test_what_may_be_a_machine_hears_of_nobody(phones: Phones):
    phones.asks(urgency=Urgency.IMMEDIATE)
    phones.works()
    said = words(phones.picks_up(phones.leg(), "unknown"))
    assert said == "To take the call, press 1. If you cannot, press 2."


def test_two_means_no_and_so_does_silence(phones: Phones):
    for keys in ("2", ""):
        ref = phones.asks()
        phones.works()
        phones.picks_up(phones.leg())
        root = phones.presses(phones.leg(), keys)
        assert words(root) == "Thank you. Somebody else is asked."
        assert verbs(root)[-1] == "Hangup"
        phones.clock.passes(seconds=5)
        phones.works()
        assert phones.state(ref) == "over"


def test_another_key_asks_once_more(phones: Phones):
    ref = phones.asks()
    phones.works()
    phones.picks_up(phones.leg())
    assert "press 1" in words(phones.presses(phones.leg(), "7"))
    assert phones.state(ref) == "waiting"


def test_a_colleague_who_is_later_is_told_so(phones: Phones):
    phones.on_call("omar")
    phones.asks()
    phones.works()
    first, second = phones.leg(0), phones.leg(1)
    phones.picks_up(first)
    phones.picks_up(second)
    phones.presses(first, "1")
    root = phones.presses(second, "1")
    assert words(root) == "A colleague took this call already. Thank you."
    assert verbs(root)[-1] == "Hangup"


def test_when_the_caller_left_she_is_told_so(phones: Phones):
    ref = phones.asks()
    phones.works()
    phones.hangs_up(ref)
    for root in (phones.picks_up(phones.leg()), phones.presses(phones.leg(), "1")):
        assert words(root) == "Nobody is waiting any more. Thank you."
        assert verbs(root)[-1] == "Hangup"


def test_the_provider_tells_when_nobody_picked_up(phones: Phones):
    ref = phones.asks()
    phones.works()
    for _ in range(2):
        told = phones.posts(f"{PERSON}{phones.leg()}/status", CallStatus="no-answer")
        assert told.status_code == 204
        phones.clock.passes(seconds=5)
        phones.works()
    assert len(phones.calls) == 2
    assert phones.state(ref) == "over"


def test_the_end_of_her_talk_ends_the_ring(phones: Phones):
    ref = phones.asks()
    phones.works()
    phones.presses(phones.leg(), "1")
    phones.posts(f"{PERSON}{phones.leg()}/status", CallStatus="completed")
    assert phones.state(ref) == "over"


def test_a_call_of_nobody_ends_in_silence(phones: Phones):
    nobody = "0" * 32
    assert verbs(phones.picks_up(nobody)) == ["Hangup"]
    assert verbs(phones.presses(nobody, "1"))[-1] == "Hangup"
    for path in (f"{PERSON}{nobody}", "/twilio/voice/back/" + nobody):
        assert phones.posts(f"{path}/status", CallStatus="completed").status_code == 204


def test_a_fault_of_ours_ends_her_call_and_is_told_again(phones: Phones, monkeypatch):
    phones.asks()
    phones.works()

    def broken(_work):
        raise Unavailable

    # A disk that is full fails only here, not where the test looks.
    monkeypatch.setattr(phones.desk.store, "write", broken)
    assert verbs(phones.picks_up(phones.leg())) == ["Hangup"]
    assert phones.posts(f"{PERSON}{phones.leg()}/status", CallStatus="busy").status_code == 503


def test_what_cannot_be_answered_falls_silent(phones: Phones):
    assert verbs(phones.asked("/twilio/voice/silence")) == ["Hangup"]


def test_nobody_but_the_provider_is_answered(phones: Phones):
    phones.asks()
    phones.works()
    client = phones.desk.house.app.test_client()
    for path in (PERSON + phones.leg(), f"{PERSON}{phones.leg()}/pressed", "/twilio/voice/silence"):
        assert client.post(path, data={"AccountSid": ACCOUNT, "Digits": "1"}).status_code == 403
