"""The provider's webhooks: what they say, how often they come, and what happens when nobody answers."""

import base64

import pytest
import requests

from hotline.demo.terms import Door
from hotline.demo.webhooks import Overrides
from tests.demo.station import ACCOUNT, LINE, MARIA, SERVICE, TOKEN, WHATSAPP, opened
from tests.servers import free_port


def texts(station, body="hola", sender=MARIA, line=LINE, **options):
    return station.network.text_us(sender=sender, line=line, body=body, **options)


def paths(station):
    return [heard.path for heard in station.line.heard]


def alerts(station):
    return [alert.code for alert in station.network.webhooks.alerts]


def leads_to(station, fragment="", fallback=""):
    there = f"{station.line.url}/twilio/sms{fragment}"
    station.network.doors[LINE] = Door(there, fallback)


def test_an_sms_says_what_the_real_one_says(station):
    sid = texts(station, "ñ 🙂\r\n &=+", media=1)
    (heard,) = station.line.heard
    assert heard.signed
    assert heard.token
    assert heard.form["Body"] == "ñ 🙂\r\n &=+"
    assert heard.form["MessageSid"] == heard.form["SmsSid"] == heard.form["SmsMessageSid"] == sid
    assert heard.form["AccountSid"] == ACCOUNT
    assert (heard.form["From"], heard.form["To"]) == (MARIA, LINE)
    assert {"FromCity", "FromState", "FromZip", "FromCountry", "ToCountry"} <= set(heard.form)
    assert (heard.form["NumMedia"], heard.form["NumSegments"]) == ("1", "1")
    assert "MessagingServiceSid" not in heard.form


@pytest.mark.parametrize(
    ("body", "parts"), [("", "1"), ("x" * 161, "2"), ("ó" * 71, "2"), ("€" * 80, "1"), ("🙂", "1")]
)
def test_it_counts_parts(station, body, parts):
    texts(station, body)
    assert station.line.forms()[0]["NumSegments"] == parts


def test_whatsapp_names_its_sender_and_says_nothing_of_places(station):
    texts(station, sender=f"whatsapp:{MARIA}", line=WHATSAPP)
    (form,) = station.line.forms()
    assert form["WaId"] == MARIA.removeprefix("+")
    assert form["ProfileName"]
    assert "FromZip" not in form


def test_someone_on_whatsapp_may_have_no_number(station):
    texts(station, sender="whatsapp:US.1234abc", line=WHATSAPP)
    (form,) = station.line.forms()
    assert (form["From"], form["ExternalUserId"]) == ("whatsapp:US.1234abc", "US.1234abc")
    assert "WaId" not in form
    sent = station.sends("whatsapp:US.1234abc", From=WHATSAPP)
    assert sent.status_code == 201
    station.network.settle()
    assert station.sees("whatsapp:US.1234abc", WHATSAPP)[-1] == "Hello"


def test_what_failed_once_comes_again_under_the_same_token(station):
    station.line.answers = [(500, "", "text/plain"), (503, "", "text/plain")]
    texts(station)
    assert paths(station) == ["/twilio/sms"] * 3
    assert len({heard.token for heard in station.line.heard}) == 1
    assert station.sees() == ["Thank you."]
    texts(station)
    assert station.line.heard[-1].token != station.line.heard[0].token


def test_what_keeps_failing_goes_to_the_fallback_and_says_why(station):
    station.line.answers = [(500, "", "text/plain")] * 4
    texts(station)
    assert paths(station) == ["/twilio/sms"] * 4 + ["/twilio/fallback"]
    form = station.line.heard[-1].form
    assert form["ErrorCode"] == "11200"
    assert form["ErrorUrl"] == f"{station.line.url}/twilio/sms"
    assert station.line.heard[-1].signed
    assert station.sees() == ["Thank you."]
    assert alerts(station) == [11200]


def test_without_a_fallback_it_is_noted_and_nothing_more(station):
    leads_to(station)
    station.line.answers = [(500, "", "text/plain")]
    texts(station)
    assert paths(station) == ["/twilio/sms"]
    assert alerts(station) == [11200]


@pytest.mark.parametrize(
    ("fragment", "status", "tries"),
    [
        ("", 500, 1),
        ("#rc=2", 500, 1),
        ("#rc=2&rp=5xx", 500, 3),
        ("#rc=2&rp=5xx,ct,rt", 404, 1),
        ("#rc=2&rp=4xx", 404, 3),
        ("#rc=1&rp=all", 404, 2),
        ("#rc=0&rp=all", 500, 1),
        ("#rc=9&rp=all", 500, 6),
        ("#rc=x&rp=all", 500, 2),
    ],
)
def test_the_address_says_how_often_it_is_tried(station, fragment, status, tries):
    leads_to(station, fragment)
    station.line.answers = [(status, "", "text/plain")] * 10
    texts(station)
    assert len(station.line.heard) == tries
    assert all(heard.signed for heard in station.line.heard)


def test_the_weather_may_say_so_instead(station):
    station.network.weather.tries = 2
    station.line.answers = [(500, "", "text/plain")] * 10
    texts(station)
    assert paths(station) == ["/twilio/sms"] * 2 + ["/twilio/fallback"] * 2


def number_of(station):
    numbers = station.asks("GET", "IncomingPhoneNumbers.json").json()["incoming_phone_numbers"]
    (sid,) = [one["sid"] for one in numbers if one["phone_number"] == LINE]
    return f"IncomingPhoneNumbers/{sid}.json"


