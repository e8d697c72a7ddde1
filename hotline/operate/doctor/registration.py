"""Are our senders registered where carriers ask for it? Texts of others are refused or filtered in silence."""

from collections.abc import Iterator, Sequence

from hotline.operate.doctor.findings import Finding, ending_of, unknown, warning, well, wrong
from hotline.operate.doctor.visit import Visit, country_of

_TOLL_FREE = ("+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888")


def check_registration(visit: Visit) -> Iterator[Finding]:
    line = visit.settings.sms_number
    number = visit.owned.get(line)
    if number is None:
        return
    if line.startswith(_TOLL_FREE):
        yield _toll_free(visit.account.toll_free_verifications(number.sid), ending_of(line))
    elif country_of(line) == "US":
        # Without a service there is nothing to register; that is told by its own check.
        if visit.service is not None:
            sid = visit.settings.messaging_service_sid
            yield _campaign(visit.account.campaigns(sid), ending_of(line))
    else:
        yield unknown(
            "registration-unknown",
            "The provider's interface does not tell whether this country asks for registration of senders.",
            "Read its page in the provider's SMS guidelines by country, and register where it asks for that.",
            ending_of(line),
        )


def _toll_free(states: Sequence[str], about: str) -> Finding:
    if "TWILIO_APPROVED" in states:
        return well("registration", "The toll-free number is verified.", about)
    return wrong(
        "toll-free-unverified",
        "This toll-free number is not verified, so carriers refuse its texts (error 30032).",
        "Submit a toll-free verification in the console; approval takes days.",
        about,
    )


def _campaign(states: Sequence[str], about: str) -> Finding:
    if "VERIFIED" in states:
        return well("registration", "The number is registered for texts in the US.", about)
    if "IN_PROGRESS" in states or "PENDING" in states:
        return warning(
            "a2p-pending",
            "The registration for texts in the US is not approved yet; until then carriers refuse them.",
            "Wait for the approval, and run this again.",
            about,
        )
    return wrong(
        "a2p-unregistered",
        "This number is not registered for texts in the US, so carriers refuse them (error 30034).",
        "Register a brand and a campaign (A2P 10DLC) on the Messaging Service; name no purpose that gives people away.",
        about,
    )
