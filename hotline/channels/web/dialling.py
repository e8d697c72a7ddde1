"""Whom to dial where a life is in danger, in the countries that may be meant.

Where somebody is we are never told by their network: only what they typed tells it, and which countries the house serves.
The name of a country stands before its numbers, so that nobody dials those of another; of one of which we are not sure
nothing is said.
"""

from hotline.channels.web.body import Sent
from hotline.domain.numbers import phone_number
from hotline.intake.country import country_named, country_of
from hotline.law import Dial
from hotline.parts import here

_MOST = 4


def whom_to_dial(locale: str, sent: Sent | None = None) -> tuple[Dial, ...]:
    """Return whom to dial, at most in four countries: those of what was *sent* first, then those that we serve."""
    told = (
        country_named(sent.text("place"), locale) if sent else "",
        country_of(phone_number(sent.text("number"))) if sent else "",
    )
    countries = dict.fromkeys(filter(None, (*told, *_served())))
    return tuple(filter(None, map(here().law.dial, countries)))[:_MOST]


def _served() -> tuple[str, ...]:
    """Return the country whose law binds us, and those of the people we serve or else of our own numbers."""
    config = here().config
    provider = config.twilio
    numbers = (*config.lines, *((provider.sms_number, provider.voice_number) if provider else ()))
    served = provider.countries if provider else ()
    return (here().law.house, *(served or map(country_of, numbers)))
