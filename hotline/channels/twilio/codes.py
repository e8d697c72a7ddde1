"""What the provider's error codes mean for a text or a call of ours: https://www.twilio.com/docs/api/errors."""

from hotline.contact import Trouble
from hotline.contact.carrier import (
    CarrierBlocked,
    CarrierBusy,
    CarrierMisconfigured,
    CarrierRefused,
    CarrierUnsure,
    ContentRefused,
    ReporterOptedOut,
)

Failure = CarrierRefused | CarrierBusy | CarrierUnsure

NOT_FINISHED = 20009
"""Something is still under way there, and cannot be deleted yet."""

CALL_OVER = 21220
"""A call that is over cannot be ended."""

OPTED_OUT = {21610}
# Our account, its numbers or permissions are wrong: an operator mends that, and the text or call can still go.
OURS_TO_MEND = {
    13227, 20003, 20005, 20008, 21201, 21203, 21205, 21210, 21212, 21213, 21215, 21219, 21408, 21603, 21606, 21609, 21660, 21703, 21704, 21705, 30002, 30024, 30029,
    30030, 30032, 30034, 63001, 63007,
}  # fmt: skip
FULL = {10004, 20429, 21611, 30001, 30022, 30410, 63018}
CONTENT = {21602, 21617, 30004, 30007, 63016}
FRAUD = {30450, 30453}

_MEANING: dict[type[Failure], set[int]] = {
    ReporterOptedOut: OPTED_OUT,
    CarrierMisconfigured: OURS_TO_MEND,
    CarrierBusy: FULL,
    ContentRefused: CONTENT,
    CarrierBlocked: FRAUD,
}


def failure_of(status: int, code: int) -> Failure:
    """Return what an answer with this HTTP *status* and error *code* means; what is not known goes by the status."""
    kind = next((kind for kind, codes in _MEANING.items() if code in codes), None)
    return (kind or _by_status(status))(ref=str(code))


def trouble_of(code: str) -> Trouble | None:
    """Return what operators must hear of when a text came to nothing with *code*, as news of it says."""
    number = int(code) if code.isascii() and code.isdigit() else 0
    if number in FRAUD:
        return Trouble.BLOCKED
    return Trouble.MISCONFIGURED if number in OURS_TO_MEND else None


def _by_status(status: int) -> type[Failure]:
    if status in (401, 403):
        return CarrierMisconfigured
    if status == 429:
        return CarrierBusy
    return CarrierRefused if 400 <= status < 500 else CarrierUnsure
