"""Read a text from the provider's form into a message; nothing in it can make us refuse a person."""

import base64
import binascii
import re
from collections.abc import Mapping

from hotline.domain.report import Channel, IncomingMessage

WHATSAPP = "whatsapp:"

_BASE64 = re.compile(r"[A-Za-z0-9+/\r\n]+={0,2}\s*")
# Shorter texts are words more often than not: "goodmorning" is valid base64.
_SHORTEST_BASE64 = 60
_MOSTLY = 0.95


def incoming_message(
    *, provider_id: str, sender: str, line: str, body: str, media: str = "", opted_out: bool = False
) -> IncomingMessage:
    """Return the message of one text.

    *sender* stays as the network named it: a number, a short code, a name, or the business-scoped id of
    someone on WhatsApp. Where they are (city, state, ZIP) comes along and is not read. Someone who wrote
    STOP, perhaps to hide this conversation, is kept and not answered.
    """
    is_whatsapp = sender.startswith(WHATSAPP) or line.startswith(WHATSAPP)
    return IncomingMessage(
        channel=Channel.WHATSAPP if is_whatsapp else Channel.SMS,
        text=readable(body),
        locale="",
        provider_id=provider_id,
        sender=sender,
        line=line,
        media=int(media) if re.fullmatch("[0-9]{1,2}", media) else 0,
        wants_answer=not opted_out,
    )


def from_form(form: Mapping[str, str]) -> IncomingMessage:
    """Return the message of a webhook whose `is_text` holds."""
    return incoming_message(
        provider_id=form["MessageSid"],
        sender=form["From"],
        line=form["To"],
        body=form.get("Body", ""),
        media=form.get("NumMedia", ""),
        opted_out=bool(form.get("OptOutType")),
    )


def is_text(form: Mapping[str, str]) -> bool:
    """Tell whether *form* names the message, who sent it and to which of our lines."""
    return all(form.get(name) for name in ("MessageSid", "From", "To"))


def readable(body: str) -> str:
    """Return *body*, decoded when the provider sent it as base64, as it does with some joined texts."""
    packed = "".join(body.split())
    if len(packed) < _SHORTEST_BASE64 or len(packed) % 4 or not _BASE64.fullmatch(body):
        return body
    try:
        text = base64.b64decode(packed, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return body
    return text if _reads_like_text(text) else body


def _reads_like_text(text: str) -> bool:
    printable = sum(letter.isprintable() or letter in "\n\r\t" for letter in text)
    return bool(text) and printable >= _MOSTLY * len(text)
