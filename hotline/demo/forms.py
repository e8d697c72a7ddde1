"""The forms of the provider's webhooks, field by field, those that we must not keep among them."""

from collections.abc import Mapping
from datetime import datetime

from hotline.demo.texts import VERSION, Text

WHATSAPP = "whatsapp:"
_GEOGRAPHY = {
    "FromCity": "SAN FRANCISCO",
    "FromState": "CA",
    "FromZip": "94105",
    "FromCountry": "US",
    "ToCity": "",
    "ToState": "",
    "ToZip": "",
    "ToCountry": "US",
}


def webhook(text: Text, account_sid: str, *, origin: str) -> dict[str, str]:
    """Return the form of a text that came in; *origin* is where its pictures are fetched."""
    named = whatsapp(text.sender) if text.sender.startswith(WHATSAPP) else _GEOGRAPHY
    return {
        **named,
        **_pictures(text, account_sid, origin),
        "SmsMessageSid": text.sid,
        "SmsSid": text.sid,
        "MessageSid": text.sid,
        "SmsStatus": "received",
        "Body": text.body,
        "To": text.to,
        "From": text.sender,
        "NumSegments": str(max(text.parts, 1)),
        "AccountSid": account_sid,
        "ApiVersion": VERSION,
        **({"MessagingServiceSid": text.service} if text.service else {}),
        **({"OptOutType": text.opted} if text.opted else {}),
    }


def whatsapp(sender: str) -> Mapping[str, str]:
    """Return what a WhatsApp text says of its sender, who may be a number or an id within the business."""
    address = sender.removeprefix(WHATSAPP)
    named = {"ProfileName": "Someone", "MessageType": "text"}
    if address.startswith("+"):
        return {**named, "WaId": address.removeprefix("+")}
    return {**named, "ExternalUserId": address}


def _pictures(text: Text, account_sid: str, origin: str) -> dict[str, str]:
    fields = {"NumMedia": str(text.media)}
    for number, picture in enumerate(text.pictures):
        path = str(picture.shown(account_sid, text.sid)["uri"]).removesuffix(".json")
        fields[f"MediaUrl{number}"] = origin + path
        fields[f"MediaContentType{number}"] = picture.kind
    return fields


def news(text: Text, account_sid: str, *, at: datetime) -> dict[str, str]:
    """Return the form of a status callback."""
    fields = {
        "MessageSid": text.sid,
        "SmsSid": text.sid,
        "SmsStatus": text.status,
        "MessageStatus": text.status,
        "To": text.to,
        "From": text.sender,
        "AccountSid": account_sid,
        "ApiVersion": VERSION,
    }
    if text.service:
        fields["MessagingServiceSid"] = text.service
    if text.error_code:
        fields["ErrorCode"] = str(text.error_code)
    if text.status in ("delivered", "undelivered") and not text.to.startswith(WHATSAPP):
        fields["RawDlrDoneDate"] = at.strftime("%y%m%d%H%M")
    return fields
