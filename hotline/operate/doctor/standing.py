"""The account itself: is it open, is it ours, can it pay, does it tell the same time, and what did it log as errors?"""

from collections.abc import Iterator
from datetime import timedelta

from hotline.channels.twilio.account import TwilioAccount
from hotline.channels.twilio.standing import Unreadable, Why
from hotline.operate.doctor.findings import Finding, unknown, warning, well, wrong
from hotline.operate.doctor.visit import Visit

MOST_SKEW = timedelta(seconds=30)
LEAST_BALANCE = 10.0
_LOOK_BACK = timedelta(days=1)
_SHOWN = 6
# Of its own accord the provider says with these that redaction is on, and that something keeps it from working.
_REDACTION_BROKEN = {"23001", "23002", "23003", "23004", "23005", "23006"}
# Somebody closed their line; that is theirs to do, and told to the caseworker.
_NOT_OURS_TO_MEND = {"21610"}


def check_account(visit: Visit) -> Iterator[Finding]:
    standing = visit.standing
    if standing.status != "active":
        yield wrong(
            "account-not-active",
            "The account is suspended or closed: nothing arrives and nothing is sent.",
            "Talk to the provider, and meanwhile publish another way to reach you.",
        )
    elif standing.is_trial:
        yield wrong(
            "account-trial",
            "It is a trial account: it writes to verified numbers only, and adds words of its own to each text.",
            "Upgrade it before the number is published.",
        )
    else:
        yield well("account", "The account is active, and our token opens it.")
    if standing.balance is not None and standing.balance < LEAST_BALANCE:
        yield warning(
            "balance-low",
            f"Less than {LEAST_BALANCE:.0f} {standing.currency} are left; at zero the line falls silent.",
            "Pay in, and turn on automatic recharge.",
        )


def check_second_token(visit: Visit) -> Iterator[Finding]:
    token = visit.settings.secondary_token
    if not token:
        return
    try:
        TwilioAccount(visit.settings, token=token).standing()
    except Unreadable as unreadable:
        if unreadable.why is not Why.REFUSED:
            raise
        yield wrong(
            "secondary-token-refused",
            "The secondary token does not open the account.",
            "Correct the file of TWILIO_SECONDARY_TOKEN_FILE, or take the setting out.",
        )
    else:
        yield well("secondary-token", "The secondary token opens the account.")


def check_clock(visit: Visit) -> Iterator[Finding]:
    theirs, ours = visit.standing.clock, visit.house.clock()
    if theirs is None:
        yield unknown(
            "clock-unknown", "The provider's answer has no date.", "Compare this clock yourself."
        )
        return
    skew = abs(ours - theirs)
    if skew > MOST_SKEW:
        yield wrong(
            "clock-skew",
            f"This machine's clock and the provider's differ by {skew.total_seconds():.0f} seconds.",
            "Turn on time synchronization (NTP): safe hours, one-time codes and expiry depend on it.",
        )
    else:
        yield well("clock", "This machine's clock agrees with the provider's.")


def check_trouble(visit: Visit) -> Iterator[Finding]:
    """Tell what the provider logged as errors in the last day; its codes say nothing about people."""
    codes = visit.account.trouble(since=visit.house.clock() - _LOOK_BACK).codes
    if broken := sorted(_REDACTION_BROKEN & codes.keys()):
        yield wrong(
            "redaction-broken",
            f"Message Redaction is on, and a setting keeps it from working (errors {', '.join(broken)}).",
            "Let every webhook be asked with POST; turn off Sticky Sender, Fallback to Long Code and Advanced Opt-Out; "
            "ask the provider's support to leave STOP and HELP to us.",
        )
    others = {
        code: count
        for code, count in codes.items()
        if code not in _REDACTION_BROKEN | _NOT_OURS_TO_MEND
    }
    if others:
        worst = sorted(others, key=lambda code: (-others[code], code))[:_SHOWN]
        told = ", ".join(f"{code} ({others[code]} times)" for code in worst)
        yield warning(
            "errors-logged",
            f"In the last day the provider logged errors: {told}.",
            "Read https://www.twilio.com/docs/api/errors for each, and mend its cause.",
        )
    elif not codes:
        yield well("errors", "The provider logged no errors in the last day.")
