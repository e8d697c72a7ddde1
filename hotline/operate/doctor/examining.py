"""One visit: every check, in order, each for itself, so that what cannot be seen hides nothing else."""

from collections.abc import Callable, Iterable, Mapping

from hotline.channels.twilio.account import TwilioAccount
from hotline.channels.twilio.standing import Unreadable, Why
from hotline.operate.doctor import (
    addresses,
    geography,
    installation,
    keywords,
    languages,
    machine,
    media,
    numbers,
    origin,
    pooler,
    registration,
    scanner,
    service,
    standing,
    whatsapp,
    work,
)
from hotline.operate.doctor.findings import Finding, unknown, wrong
from hotline.operate.doctor.visit import House, Visit

UNREACHABLE = "provider-unreachable"

OF_THE_HOUSE: Mapping[str, Callable[[House], Iterable[Finding]]] = {
    "settings": installation.check_settings,
    "files": installation.check_files,
    "keys": installation.check_keys,
    "cover": installation.check_cover,
    "theme": installation.check_theme,
    "languages": languages.check_languages,
    "scanner": scanner.check_scanner,
    "address": origin.check_address,
    "certificate": origin.check_certificate,
    "round-trip": origin.check_round_trip,
    "room": machine.check_room,
    "traces": machine.check_traces,
    "database-files": machine.check_database_files,
    "pooler": pooler.check_pooler,
    "apart": machine.check_apart,
    "backups": machine.check_backups,
    "work": work.check_work,
    "people": work.check_people,
}
OF_THE_ACCOUNT: Mapping[str, Callable[[Visit], Iterable[Finding]]] = {
    "account": standing.check_account,
    "second-token": standing.check_second_token,
    "clock": standing.check_clock,
    "numbers": numbers.check_numbers,
    "service": service.check_service,
    "rules": addresses.check_rules,
    "keywords": keywords.check_keywords,
    "registration": registration.check_registration,
    "sms-countries": geography.check_texted,
    "voice-countries": geography.check_dialed,
    "media": media.check_media,
    "recordings": media.check_recordings,
    "redaction": media.check_redaction,
    "whatsapp": whatsapp.check_whatsapp,
    "errors": standing.check_trouble,
}


def examine(house: House) -> list[Finding]:
    """Return everything that is found about *house*, its machine and its account."""
    found = [finding for check in OF_THE_HOUSE.values() for finding in check(house)]
    twilio = house.config.twilio
    if twilio is None or any(one.code == "provider-elsewhere" for one in found):
        return found
    return found + _of_the_account(Visit(house, twilio, TwilioAccount(twilio)))


def _of_the_account(visit: Visit) -> list[Finding]:
    """Look at the account; when it does not even open, that is all there is to say."""
    try:
        visit.standing  # noqa: B018 - read here, kept for the checks.
    except Unreadable as unreadable:
        return [_shut(unreadable.why)]
    return [
        finding
        for name, check in OF_THE_ACCOUNT.items()
        for finding in _as_far_as_seen(name, check, visit)
    ]


def _as_far_as_seen(
    name: str, check: Callable[[Visit], Iterable[Finding]], visit: Visit
) -> list[Finding]:
    found: list[Finding] = []
    try:
        found.extend(check(visit))
    except Unreadable as unreadable:
        found.append(_unseen(name, unreadable.why))
    return found


def _shut(why: Why) -> Finding:
    if why is Why.UNREACHABLE:
        return _unseen("account", why)
    return wrong(
        "token-refused",
        "The account does not open with our token (error 20003).",
        "Correct TWILIO_ACCOUNT_SID and the file of TWILIO_AUTH_TOKEN_FILE; after a rotation, the new token belongs there.",
    )


def _unseen(name: str, why: Why) -> Finding:
    if why is Why.UNREACHABLE:
        return unknown(
            UNREACHABLE,
            f"The provider did not answer, so this could not be looked at: {name}.",
            "Look at the way out of this machine and at https://status.twilio.com, and run this again.",
            name,
        )
    return unknown(
        f"{name}-unseen",
        f"The provider does not let this account look at: {name}.",
        "Look at it yourself in the console.",
        name,
    )
