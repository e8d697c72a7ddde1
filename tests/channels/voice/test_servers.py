"""Calls through real servers: what a server does to an address, a length or a body costs no key and breaks no call."""

from xml.etree import ElementTree

import pytest

from hotline.channels.twilio.signature import LARGEST_BODY
from hotline.channels.twilio.twiml_rules import faults
from tests.cast import MARIA, new_sid
from tests.channels.twilio.serving import EITHER, ORIGIN, served
from tests.house import ACCOUNT, SMS_LINE

pytestmark = pytest.mark.xdist_group("web servers")

DOOR = "/twilio/voice"


@pytest.fixture(scope="module", params=EITHER)
def server(request, tmp_path_factory):
    with served(request.param, tmp_path_factory.mktemp("served")) as one:
        yield one


def call(**changes):
    fields = {
        "AccountSid": ACCOUNT,
        "CallSid": new_sid("CA"),
        "CallStatus": "in-progress",
        "Direction": "inbound",
        "From": MARIA,
        "To": SMS_LINE,
    }
    return {**fields, **changes}


def document(answer):
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert not {"set-cookie", "location"} & set(answer.headers)
    assert faults(answer.body) == []
    return ElementTree.fromstring(answer.body)


def step_of(root):
    return root.find("Gather").get("action").partition("#")[0].removeprefix(ORIGIN)


def test_a_call_is_led_from_step_to_step(server):
    fields = call()
    root = document(server.posts(fields, target=DOOR))
    for keys in ("1", "#", "", "*"):
        answered = server.posts({**fields, "Digits": keys, "Nuevo": "ñ \r\n"}, target=step_of(root))
        again = server.posts({**fields, "Digits": keys}, target=step_of(root))
        assert answered.body == again.body
        root = document(answered)


@pytest.mark.parametrize(
    "heard", ["", " ayuda \r\n", "مساعدة 🙂", "a=b&c=d", "+ %20 %C3%B1", "\x00", "x" * 5000]
)
def test_whatever_was_heard_the_call_goes_on(server, heard):
    fields = call()
    step = step_of(document(server.posts(fields, target=DOOR)))
    document(server.posts({**fields, "SpeechResult": heard}, target=step))


def test_our_own_questions_in_addresses_pass_byte_for_byte(server):
    fields = call()
    step = step_of(document(server.posts(fields, target=DOOR)))
    for query in ("?nothing=1", "?again=1", "?ref=" + "a" * 32, "?again=%31"):
        document(server.posts(fields, target=step + query))


@pytest.mark.parametrize("target", [DOOR, f"{DOOR}/{'a' * 32}", f"{DOOR}/wait/{'a' * 32}"])
def test_a_stranger_gets_nothing(server, target):
    for answer in (
        server.posts(call(), target=target, headers={"X-Twilio-Signature": "x"}),
        server.posts(call(), target=target, address="/twilio/sms"),
        server.sends(target=target, method="GET"),
    ):
        assert answer.status in (403, 405, 415)
        assert "location" not in answer.headers
        assert b"Response" not in answer.body


@pytest.mark.parametrize("chunks", [0, 1000])
def test_what_is_too_large_is_refused(server, chunks):
    fields = call(SpeechResult="x" * LARGEST_BODY)
    answer = server.posts(fields, target=DOOR, chunks=chunks)
    assert answer.status in (403, 413)
    assert b"Response" not in answer.body


def test_a_call_ends_and_is_told_once_more(server):
    fields = call()
    document(server.posts(fields, target=DOOR))
    over = {**fields, "CallStatus": "completed"}
    for _ in range(2):
        assert server.posts(over, target=f"{DOOR}/status").status == 204


def test_nothing_of_a_call_stands_in_the_log(server):
    fields = call(SpeechResult="una palabra secreta")
    document(server.posts(fields, target=DOOR))
    for secret in (MARIA, fields["CallSid"], "palabra"):
        assert secret not in server.log