def test_whoever_changes_the_number_changes_where_its_texts_go(station):
    there = {"SmsUrl": f"{station.line.url}/there", "SmsFallbackUrl": ""}
    station.asks("POST", number_of(station), data=there)
    texts(station)
    assert paths(station) == ["/there"]
    station.line.answers = [(404, "", "text/plain")]
    texts(station)
    assert paths(station) == ["/there"] * 2


def test_a_number_without_a_webhook_only_keeps_its_texts(station):
    station.asks("POST", number_of(station), data={"SmsUrl": ""})
    sid = texts(station)
    assert not paths(station)
    assert not alerts(station)
    assert station.network.find(sid)


def test_a_service_goes_before_its_numbers():
    with opened(messaging_service_sid=SERVICE) as station:
        station.asks("POST", number_of(station), data={"SmsUrl": f"{station.line.url}/number"})
        texts(station)
        assert paths(station) == ["/twilio/sms"]
        service = f"{station.url}/demo/twilio/messaging.twilio.com/v1/Services/{SERVICE}"
        left = {"UseInboundWebhookOnNumber": "true"}
        assert requests.post(service, data=left, auth=(ACCOUNT, TOKEN), timeout=5).ok
        texts(station)
        assert paths(station) == ["/twilio/sms", "/number"]


def test_a_closed_door_is_another_error_than_a_broken_room(station):
    closed = f"http://127.0.0.1:{free_port()}/twilio/sms#rc=0"
    station.network.doors[LINE] = Door(closed, f"{station.line.url}/twilio/fallback")
    texts(station)
    (heard,) = station.line.heard
    assert heard.form["ErrorCode"] == "11205"
    assert alerts(station) == [11205]


def test_who_answers_too_late_is_not_heard(station):
    leads_to(station, "#rt=200&rc=0", f"{station.line.url}/twilio/fallback")
    station.line.delay = 0.6
    texts(station)
    assert station.line.forms("/twilio/fallback")[0]["ErrorCode"] == "11200"


def test_the_fragment_is_read_with_its_limits():
    assert Overrides.of("") == Overrides(1, frozenset({"ct"}), 5.0, 15.0)
    assert Overrides.of("rt=2000&tt=1000&ct=100").read == 1.0
    assert Overrides.of("ct=100").connect == 0.1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((200, "<Response>", "text/xml"), 12100),
        ((200, "<Response/>", "application/json"), 12300),
        ((200, f"<Response><Message>{'x' * 70000}</Message></Response>", "text/xml"), 11750),
    ],
)
def test_an_answer_that_is_no_twiml_is_an_error(station, answer, code):
    station.line.answers = [answer]
    texts(station)
    assert station.line.heard[-1].form["ErrorCode"] == str(code)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, "", "text/html"), []),
        ((204, "", "text/plain"), []),
        ((200, "<Response/>", "application/xml"), []),
        ((200, "Plain words", "text/plain"), ["Plain words"]),
        (
            (200, "<Response><Message>a</Message><Message>b</Message></Response>", "text/xml"),
            ["a", "b"],
        ),
    ],
)
def test_what_an_answer_says_is_texted_back(station, answer, said):
    station.line.answers = [answer]
    texts(station)
    assert station.sees() == said
    assert not alerts(station)


def test_a_redirect_is_followed_without_the_form(station):
    station.line.redirects = True
    texts(station)
    assert paths(station) == ["/twilio/sms", "/elsewhere"]
    assert station.line.heard[1].form == {}
    assert station.line.heard[1].signed


def test_a_lost_webhook_leaves_the_text_on_the_list(station):
    station.network.weather.expects("webhooks", "lost")
    sid = texts(station)
    assert not station.line.heard
    assert station.network.find(sid).body == "hola"


def test_one_that_comes_twice_is_answered_once(station):
    station.network.weather.webhooks.append("twice")
    texts(station)
    assert len(station.line.heard) == 2
    assert station.sees() == ["Thank you."]


def test_one_that_comes_twice_at_once_is_answered_once(station):
    station.network.weather.webhooks.append("at once")
    texts(station)
    station.network.settle()
    assert len(station.line.heard) == 2
    assert station.sees() == ["Thank you."]


def test_a_late_one_comes_later(station):
    station.network.weather.lateness = 0.2
    station.network.weather.webhooks.append("late")
    texts(station, "first")
    texts(station, "second")
    station.network.settle()
    assert [form["Body"] for form in station.line.forms()] == ["second", "first"]
    assert len(station.sees()) == 2


def test_swapped_ones_come_in_the_other_order(station):
    station.network.weather.webhooks.append("swapped")
    texts(station, "first")
    texts(station, "second")
    assert [form["Body"] for form in station.line.forms()] == ["second", "first"]


def test_a_swapped_one_with_nothing_after_it_comes_in_the_end(station):
    station.network.weather.webhooks.append("swapped")
    texts(station)
    assert not station.line.heard
    station.network.settle()
    assert len(station.line.heard) == 1


@pytest.mark.parametrize(("word", "code"), [("fails", "11200"), ("unreachable", "11205")])
def test_one_may_come_by_the_fallback_alone(station, word, code):
    station.network.weather.webhooks.append(word)
    texts(station)
    assert paths(station) == ["/twilio/fallback"]
    assert station.line.heard[0].form["ErrorCode"] == code


def test_a_joined_text_may_come_as_base64(station):
    words = "Una frase bastante larga, con más de ciento sesenta letras. " * 3
    station.network.weather.webhooks.append("base64")
    sid = texts(station, words)
    assert base64.b64decode(station.line.forms()[0]["Body"]).decode() == words
    assert station.network.find(sid).body == words


def test_the_same_webhook_can_be_asked_for_again(station):
    sid = texts(station)
    assert "Thank you." in station.network.again(sid)
    assert station.line.forms()[0] == station.line.forms()[1]
