"""What we write to a reporter: whole sentences from templates, and what an SMS of them costs."""

from hotline.domain.report import Channel
from hotline.i18n import REPORTER, SOURCE, Languages

_FILES = {Channel.WHATSAPP: "sms", Channel.SMS: "sms", Channel.VOICE: "voice", Channel.WEB: "web"}

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENSION = frozenset("^{}\\[~]|€\f")


def render(languages: Languages, name: str, channel: Channel, locale: str, **facts: object) -> str:
    """Return the message *name* for *channel*, in *locale* if it is offered and else in the source language."""
    chosen = languages.best([locale]) or SOURCE
    file = f"messages/{name}/{_FILES.get(channel, 'sms')}.txt"
    return languages.render(file, chosen, REPORTER, **facts).strip()


def segments(text: str) -> int:
    """Return how many SMS parts *text* takes (GSM 03.38: 160/153; UCS-2: 70/67 UTF-16 units)."""
    if all(letter in _GSM or letter in _GSM_EXTENSION for letter in text):
        return _parts([2 if letter in _GSM_EXTENSION else 1 for letter in text], 160, 153)
    return _parts([2 if ord(letter) > 0xFFFF else 1 for letter in text], 70, 67)


def _parts(widths: list[int], single: int, part: int) -> int:
    """Count parts; a letter of two units is never split between them."""
    if sum(widths) <= single:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > part:
            count, used = count + 1, 0
        used += width
    return count
