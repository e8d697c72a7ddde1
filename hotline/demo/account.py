"""The account at the loopback provider: its numbers, services, permissions and registrations.

It is set up as it should be. Each part may be changed, over the provider's own interface or, for what that does
not change, here: that is how a fault is planted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import phonenumbers

from hotline.channels.twilio.standing import OVERRIDES
from hotline.config import TwilioSettings

_MADE = "Mon, 02 Mar 2026 12:00:00 +0000"
_MADE_ISO = "2026-03-02T12:00:00Z"


def sid_of(prefix: str, what: str) -> str:
    """Return the id of *what*: the same one each time, so that a restart keeps it."""
    return prefix + uuid5(NAMESPACE_URL, what).hex


@dataclass
class Account:
    """Everything of the account but its texts and calls.

    *numbers* and *services* are resources as the interface shows them, by id; *senders* the numbers of each
    service; *campaigns* the states of its registrations; *verifications* those of toll-free numbers. *texted* and
    *dialed* are the countries that may be texted and called (*dialed* with the kinds of numbers), *alerts* the
    errors that the provider logged. *media_are_open* gives pictures and recordings to whoever asks; *closed*
    are the hosts that answer 403.
    """

    settings: TwilioSettings
    status: str = "active"
    kind: str = "Full"
    balance: str = "120.50"
    numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    senders: dict[str, list[str]] = field(default_factory=dict)
    campaigns: dict[str, list[str]] = field(default_factory=dict)
    verifications: dict[str, str] = field(default_factory=dict)
    texted: set[str] = field(default_factory=set)
    dialed: dict[str, set[str]] = field(default_factory=dict)
    alerts: list[tuple[str, datetime]] = field(default_factory=list)
    whatsapp: list[dict[str, Any]] = field(default_factory=list)
    templates: dict[str, str] = field(default_factory=dict)
    media_are_open: bool = False
    closed: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, settings: TwilioSettings, *, public_url: str, lines: Iterable[str]) -> "Account":
        """Return the account of *settings*, set up as it should be, with *lines* as its phone numbers."""
        account = cls(settings)
        numbers = sorted(set(lines) - {settings.whatsapp_number})
        for number in numbers:
            account.add_number(number, public_url)
        if settings.messaging_service_sid:
            account.add_service(settings.messaging_service_sid, public_url)
        if settings.whatsapp_number:
            account.whatsapp.append(_sender(settings.whatsapp_number, public_url))
        if settings.whatsapp_template:
            account.templates[settings.whatsapp_template] = "approved"
        countries = set(settings.countries) or set(map(_country, numbers))
        account.texted, account.dialed = countries, {one: {"low"} for one in countries}
        return account

    def add_number(self, number: str, url: str) -> dict[str, Any]:
        sid = sid_of("PN", number)
        self.numbers[sid] = _number(self.settings.account_sid, sid, number, url)
        return self.numbers[sid]

    def add_service(self, sid: str, url: str) -> dict[str, Any]:
        """Add a service, with every number in it and registered."""
        self.services[sid] = _service(self.settings.account_sid, sid, url)
        self.senders[sid] = list(self.numbers)
        self.campaigns[sid] = ["VERIFIED"]
        return self.services[sid]


def _country(number: str) -> str:
    region = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    return str(region or "US")


def _number(account: str, sid: str, number: str, url: str) -> dict[str, Any]:
    hooks = {
        f"{channel}_{name}": value
        for channel in ("sms", "voice")
        for name, value in {
            "url": f"{url}/twilio/{channel}{OVERRIDES}",
            "method": "POST",
            "fallback_url": f"{url}/twilio/fallback{OVERRIDES}",
            "fallback_method": "POST",
            "application_sid": "",
        }.items()
    }
    return hooks | {
        "account_sid": account,
        "address_requirements": "none",
        "address_sid": None,
        "api_version": "2010-04-01",
        "beta": False,
        "bundle_sid": None,
        "capabilities": {"fax": False, "mms": True, "sms": True, "voice": True},
        "date_created": _MADE,
        "date_updated": _MADE,
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "emergency_status": "Inactive",
        "friendly_name": number,
        "identity_sid": None,
        "origin": "twilio",
        "phone_number": number,
        "sid": sid,
        "status": "in-use",
        "status_callback": "",
        "status_callback_method": "POST",
        "trunk_sid": None,
        "type": "local",
        "uri": f"/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{sid}.json",
        "voice_caller_id_lookup": False,
        "voice_receive_mode": "voice",
    }


def _service(account: str, sid: str, url: str) -> dict[str, Any]:
    place = f"https://messaging.twilio.com/v1/Services/{sid}"
    return {
        "account_sid": account,
        "area_code_geomatch": False,
        "date_created": _MADE_ISO,
        "date_updated": _MADE_ISO,
        "fallback_method": "POST",
        "fallback_to_long_code": False,
        "fallback_url": f"{url}/twilio/fallback{OVERRIDES}",
        "friendly_name": "line",
        "inbound_method": "POST",
        "inbound_request_url": f"{url}/twilio/sms{OVERRIDES}",
        "links": {"phone_numbers": f"{place}/PhoneNumbers"},
        "mms_converter": False,
        "scan_message_content": "inherit",
        "sid": sid,
        "smart_encoding": True,
        "status_callback": None,
        "sticky_sender": False,
        "synchronous_validation": False,
        "url": place,
        "us_app_to_person_registered": True,
        "use_inbound_webhook_on_number": False,
        "usecase": "undeclared",
        "validity_period": 14400,
    }


def _sender(number: str, url: str) -> dict[str, Any]:
    sid = sid_of("XE", number)
    return {
        "configuration": {"waba_id": "100000000000001"},
        "offline_reasons": None,
        "profile": {"name": "Line"},
        "properties": {"messaging_limit": "1K Customers/24hr", "quality_rating": "HIGH"},
        "sender_id": f"whatsapp:{number}",
        "sid": sid,
        "status": "ONLINE",
        "url": f"https://messaging.twilio.com/v2/Channels/Senders/{sid}",
        "webhook": {
            "callback_method": "POST",
            "callback_url": f"{url}/twilio/sms",
            "fallback_method": "POST",
            "fallback_url": f"{url}/twilio/fallback",
            "status_callback_method": "POST",
            "status_callback_url": "",
        },
    }
