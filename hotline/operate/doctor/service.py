"""The Messaging Service: where its texts go, and whether it could change the number that a person knows."""

from collections.abc import Iterator

from hotline.channels.twilio.standing import Service
from hotline.operate.doctor.addresses import check_callback, check_hook
from hotline.operate.doctor.findings import Finding, ending_of, warning, well, wrong
from hotline.operate.doctor.visit import Visit


def check_service(visit: Visit) -> Iterator[Finding]:
    if not visit.settings.messaging_service_sid:
        yield warning(
            "service-missing",
            "There is no Messaging Service, so the provider answers HELP with words of its own, END closes the line, and no number is registered for texts in the US.",
            "Make one with Advanced Opt-Out, put our numbers in it, and set TWILIO_MESSAGING_SERVICE_SID.",
        )
        return
    service = visit.service
    if service is None:
        yield wrong(
            "service-unknown",
            "The account has no Messaging Service of the name in our settings, so every text of ours is refused.",
            "Correct TWILIO_MESSAGING_SERVICE_SID.",
        )
        return
    found = [*_senders(visit, service), *_addresses(visit, service), *_habits(service)]
    yield from found or [well("service", "The Messaging Service is set up as it should be.")]


def _senders(visit: Visit, service: Service) -> Iterator[Finding]:
    for line in visit.lines:
        if line in service.numbers or line == visit.settings.voice_number:
            continue
        yield wrong(
            "service-lacks-number",
            "This number is not in the Messaging Service, so texts from it are refused.",
            "Add the number to the service's senders.",
            ending_of(line),
        )


def _addresses(visit: Visit, service: Service) -> Iterator[Finding]:
    if not service.leaves_it_to_numbers:
        yield from check_hook(
            service.hook,
            kind="service",
            whose="service",
            origin=visit.origin,
            path="/twilio/sms",
        )
    yield from check_callback(service.status_callback, origin=visit.origin, whose="service")


def _habits(service: Service) -> Iterator[Finding]:
    if service.falls_back_to_long_code:
        yield wrong(
            "service-falls-back",
            "The service may answer from another number than the one that a person knows.",
            "Turn off Fallback to Long Code; Message Redaction cannot be had with it either.",
        )
    if service.is_sticky:
        yield warning(
            "service-sticky",
            "Sticky Sender lets the provider keep who wrote to which number.",
            "Turn it off: we always name the number ourselves, and Message Redaction cannot be had with it.",
        )
