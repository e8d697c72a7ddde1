"""The provider is spoken to over real HTTP, through its own client; what goes wrong becomes a fixed sentence."""

import logging
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hotline.channels.twilio import TwilioCarrier, carrier_for
from hotline.channels.twilio.wire import Wire
from hotline.config import TwilioSettings
from hotline.contact.carrier import CarrierBusy, CarrierRefused, CarrierUnsure, ReporterOptedOut
from hotline.domain.report import Channel
from tests.demo.conftest import LINE, MARIA, live
from tests.servers import free_port

__all__ = ["live"]

HOUR = timedelta(hours=1)
WORDS = "palabras que nadie debe leer"


def send(live, *, to=MARIA, body=WORDS, line=LINE, channel=Channel.SMS, ref="0" * 32):
    return live.carrier.send(channel=channel, to=to, body=body, line=line, ref=ref, valid_for=HOUR)


def find(live, body=WORDS, since=None):
    since = since or datetime.now(UTC) - timedelta(minutes=1)
    return live.carrier.find_sent(channel=Channel.SMS, to=MARIA, body=body, since=since)


def test_a_text_reaches_the_phone(live):
    sid = send(live)
    live.network.settle()
    assert live.network.find(sid).status == "delivered"
    (bubble,) = live.network.bubbles(MARIA, LINE)
    assert bubble.text == WORDS


def test_without_a_line_the_usual_one_is_used(live):
    sms, whatsapp = send(live, line=""), send(live, line="", channel=Channel.WHATSAPP)
    assert live.network.find(sms).sender == LINE
    assert live.network.find(whatsapp).sender == "whatsapp:+15005550009"
    assert live.network.find(whatsapp).to == f"whatsapp:{MARIA}"


def test_it_is_valid_for_as_long_as_we_say_and_no_longer(live):
    assert live.network.find(send(live)).validity == 3600


def test_a_knock_on_whatsapp_is_the_approved_template(live):
    settings = replace(live.hotline.config.twilio, whatsapp_template="HX" + "0" * 32)
    carrier = TwilioCarrier(settings, public_url=live.url)

    def texts(channel, template):
        sid = carrier.send(
            channel=channel,
            to=MARIA,
            body=WORDS,
            line="",
            ref="0" * 32,
            valid_for=HOUR,
            template=template,
        )
        return live.network.find(sid).body

    assert texts(Channel.WHATSAPP, True) != WORDS
    assert texts(Channel.WHATSAPP, False) == WORDS
    assert texts(Channel.SMS, True) == WORDS


def test_what_it_cost_is_known_once_it_is_done(live):
    sid = send(live)
    live.network.settle()
    assert re.fullmatch(r"-[0-9.]+ USD", live.carrier.price_of(sid))
    # Of a text that is gone there nothing is known any more.
    assert live.carrier.price_of("SM" + "1" * 32) == ""


def test_a_text_is_found_again_by_its_words(live):
    first, second = send(live), send(live)
    send(live, body="other words")
    assert find(live) == [first, second]
    assert find(live, since=datetime.now(UTC) + timedelta(minutes=1)) == []
    assert find(live, body="never sent") == []


def test_what_is_in_doubt_is_looked_for_over_some_pages_and_not_without_end(live, monkeypatch):
    monkeypatch.setattr("hotline.channels.twilio.carrier._LONG_PAGE", 2)
    monkeypatch.setattr("hotline.channels.twilio.carrier._PAGES", 2)
    sent = [send(live) for _ in range(3)]
    assert find(live) == sent
    send(live)
    # Whether it stands behind these nobody knows: it is no leave to send it again.
    with pytest.raises(CarrierBusy):
        find(live)
    assert find(live, since=datetime.now(UTC) + timedelta(minutes=1)) == []


@pytest.mark.parametrize(
    ("mishap", "error"),
    [
        ("busy", CarrierBusy),
        ("down", CarrierUnsure),
        ("hangs", CarrierUnsure),
        ("taken and silent", CarrierUnsure),
    ],
)
def test_each_mishap_has_its_meaning(live, mishap, error):
    live.network.weather.hang = 2.5
    live.network.weather.requests.append(mishap)
    with pytest.raises(error) as failure:
        send(live)
    assert type(failure.value) is error
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__
    # Whether the provider took it is found out by looking.
    assert len(find(live)) == (mishap in ("hangs", "taken and silent"))


