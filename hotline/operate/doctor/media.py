"""Pictures and recordings at the provider: may a stranger who has the address fetch them? And are texts redacted?"""

from collections.abc import Iterator

from hotline.operate.doctor.findings import Finding, unknown, well, wrong
from hotline.operate.doctor.visit import Visit

_LOCK = "turn on HTTP authentication for media"
_SHUT, _NO_ANSWER = (401, 403), 400


def check_media(visit: Visit) -> Iterator[Finding]:
    address = visit.account.newest_media()
    yield _judged(visit, address, "media", "Pictures that people text", "Messaging, Settings")


def check_recordings(visit: Visit) -> Iterator[Finding]:
    address = visit.account.newest_recording()
    yield _judged(visit, address, "recordings", "Recordings of calls", "Voice, Settings")


def check_redaction(_: Visit) -> Iterator[Finding]:
    yield unknown(
        "redaction-unknown",
        "The provider's interface does not tell whether Message Redaction is on.",
        "In the console, Messaging, Settings, General, Message privacy. Without it texts lie there for the minutes until we "
        "erase them; with it for numbers, Advanced Opt-Out and Sticky Sender must be off.",
    )


def _judged(visit: Visit, address: str | None, code: str, what: str, where: str) -> Finding:
    do = f"In the console, {where}, General, {_lock_or_look(address)}."
    if address is None:
        return unknown(
            f"{code}-unknown",
            f"There is nothing to try whether strangers get in: {what.lower()} may be open to them.",
            do,
        )
    status = visit.account.status_for_strangers(address)
    if status in _SHUT:
        return well(code, f"{what} are shut to strangers.")
    if status >= _NO_ANSWER:
        # It was erased meanwhile, or the provider is busy.
        return unknown(f"{code}-unknown", f"{what} could not be tried (status {status}).", do)
    return wrong(f"{code}-open", f"{what} are open to whoever has their address.", do)


def _lock_or_look(address: str | None) -> str:
    return _LOCK if address else f"see to it yourself: {_LOCK}"
