"""What we write to a reporter: whole sentences from templates, and what an SMS of them costs.

Beside what the house says by itself stand *approved phrases*: what a caseworker puts together and sends in a language
that nobody at the desk reads.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from hotline.domain.report import Channel
from hotline.i18n import PHRASES, REPORTER, SOURCE, Languages

_FILES = {Channel.WHATSAPP: "sms", Channel.SMS: "sms", Channel.WEB: "web"}

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENSION = frozenset("^{}\\[~]|€\f")
_GSM_WHOLE = _GSM | _GSM_EXTENSION


def render(languages: Languages, name: str, channel: Channel, locale: str, **facts: object) -> str:
    """Return the message *name* for *channel*, in *locale* if it is offered and else in the source language."""
    chosen = languages.best([locale]) or SOURCE
    file = f"messages/{name}/{_FILES.get(channel, 'sms')}.txt"
    return languages.render(file, chosen, REPORTER, **facts).strip()


def own_word(languages: Languages, name: str, locale: str) -> str:
    """Return the word that people text to ask for *name*, in *locale*, also where it is not offered any more.

    Whoever was told the word while it was can still ask for it.
    """
    return languages.render(f"messages/{name}/sms.txt", locale, REPORTER).strip()


APPROVED: Mapping[str, tuple[str, ...]] = {
    "safety": (
        "safe_to_write",
        "in_danger",
        "hurt",
        "alone",
        "read_along",
        "delete",
        "leave",
        "children",
    ),
    "needs": ("doctor", "safe_place", "food", "papers", "travel"),
    "trust": ("believe", "nothing_wrong", "you_decide", "no_hurry", "your_yes"),
    "next": ("your_language", "when", "how", "wait", "tomorrow", "write_again"),
}
"""The approved phrases by what they are about."""


def phrase(languages: Languages, name: str, locale: str) -> str:
    """Return the approved phrase *name* in *locale*; empty where there is none in it, or no such phrase."""
    said = _phrase(languages, name, SOURCE)
    if not said or not languages.has(locale, PHRASES, said):
        return ""
    return _phrase(languages, name, locale)


def phrases(languages: Languages, locale: str) -> dict[str, str]:
    """Return the approved phrases that can be said in *locale*, by name."""
    names = (name for group in APPROVED.values() for name in group)
    said = {name: phrase(languages, name, locale) for name in names}
    return {name: text for name, text in said.items() if text}


def is_approved(text: str, said: Collection[str]) -> bool:
    """Tell whether *text* is made of phrases in *said*, such as `phrases` returns, and of nothing else."""
    any_of = "|".join(map(re.escape, sorted(said, key=len, reverse=True)))
    return bool(any_of and re.fullmatch(rf"(?:(?:{any_of})(?:\s+|$))+", text.strip()))


@lru_cache(maxsize=2048)
def _phrase(languages: Languages, name: str, locale: str) -> str:
    return languages.render("phrases/approved.txt", locale, PHRASES, name=name).strip()


class Encoding(StrEnum):
    """How an SMS writes its letters: 7 bits for each of few, or 16 for any."""

    GSM = "gsm"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True)
class Weight:
    """What a text takes as an SMS: *room* is how many units the last part has left; a unit is a plain letter."""

    encoding: Encoding
    parts: int
    room: int


_SIZES = {Encoding.GSM: (160, 153), Encoding.UCS2: (70, 67)}


def encoding(text: str) -> Encoding:
    """Return how *text* is written as an SMS: one letter outside GSM 03.38 makes all of it UCS-2.

    National shift tables do not count, because Twilio uses none.
    """
    return Encoding.GSM if _GSM_WHOLE.issuperset(text) else Encoding.UCS2


def segments(text: str) -> int:
    """Return how many SMS parts *text* takes (GSM 03.38: 160/153 letters; UCS-2: 70/67 UTF-16 units)."""
    return weight(text).parts


def weight(text: str) -> Weight:
    """Return what *text* takes; `static/console/weight.js` says the same while somebody types."""
    written = encoding(text)
    wide = _wide(text, written)
    single, part = _SIZES[written]
    parts, used = 1, len(text) + sum(map(text.count, wide))
    if used <= single:
        return Weight(written, parts, single - used)
    used = 0
    for letter in text:
        width = 2 if letter in wide else 1
        # A letter of two units is never split between parts.
        if used + width > part:
            parts, used = parts + 1, 0
        used += width
    return Weight(written, parts, part - used)


def _wide(text: str, written: Encoding) -> frozenset[str]:
    """Return those letters of *text* that take two units each."""
    if written is Encoding.GSM:
        return _GSM_EXTENSION.intersection(text)
    return frozenset(letter for letter in set(text) if ord(letter) > 0xFFFF)
