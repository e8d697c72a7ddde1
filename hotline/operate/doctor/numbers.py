"""Our numbers: are they the account's, what can they do, and where does what comes to them go?"""

from collections.abc import Iterator

from hotline.channels.twilio.standing import OVERRIDES, OwnedNumber
from hotline.operate.doctor.addresses import check_callback, check_hook
from hotline.operate.doctor.findings import Finding, ending_of, warning, well, wrong
from hotline.operate.doctor.visit import Visit

STATUS = "/twilio/voice/status"


def check_numbers(visit: Visit) -> Iterator[Finding]:
    for line in visit.lines:
        number = visit.owned[line]
        if number is None:
            yield wrong(
                "number-not-ours",
                "This number is in our settings, and the account does not have it.",
                "Buy or port it, or correct TWILIO_SMS_NUMBER, TWILIO_VOICE_NUMBER or LINES.",
                ending_of(line),
            )
            continue
        found = [*_abilities(visit, number), *_hooks(visit, number)]
        yield from found or [well("number", "It is ours, and comes to us.", ending_of(line))]
    if not visit.lines:
        yield warning(
            "number-none",
            "No number is set, so nobody can text or call.",
            "Set TWILIO_SMS_NUMBER and TWILIO_VOICE_NUMBER.",
        )


def _abilities(visit: Visit, number: OwnedNumber) -> Iterator[Finding]:
    about = ending_of(number.number)
    another = "Ask the provider to turn it on, or get a number that can."
    texts = number.number != visit.settings.voice_number
    if texts and "sms" not in number.can:
        yield wrong("number-cannot-text", "This number cannot receive texts.", another, about)
    elif texts and "mms" not in number.can:
        yield warning(
            "number-cannot-picture",
            "Pictures that people send to this number do not reach us.",
            another,
            about,
        )
    if number.number == visit.settings.voice_number and "voice" not in number.can:
        yield wrong("number-cannot-call", "This number cannot be called.", another, about)


def _hooks(visit: Visit, number: OwnedNumber) -> Iterator[Finding]:
    about = ending_of(number.number)
    if "sms" in number.can and not _service_answers(visit, number):
        if number.sms_elsewhere:
            yield _elsewhere("sms-application", "texts", about)
        else:
            yield from check_hook(
                number.sms, kind="sms", whose=about, origin=visit.origin, path="/twilio/sms"
            )
    if "voice" in number.can:
        if number.voice_elsewhere:
            yield _elsewhere("voice-application", "calls", about)
        else:
            yield from check_hook(
                number.voice, kind="voice", whose=about, origin=visit.origin, path="/twilio/voice"
            )
        yield from _calls(visit, number)
    yield from check_callback(number.status_callback, origin=visit.origin, whose=about)


def _calls(visit: Visit, number: OwnedNumber) -> Iterator[Finding]:
    """Check what else of a number decides how calls go: who is told that one is over, and who is asked of the caller."""
    about, wanted = ending_of(number.number), f"{visit.origin}{STATUS}"
    plain = number.status_callback.partition("#")[0]
    set_it = f"Set the number's call status callback to {wanted}{OVERRIDES}, method POST."
    if not plain or (plain.startswith(f"{visit.origin}/") and plain != wanted):
        yield wrong(
            "voice-status-missing",
            "Nobody tells us when a call is over: what stands of it here and there stays for hours.",
            set_it,
            about,
        )
    elif plain == wanted and number.status_method != "POST":
        yield wrong(
            "voice-status-method",
            f"We are told of calls with {number.status_method or 'no method'}: callers' numbers would stand in addresses.",
            set_it,
            about,
        )
    if number.looks_up_callers:
        yield wrong(
            "voice-caller-lookup",
            "The provider asks others for the name of whoever calls this number.",
            "In the console, turn off Caller Name Lookup of the number.",
            about,
        )
    if number.takes_faxes:
        yield wrong(
            "voice-takes-faxes",
            "This number takes every call for a fax, so nobody can speak.",
            "In the console, let the number accept voice calls.",
            about,
        )


def _service_answers(visit: Visit, number: OwnedNumber) -> bool:
    """Tell whether a Messaging Service is asked instead of the number; `service` checks that one."""
    service = visit.service
    return (
        service is not None
        and number.number in service.numbers
        and not service.leaves_it_to_numbers
    )


def _elsewhere(code: str, what: str, about: str) -> Finding:
    return wrong(
        code,
        f"An application or a trunk takes the {what} to this number, so our address is not asked.",
        "In the console, configure the number with webhooks, not with an application or a trunk.",
        about,
    )