def test_a_wrong_number_is_refused_for_good(live):
    for to in ("HARBOR", "123"):
        with pytest.raises(CarrierRefused) as refusal:
            send(live, to=to)
        assert refusal.value.ref == "21211"
        assert to not in str(refusal.value)


def test_a_closed_line_is_told_apart(live):
    live.network.text_us(sender=MARIA, line=LINE, body="STOP")
    with pytest.raises(ReporterOptedOut) as refusal:
        send(live)
    assert MARIA not in str(refusal.value)


def test_a_wrong_token_can_be_mended(live):
    settings = TwilioSettings(
        live.hotline.config.twilio.account_sid,
        "wrong",
        api_origin=live.hotline.config.twilio.api_origin,
    )
    carrier = TwilioCarrier(settings, public_url=live.url)
    with pytest.raises(CarrierBusy):
        carrier.send(channel=Channel.SMS, to=MARIA, body="x", line=LINE, ref="", valid_for=HOUR)


def test_nobody_there_means_not_taken():
    settings = TwilioSettings(
        "AC" + "0" * 32, "token", api_origin=f"http://127.0.0.1:{free_port()}"
    )
    carrier = TwilioCarrier(settings, public_url="https://line.example")
    with pytest.raises(CarrierBusy) as failure:
        carrier.send(channel=Channel.SMS, to=MARIA, body=WORDS, line=LINE, ref="", valid_for=HOUR)
    assert type(failure.value) is CarrierBusy
    with pytest.raises(CarrierBusy):
        list(carrier.list_messages(since=datetime.now(UTC)))


def test_what_is_still_under_way_is_not_erased(live):
    live.network.weather.pace = 0.3
    sid = send(live)
    assert live.carrier.erase("message", sid) is False
    assert live.network.find(sid).body == WORDS
    live.network.settle()
    assert live.carrier.erase("message", sid) is True
    assert live.network.find(sid) is None


def test_what_is_gone_already_is_gone(live):
    for kind, sid in (("message", "SM"), ("text", "SM"), ("recording", "RE"), ("call", "CA")):
        assert live.carrier.erase(kind, sid + "1" * 32) is True


def test_of_a_text_with_pictures_only_the_words_go(live):
    sid = live.network.text_us(sender=MARIA, line=LINE, body=WORDS, media=2)
    assert live.carrier.erase("text", sid) is True
    assert live.network.find(sid).body == ""


def test_the_list_has_what_came_in_and_our_answers_to_it(live):
    sid = live.network.text_us(sender=MARIA, line=LINE, body=WORDS)
    send(live)
    live.network.settle()
    held = list(live.carrier.list_messages(since=datetime.now(UTC)))
    (incoming,) = [text.incoming for text in held if text.incoming]
    assert (incoming.provider_id, incoming.text) == (sid, WORDS)
    assert (incoming.sender, incoming.line) == (MARIA, LINE)
    # A text that staff sent is known by its id, and not in the list.
    assert len(held) == 2


def test_a_long_list_comes_in_pages(live, monkeypatch):
    # The page is made small so that a few texts fill several.
    monkeypatch.setattr("hotline.channels.twilio.carrier._PAGE", 2)
    sent = {live.network.text_us(sender=MARIA, line=LINE, body=str(n)) for n in range(5)}
    held = live.carrier.list_messages(since=datetime.now(UTC))
    assert {text.provider_id for text in held if text.incoming} == sent


def test_nothing_of_a_text_is_logged_or_remembered(live, caplog):
    with caplog.at_level(logging.DEBUG):
        send(live)
        find(live)
        with pytest.raises(CarrierRefused):
            send(live, to="HARBOR")
    logged = "".join(
        str(record.__dict__) for record in caplog.records if not record.name.startswith("werkzeug")
    )
    # Werkzeug's server stands for the provider here, and urllib3 is hushed where logging starts.
    logged = "\n".join(line for line in logged.split("\n") if "urllib3" not in line)
    assert WORDS not in logged
    assert MARIA[1:] not in logged
    wire = live.carrier._client.http_client
    assert wire._test_only_last_request is None


def test_no_other_host_is_spoken_to():
    wire = Wire("http://127.0.0.1:1", timeout=1)
    for url in ("https://twilio.com.evil.example/", "http://api.twilio.com/", "file:///x"):
        with pytest.raises(CarrierRefused):
            wire.request("GET", url)


def test_without_a_provider_there_is_no_carrier(live):
    assert carrier_for(replace(live.hotline.config, twilio=None)) is None
