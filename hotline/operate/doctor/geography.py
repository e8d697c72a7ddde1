"""Which countries the account may text and call: those of the people we serve, and no other.

Whoever makes our line answer to expensive numbers is paid for it; an account that may write everywhere pays.
"""

from collections.abc import Collection, Iterator

from hotline.operate.doctor.findings import Finding, warning, well, wrong
from hotline.operate.doctor.visit import Visit, country_of

# https://www.twilio.com/docs/api/errors/30649: countries that the provider itself calls of high risk.
HIGH_RISK = frozenset({"AZ", "BD", "DZ", "IL", "LK", "NG", "OM", "PK", "PS", "TJ", "TN"})
_SHOWN = 12
_CONSOLE_TEXTS = "In the console, Messaging, Settings, Geo permissions"
_CONSOLE_CALLS = "In the console, Voice, Settings, Geo permissions"


def check_texted(visit: Visit) -> Iterator[Finding]:
    allowed, enabled = served(visit), visit.account.texted_countries()
    too_many, too_few = enabled - allowed, allowed - enabled
    if too_many:
        yield wrong(
            "sms-countries-too-many",
            f"Texts may be sent to countries that we do not serve: {_list(too_many)}.",
            f"{_CONSOLE_TEXTS}, turn them off, or name them in TWILIO_COUNTRIES.",
        )
    if too_few:
        yield wrong(
            "sms-countries-too-few",
            f"Texts to countries that we serve are refused (error 21408): {_list(too_few)}.",
            f"{_CONSOLE_TEXTS}, turn them on.",
        )
    if risky := enabled & allowed & HIGH_RISK:
        yield warning(
            "sms-countries-risky",
            f"Texts may be sent to countries where fraud with texts is frequent: {_list(risky)}.",
            "Keep them if you serve people there, and look at what is spent each day.",
        )
    if not (too_many or too_few or risky):
        yield well("sms-countries", f"Texts may be sent to: {_list(enabled)}.")


def check_dialed(visit: Visit) -> Iterator[Finding]:
    allowed, dialed = served(visit), visit.account.dialed_countries()
    ordinary = {one.country for one in dialed if one.ordinary}
    risky = {one.country for one in dialed if one.special or one.fraud}
    too_few = allowed - ordinary if _calls(visit) else frozenset()
    if ordinary - allowed:
        yield wrong(
            "voice-countries-too-many",
            f"Countries that we do not serve may be called: {_list(ordinary - allowed)}.",
            f"{_CONSOLE_CALLS}, turn them off, or name them in TWILIO_COUNTRIES.",
        )
    if risky:
        yield wrong(
            "voice-countries-risky",
            f"Premium numbers, or such as are known for toll fraud, may be called in: {_list(risky)}.",
            f"{_CONSOLE_CALLS}, turn off both kinds of high-risk numbers everywhere.",
        )
    if too_few:
        yield wrong(
            "voice-countries-too-few",
            f"People in countries that we serve cannot be called back, nor staff there be rung: {_list(too_few)}.",
            f"{_CONSOLE_CALLS}, turn them on for low-risk numbers.",
        )
    if not (ordinary - allowed or risky or too_few):
        yield well("voice-countries", f"May be called: {_list(ordinary) or 'nobody'}.")


def _calls(visit: Visit) -> bool:
    """Tell whether people can call us: then they may be called back, and those on call be rung."""
    return bool(visit.settings.voice_number) or any(
        number and "voice" in number.can for number in visit.owned.values()
    )


def served(visit: Visit) -> frozenset[str]:
    """Return the countries that we serve: those of the settings, or else those of our own numbers."""
    named = visit.settings.countries or map(country_of, visit.lines)
    return frozenset(filter(None, named))


def _list(countries: Collection[str]) -> str:
    shown = sorted(countries)[:_SHOWN]
    more = len(countries) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
