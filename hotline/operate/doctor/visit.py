"""What the doctor has at hand during one visit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import phonenumbers

from hotline.channels.twilio.account import TwilioAccount
from hotline.channels.twilio.standing import OwnedNumber, Service, Standing, Unreadable, Why
from hotline.config import Config, TwilioSettings
from hotline.errors import Unavailable
from hotline.operate.machine import Machine
from hotline.operate.pulse import Pulse


@dataclass(frozen=True)
class House:
    """This installation: its settings, the environment they were read from, and its clock."""

    config: Config
    env: Mapping[str, str] = field(repr=False)
    clock: Callable[[], datetime]

    @cached_property
    def machine(self) -> Machine:
        return Machine.of(self.config)

    @cached_property
    def pulse(self) -> Pulse | None:
        """How the house is; None where its database does not tell."""
        try:
            return Pulse.of(self.config, self.clock())
        except Unavailable:
            return None


@dataclass(frozen=True)
class Visit:
    """A house and its account at the provider; what was read of it once is not asked for again."""

    house: House
    settings: TwilioSettings
    account: TwilioAccount

    @property
    def origin(self) -> str:
        return self.house.config.public_url

    @cached_property
    def standing(self) -> Standing:
        return self.account.standing()

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Our phone numbers; WhatsApp's number is none of the network's."""
        named = {self.settings.sms_number, self.settings.voice_number, *self.house.config.lines}
        return tuple(sorted(filter(None, named - {self.settings.whatsapp_number})))

    @cached_property
    def owned(self) -> Mapping[str, OwnedNumber | None]:
        return {line: self.account.number(line) for line in self.lines}

    @cached_property
    def service(self) -> Service | None:
        """The Messaging Service that we send through, when one is named and the account has it."""
        sid = self.settings.messaging_service_sid
        try:
            return self.account.service(sid) if sid else None
        except Unreadable as unreadable:
            if unreadable.why is not Why.MISSING:
                raise
            return None


def country_of(number: str) -> str:
    """Return the ISO code of *number*'s country; numbers for tests belong to the US, where they are made."""
    parsed = phonenumbers.parse(number)
    region = phonenumbers.region_code_for_number(parsed)
    return str(region or ("US" if parsed.country_code == 1 else ""))
