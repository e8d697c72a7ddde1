"""Phones are rung over real HTTP; what goes wrong becomes a fixed sentence, and nothing of a number is left behind."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hotline.channels.twilio import TwilioCarrier
from hotline.contact.carrier import (
    CarrierBusy,
    CarrierMisconfigured,
    CarrierRefused,
    CarrierUnsure,
)
from tests.demo.conftest import LINE, MARIA, live
from tests.servers import free_port

__all__ = ["live"]

REF = "0" * 32


def ring(live, *, to=MARIA, line=LINE, detects=True, seconds=25, carrier=None):
    return (carrier or live.carrier).call(
        to=to,
        line=line,
        url_path="/twilio/voice/person",
        ref=REF,
        detects_machine=detects,
        seconds=seconds,
    )


def find(live, *, to=MARIA, since=None):
    since = since or datetime.now(UTC) - timedelta(minutes=1)
    return live.carrier.find_calls(to=to, since=since)


def test_a_phone_rings_with_our_line_on_it(live):
    sid = ring(live)
    call = live.network.calls.find(sid)
    assert (call.sender, call.to, call.status) == (LINE, MARIA, "ringing")


def test_what_is_asked_of_the_provider(live):
    sent = []
    live.carrier._client.http_client.session.hooks["response"].append(
        lambda answer, **_: sent.append(answer.request.body)
    )
    ring(live)
    ring(live, detects=False, line="")
    first, second = sent
    place = f"Url={live.url}/twilio/voice/person/{REF}".replace(":", "%3A").replace("/", "%2F")
    assert place in first
    assert "%23rc%3D3%26rp%3D5xx%2Cct%2Crt" in first
    assert f"{REF}%2Fstatus" in first
    assert "FallbackUrl=" in first
    assert "twilio%2Fvoice%2Fsilence" in first
    assert "Timeout=25" in first
    assert "MachineDetection=Enable" in first
    # Whoever picks up is not recorded, and nobody asks who they are.
    assert "Record" not in first
    assert "Lookup" not in first
    assert "MachineDetection" not in second
    assert f"From=%2B{LINE[1:]}" in second


def test_a_call_is_found_again(live):
    first, second = ring(live), ring(live)
    ring(live, to="+15005550143")
    assert find(live) == [first, second]
    assert find(live, since=datetime.now(UTC) + timedelta(minutes=1)) == []
    # Whoever called us is not one whom we called.
    live.network.call_us(sender="+15005550144", line=LINE)
    assert find(live, to="+15005550144") == []


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
        ring(live)
    assert type(failure.value) is error
    assert failure.value.__cause__ is None
    # Whether it rings is found out by looking.
    assert len(find(live)) == (mishap in ("hangs", "taken and silent"))


@pytest.mark.parametrize(
    ("facts", "error", "code"),
    [
        ({"to": "HARBOR"}, CarrierRefused, "21211"),
        ({"to": "123"}, CarrierRefused, "21211"),
        ({"line": "+15005550199"}, CarrierMisconfigured, "21210"),
        ({"to": "+33600000000"}, CarrierMisconfigured, "21215"),
    ],
)
def test_a_refusal_says_who_can_mend_it(live, facts, error, code):
    with pytest.raises(error) as refusal:
        ring(live, **facts)
    assert type(refusal.value) is error
    assert refusal.value.ref == code
    assert not any(value in str(refusal.value) for value in facts.values())


def test_a_call_that_rings_is_ended_and_one_that_is_over_stays_so(live):
    sid = ring(live)
    live.carrier.hang_up(sid)
    assert not live.network.calls.find(sid).is_live
    live.carrier.hang_up(sid)
    live.carrier.erase("call", sid)
    live.carrier.hang_up(sid)
    live.carrier.hang_up("CA" + "9" * 32)


def test_nobody_there_means_that_nothing_rings(live):
    settings = replace(live.hotline.config.twilio, api_origin=f"http://127.0.0.1:{free_port()}")
    carrier = TwilioCarrier(settings, public_url="https://line.example")
    with pytest.raises(CarrierBusy) as failure:
        ring(live, carrier=carrier)
    assert type(failure.value) is CarrierBusy
    for ask in (
        lambda: carrier.find_calls(to=MARIA, since=datetime.now(UTC)),
        lambda: carrier.hang_up("CA" + "9" * 32),
    ):
        with pytest.raises(CarrierBusy):
            ask()


def test_no_number_is_logged_or_remembered(live, caplog):
    with caplog.at_level(logging.DEBUG):
        sid = ring(live)
        find(live)
        live.carrier.hang_up(sid)
        with pytest.raises(CarrierRefused):
            ring(live, to="HARBOR")
    logged = [
        str(record.__dict__)
        for record in caplog.records
        if not record.name.startswith(("werkzeug", "urllib3"))
    ]
    assert MARIA not in "".join(logged)
    # What stands in an address is logged on the way: there is no number in any.
    addresses = [record.getMessage() for record in caplog.records]
    assert not any(MARIA[1:] in address for address in addresses)
