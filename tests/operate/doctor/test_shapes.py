"""What the loopback provider tells of the account has the shape that Twilio publishes, key by key."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from hotline.demo.account import Account
from tests.demo.published import check
from tests.operate.doctor.conftest import CALLS, SERVICE, TEMPLATE, TEXTS, WHATSAPP

FILE = Path(__file__).parent / "openapi" / "twilio_account.json"
NUMBER = "api.v2010.account.incoming_phone_number"
MESSAGING = "messaging.twilio.com/v1"
SID = "AC" + "a1" * 16
V2010 = f"2010-04-01/Accounts/{SID}"

ONE = {
    f"{V2010}.json": "api.v2010.account",
    f"{V2010}/Balance.json": "api.v2010.account.balance",
    f"{MESSAGING}/Services/{SERVICE}": "messaging.v1.service",
    f"content.twilio.com/v1/Content/{TEMPLATE}/ApprovalRequests": "content.v1.content.approval_fetch",
    "accounts.twilio.com/v1/Messaging/GeoPermissions": "accounts.v1.messaging_geopermissions",
}
MANY = {
    f"{V2010}/IncomingPhoneNumbers.json": ("incoming_phone_numbers", NUMBER),
    f"{MESSAGING}/Services": ("services", "messaging.v1.service"),
    f"{MESSAGING}/Services/{SERVICE}/PhoneNumbers": (
        "phone_numbers",
        "messaging.v1.service.phone_number",
    ),
    f"{MESSAGING}/Services/{SERVICE}/Compliance/Usa2p": (
        "compliance",
        "messaging.v1.service.us_app_to_person",
    ),
    f"{MESSAGING}/Tollfree/Verifications": ("verifications", "messaging.v1.tollfree_verification"),
    "messaging.twilio.com/v2/Channels/Senders": (
        "senders",
        "messaging.v2.channels_sender_response",
    ),
    "voice.twilio.com/v1/DialingPermissions/Countries": (
        "content",
        "voice.v1.dialing_permissions.dialing_permissions_country",
    ),
    "monitor.twilio.com/v1/Alerts": ("alerts", "monitor.v1.alert"),
}


@pytest.fixture
def asks(practice):
    """Ask the loopback provider, as the account's owner; it has something of everything."""
    practice.settings(whatsapp_number=WHATSAPP, whatsapp_template=TEMPLATE)
    account = Account.of(
        practice.config.twilio, public_url=practice.config.public_url, lines=[TEXTS, CALLS]
    )
    account.verifications[practice.number["sid"]] = "TWILIO_APPROVED"
    account.alerts.append(("11200", datetime.now(UTC)))
    practice.served.extensions["account"] = account
    twilio = practice.config.twilio

    def ask(place, method="GET", **options):
        auth = options.pop("auth", (twilio.account_sid, twilio.auth_token))
        url = f"{twilio.api_origin}/{place}"
        return requests.request(method, url, auth=auth, timeout=10, **options)

    return ask


@pytest.mark.parametrize("place", ONE)
def test_a_resource_has_the_published_shape(asks, place):
    check(ONE[place], asks(place).json(), FILE)


@pytest.mark.parametrize("place", MANY)
def test_a_list_has_resources_of_the_published_shape(asks, place):
    key, kind = MANY[place]
    resources = asks(place).json()[key]
    assert resources
    for resource in resources:
        check(kind, resource, FILE)


def test_a_number_is_changed_over_the_interface_and_keeps_its_shape(asks, practice):
    place = f"{V2010}/IncomingPhoneNumbers/{practice.number['sid']}.json"
    form = {"SmsUrl": "https://line.example/x", "VoiceMethod": "GET", "NoSuchThing": "1"}
    changed = asks(place, "POST", data=form).json()
    check(NUMBER, changed, FILE)
    assert (changed["sms_url"], changed["voice_method"]) == ("https://line.example/x", "GET")
    assert asks(place).json() == changed


def test_a_service_is_changed_over_the_interface_and_keeps_its_shape(asks):
    place = f"{MESSAGING}/Services/{SERVICE}"
    changed = asks(place, "POST", data={"StickySender": "true", "InboundMethod": "GET"}).json()
    check("messaging.v1.service", changed, FILE)
    assert (changed["sticky_sender"], changed["inbound_method"]) == (True, "GET")


def test_what_is_not_there_is_told(asks):
    for place in (f"{MESSAGING}/Services/MG0", f"{V2010}/IncomingPhoneNumbers/PN0.json"):
        assert asks(place).status_code == 404
        assert asks(place, "POST", data={"FriendlyName": "x"}).status_code == 404


@pytest.mark.parametrize("auth", [None, (SID, "wrong"), ("AC" + "0" * 32, "wrong")])
def test_strangers_learn_nothing(asks, auth):
    for place in (*ONE, *MANY):
        answer = asks(place, auth=auth)
        assert (answer.status_code, answer.json()["code"]) == (401, 20003)
