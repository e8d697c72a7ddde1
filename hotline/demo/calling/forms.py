"""The forms of the provider's webhooks about calls, field by field, those that we must not keep among them."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime

from hotline.demo.calls import Call, Recording
from hotline.demo.texts import VERSION

_PLACES = ("City", "State", "Zip", "Country")
_HERE = {"City": "SAN FRANCISCO", "State": "CA", "Zip": "94105", "Country": "US"}


def about(call: Call, account_sid: str) -> dict[str, str]:
    """Return what every webhook about *call* says."""
    fields = {
        "CallSid": call.sid,
        "AccountSid": account_sid,
        "From": call.sender,
        "To": call.to,
        "Caller": call.sender,
        "Called": call.to,
        "CallStatus": call.status,
        "ApiVersion": VERSION,
        "Direction": call.direction,
        **_geography("From", call.sender),
        **_geography("Caller", call.sender),
        **_geography("To", call.to),
        **_geography("Called", call.to),
    }
    if call.parent:
        fields["ParentCallSid"] = call.parent
    if call.answered_by:
        fields["AnsweredBy"] = call.answered_by
    if call.direction == "inbound":
        fields |= {"CallToken": "%7B%22parentCallInfoToken%22%3A%22demo%22%7D"}
        fields |= {"StirVerstat": "TN-Validation-Passed-A"} if call.sender.startswith("+") else {}
    return fields


def progress(
    call: Call, account_sid: str, *, status: str, number: int, at: datetime
) -> dict[str, str]:
    """Return the form of a status callback, the *number*-th of its call."""
    fields = about(call, account_sid)
    fields |= {
        "CallStatus": status,
        "Timestamp": format_datetime(at),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(number),
    }
    if call.ended is not None:
        fields |= {"CallDuration": str(call.seconds), "Duration": str(-(-call.seconds // 60))}
    return fields


def recording(recording: Recording, call: Call, account_sid: str) -> dict[str, str]:
    """Return the form that tells what became of a recording."""
    path = f"/{VERSION}/Accounts/{account_sid}/Recordings/{recording.sid}"
    return {
        "AccountSid": account_sid,
        "CallSid": call.sid,
        "RecordingSid": recording.sid,
        "RecordingUrl": f"https://api.twilio.com{path}",
        "RecordingStatus": recording.status,
        "RecordingDuration": str(recording.seconds),
        "RecordingChannels": "1",
        "RecordingStartTime": format_datetime(recording.created),
        "RecordingSource": recording.source,
        "RecordingTrack": "inbound",
        "ErrorCode": "0",
    }


def _geography(side: str, address: str) -> Mapping[str, str]:
    """Return the places of a number, as the provider guesses them; a SIP address and a withheld number have none."""
    known = _HERE if address.startswith("+1") else dict.fromkeys(_PLACES, "")
    return {f"{side}{place}": known[place] for place in _PLACES}
