"""WhatsApp is off unless a number is set. Where it is on, Meta learns who writes to us, and the phone shows our name."""

from collections.abc import Iterator

from hotline.channels.twilio.standing import Unreadable, Why
from hotline.operate.doctor.addresses import check_hook
from hotline.operate.doctor.findings import Finding, ending_of, warning, well, wrong
from hotline.operate.doctor.visit import Visit


def check_whatsapp(visit: Visit) -> Iterator[Finding]:
    number = visit.settings.whatsapp_number
    if not number:
        yield well("whatsapp-off", "WhatsApp is off.")
        return
    yield warning(
        "whatsapp-on",
        "WhatsApp is on: Meta learns who writes to us and when, and each phone shows our display name.",
        "Keep it only if people cannot reach you otherwise, under a display name that gives nothing away.",
        ending_of(number),
    )
    yield from _sender(visit, number)
    yield from _template(visit)


def _sender(visit: Visit, number: str) -> Iterator[Finding]:
    sender, about = visit.account.whatsapp_sender(number), ending_of(number)
    if sender is None:
        yield wrong(
            "whatsapp-sender-missing",
            "The account has no WhatsApp sender of this number.",
            "Register it in the console, or take TWILIO_WHATSAPP_NUMBER out.",
            about,
        )
        return
    if not sender.status.startswith("ONLINE"):
        yield wrong(
            "whatsapp-sender-offline",
            "The WhatsApp sender is not online, so nobody reaches us there.",
            "Look at the sender in the console; it says why.",
            about,
        )
    yield from check_hook(
        sender.hook,
        kind="whatsapp",
        whose=about,
        origin=visit.origin,
        path="/twilio/sms",
        with_overrides=False,
    )


def _template(visit: Visit) -> Iterator[Finding]:
    sid = visit.settings.whatsapp_template
    if not sid:
        yield warning(
            "whatsapp-template-missing",
            "There is no template: a day after a person last wrote, WhatsApp refuses what we send (error 63016).",
            "Have a neutral template approved, and set TWILIO_WHATSAPP_TEMPLATE.",
        )
        return
    try:
        approval = visit.account.template_approval(sid)
    except Unreadable as unreadable:
        if unreadable.why is not Why.MISSING:
            raise
        approval = ""
    if approval != "approved":
        yield wrong(
            "whatsapp-template-not-approved",
            "WhatsApp has not approved the template of our settings, or there is none of that name.",
            "Look at it in the console, under Content templates; correct TWILIO_WHATSAPP_TEMPLATE.",
        )
    else:
        yield well("whatsapp-template", "The template is approved.")
