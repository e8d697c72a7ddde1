"""Read a text from the provider's form into a message; nothing in it can make us refuse a person.

What a webhook says beyond the text (city, state and ZIP of the phone, the profile's name) is not read.
"""

import base64
import binascii
import re
from collections.abc import Mapping

from hotline.domain.report import Channel, IncomingMessage

WHATSAPP = "whatsapp:"

# Whatever stands there, the provider acted on it. It answers all but START itself: ours would be the second.
_OPTED = {"STOP": "stop", "START": "start", "HELP": "help"}

_BASE64 = re.compile(r"[A-Za-z0-9+/\r\n]+={0,2}\s*")
# Shorter texts are words more often than not: "goodmorning" is valid base64.
_SHORTEST_BASE64 = 60
# Real base64 of that length has all of them; what people write without a space seldom has.
_KINDS_OF_LETTERS = (re.compile("[A-Z]"), re.compile("[a-z]"), re.compile("[0-9+/=]"))
_MOSTLY = 0.95

# What the provider says of texts that *we* sent. An incoming one is "received", or "receiving".
_FATES = frozenset(
    {
        "accepted",
        "canceled",
        "delivered",
        "failed",
        "partially_delivered",
        "queued",
        "read",
        "scheduled",
        "sending",
        "sent",
        "undelivered",
    }
)


def incoming_message(
    *,
    provider_id: str,
    sender: str,
    line: str,
    body: str,
    media: str = "",
    opted: str = "",
) -> IncomingMessage:
    """Return the message of one text.

    *sender* stays as the network named it: a number, a short code, a name, or the business-scoped id of
    someone on WhatsApp. *opted* is the provider's word for what a text such as STOP did there. Someone who
    wrote STOP, perhaps to hide this conversation, is kept and not answered.
    """
    is_whatsapp = sender.startswith(WHATSAPP) or line.startswith(WHATSAPP)
    word = opted.strip().upper()
    return IncomingMessage(
        channel=Channel.WHATSAPP if is_whatsapp else Channel.SMS,
        text=readable(body),
        locale="",
        provider_id=provider_id,
        sender=sender,
        line=line,
        media=int(media) if re.fullmatch("[0-9]{1,2}", media) else 0,
        wants_answer=word in ("", "START"),
        opted=_OPTED.get(word, ""),
    )


def from_form(form: Mapping[str, str]) -> IncomingMessage:
    """Return the message of a webhook whose `is_text` holds.

    A button pressed on WhatsApp is a text with the words of the button. Someone there may have no number
    for us, and is then named by an id that only we know them by.
    """
    scoped = form.get("ExternalUserId", "")
    body = form.get("Body", "")
    return incoming_message(
        provider_id=form["MessageSid"],
        sender=form["From"] or (WHATSAPP + scoped.removeprefix(WHATSAPP) if scoped else ""),
        line=form["To"],
        body=body if body.strip() else form.get("ButtonText", "") or body,
        media=form.get("NumMedia", ""),
        opted=form.get("OptOutType", ""),
    )


def is_text(form: Mapping[str, str]) -> bool:
    """Tell whether *form* names the message, and says from whom to which line, though that may be blank."""
    return bool(form.get("MessageSid")) and "From" in form and "To" in form


def is_news(form: Mapping[str, str]) -> bool:
    """Tell whether *form* only says what became of a text of ours: it has a fate, and no words."""
    fate = form.get("MessageStatus") or form.get("SmsStatus") or ""
    return (
        fate.lower() in _FATES and not form.get("Body") and form.get("NumMedia", "0") in ("", "0")
    )


def readable(body: str) -> str:
    """Return *body*, decoded when the provider sent it as base64, as it does with some joined texts.

    A text is never taken for base64 by its letters alone: what comes out must read like writing.
    """
    packed = "".join(body.split())
    if len(packed) < _SHORTEST_BASE64 or len(packed) % 4 or not _BASE64.fullmatch(body):
        return body
    if not all(kind.search(packed) for kind in _KINDS_OF_LETTERS):
        return body
    try:
        text = base64.b64decode(packed, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return body
    return text if _reads_like_writing(text) else body


def _reads_like_writing(text: str) -> bool:
    """Tell whether *text* is printable, and has words with spaces between them or a script beyond ASCII."""
    printable = sum(letter.isprintable() or letter in "\n\r\t" for letter in text)
    has_words = not text.isascii() or any(letter.isspace() for letter in text)
    return has_words and printable >= _MOSTLY * len(text)
