"""Where webhooks go, as the account's numbers and services say it; over the interface anybody may change that."""

from hotline.demo.account import Account
from hotline.demo.terms import Door, Line


def door_of(account: Account, line: str) -> Door | None:
    """Return where texts to *line* go, or None when the account has no such number.

    What a Messaging Service says goes before what its number says, unless it leaves that to the number.
    """
    held = account.numbers.items()
    sid, number = next((one for one in held if one[1]["phone_number"] == line), ("", None))
    if number is None:
        return None
    for name, service in account.services.items():
        if sid in account.senders.get(name, ()) and not service["use_inbound_webhook_on_number"]:
            return Door(service["inbound_request_url"] or "", service["fallback_url"] or "")
    return Door(number["sms_url"] or "", number["sms_fallback_url"] or "")


def line_of(account: Account, line: str) -> Line | None:
    """Return where calls to *line* go, or None when the account has no such number."""
    held = account.numbers.values()
    number = next((one for one in held if one["phone_number"] == line), None)
    if number is None:
        return None
    door = Door(number["voice_url"] or "", number["voice_fallback_url"] or "")
    return Line(door, number["status_callback"] or "")
