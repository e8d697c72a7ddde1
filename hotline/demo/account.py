"""The account at the loopback provider: its numbers, services, permissions and registrations.

It is set up as it should be. Each part may be changed, over the provider's own interface or, for what that does
not change, here: that is how a fault is planted. ``account.json`` holds one resource of each kind as it begins.
"""

import copy
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import phonenumbers

from hotline.channels.twilio.standing import OVERRIDES
from hotline.config import TwilioSettings

Resource = dict[str, Any]


@dataclass
class Account:
    """Everything of the account but its texts and calls.

    *numbers* and *services* are resources as the interface shows them, by id; *senders* the numbers of each
    service; *campaigns* the states of its registrations; *verifications* those of toll-free numbers. *texted* and
    *dialed* are the countries that may be texted and called (*dialed* with the kinds of numbers), *alerts* the
    errors that the provider logged, *rules* the addresses that its webhook settings are for. *media_are_open* gives pictures and recordings to whoever asks; *closed*
    are the hosts that answer 403.
    """

    settings: TwilioSettings
    status: str = "active"
    kind: str = "Full"
    balance: str = "120.50"
    numbers: dict[str, Resource] = field(default_factory=dict)
    services: dict[str, Resource] = field(default_factory=dict)
    senders: dict[str, list[str]] = field(default_factory=dict)
    campaigns: dict[str, list[str]] = field(default_factory=dict)
    verifications: dict[str, str] = field(default_factory=dict)
    texted: set[str] = field(default_factory=set)
    dialed: dict[str, set[str]] = field(default_factory=dict)
    alerts: list[tuple[str, datetime]] = field(default_factory=list)
    whatsapp: list[Resource] = field(default_factory=list)
    templates: dict[str, str] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)
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
            account.whatsapp.append(_whatsapp(settings.whatsapp_number, public_url))
        if settings.whatsapp_template:
            account.templates[settings.whatsapp_template] = "approved"
        countries = set(settings.countries) or set(map(_country, numbers))
        account.texted, account.dialed = countries, {one: {"low"} for one in countries}
        return account

    def add_number(self, number: str, url: str) -> Resource:
        """Add *number*, with every address of it pointing to the line at *url*."""
        sid, account = sid_of("PN", number), self.settings.account_sid
        self.numbers[sid] = new(
            "number",
            account_sid=account,
            friendly_name=number,
            phone_number=number,
            sid=sid,
            sms_fallback_url=f"{url}/twilio/fallback{OVERRIDES}",
            sms_url=f"{url}/twilio/sms{OVERRIDES}",
            status_callback=f"{url}/twilio/voice/status{OVERRIDES}",
            uri=f"/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{sid}.json",
            voice_fallback_url=f"{url}/twilio/fallback{OVERRIDES}",
            voice_url=f"{url}/twilio/voice{OVERRIDES}",
        )
        return self.numbers[sid]

    def add_service(self, sid: str, url: str) -> Resource:
        """Add a service, with every number in it and registered."""
        place = f"https://messaging.twilio.com/v1/Services/{sid}"
        self.services[sid] = new(
            "service",
            account_sid=self.settings.account_sid,
            fallback_url=f"{url}/twilio/fallback{OVERRIDES}",
            inbound_request_url=f"{url}/twilio/sms{OVERRIDES}",
            links={"phone_numbers": f"{place}/PhoneNumbers"},
            sid=sid,
            url=place,
        )
        self.senders[sid] = list(self.numbers)
        self.campaigns[sid] = ["VERIFIED"]
        return self.services[sid]


def new(kind: str, **facts: object) -> Resource:
    """Return a resource of *kind* as it begins, with *facts* of its own."""
    return copy.deepcopy(_first()[kind]) | facts


def sid_of(prefix: str, what: str) -> str:
    """Return the id of *what*: the same one each time, so that a restart keeps it."""
    return prefix + uuid5(NAMESPACE_URL, what).hex


@cache
def _first() -> dict[str, Resource]:
    read: dict[str, Resource] = json.loads((files("hotline.demo") / "account.json").read_text())
    return read


def _country(number: str) -> str:
    region = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    return str(region or "US")


def _whatsapp(number: str, url: str) -> Resource:
    sid = sid_of("XE", number)
    sender = new(
        "whatsapp",
        sender_id=f"whatsapp:{number}",
        sid=sid,
        url=f"https://messaging.twilio.com/v2/Channels/Senders/{sid}",
    )
    sender["webhook"] |= {
        "callback_url": f"{url}/twilio/sms",
        "fallback_url": f"{url}/twilio/fallback",
    }
    return sender
