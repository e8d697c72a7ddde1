"""Our token goes to the provider's own hosts, or to the loopback one in their place, and to nobody else."""

import socket

import pytest
from requests.exceptions import ConnectionError as NobodyThere

from hotline.channels.twilio.wire import Wire
from hotline.contact.carrier import CarrierRefused

LOOPBACK = "http://127.0.0.1:8000/demo/twilio"


@pytest.fixture
def asked(monkeypatch):
    """Catch what would go out: a test has no provider to send it to."""
    urls = []

    def catch(_self, _method, url, *_args, **_options):
        urls.append(url)

    monkeypatch.setattr("hotline.channels.twilio.wire.TwilioHttpClient.request", catch)
    return urls


@pytest.mark.parametrize(
    ("meant", "goes"),
    [
        ("https://api.twilio.com/2010-04-01/Accounts.json", "/2010-04-01/Accounts.json"),
        (
            "https://messaging.twilio.com/v1/Services?Page=1",
            "/messaging.twilio.com/v1/Services?Page=1",
        ),
        ("https://api.dublin.ie1.twilio.com/x", "/api.dublin.ie1.twilio.com/x"),
        ("https://voice.twilio.com", "/voice.twilio.com"),
    ],
)
def test_on_loopback_each_host_has_its_folder(asked, meant, goes):
    Wire(LOOPBACK, timeout=1).request("GET", meant)
    Wire(f"{LOOPBACK}/", timeout=1).request("GET", meant)
    assert asked == [LOOPBACK + goes] * 2


def test_without_loopback_every_host_is_itself(asked):
    Wire("", timeout=1).request("GET", "https://messaging.twilio.com/v1/Services")
    assert asked == ["https://messaging.twilio.com/v1/Services"]


@pytest.mark.parametrize("origin", ["", LOOPBACK])
@pytest.mark.parametrize(
    "url",
    [
        "https://twilio.com.other.example/x",
        "https://other.example/api.twilio.com",
        "https://nottwilio.com/",
        "https://twilio.com/",
        "https://lookups.twilio.com/v2/PhoneNumbers/+15005550142",
        "http://api.twilio.com/x",
        "https://api.twilio.com:8443/x",
        "https://api.twilio.com@other.example/x",
        "https://user@api.twilio.com/x",
        "https://api.twilio.com\\.other.example/x",
        "ftp://api.twilio.com/x",
        "/2010-04-01/Accounts.json",
        "",
    ],
)
def test_nobody_else_is_asked(asked, origin, url):
    with pytest.raises(CarrierRefused):
        Wire(origin, timeout=1).request("GET", url)
    assert asked == []


def test_what_is_asked_for_leaves_soon_or_never(monkeypatch):
    asked = []

    def refuses(_address, timeout, **options):
        asked.append((timeout, options["socket_options"]))
        raise OSError

    # No socket: what is looked at is what would be asked of one.
    monkeypatch.setattr("urllib3.util.connection.create_connection", refuses)
    with pytest.raises(NobodyThere):
        Wire(LOOPBACK, timeout=10).request("GET", "https://api.twilio.com/2010-04-01/Accounts.json")
    ((timeout, options),) = asked
    assert timeout < 5
    assert (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 10_000) in options
    # What is small leaves at once, as ever.
    assert (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1) in options
