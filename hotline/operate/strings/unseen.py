"""What nobody sees and what breaks a sentence all the same: controls, blanks, letters in pieces."""

import re
import unicodedata
from collections.abc import Iterator

from hotline.i18n import direction
from hotline.operate.strings.entries import Entry, Fault

_OPENS = {
    "\u2066": "\u2069",
    "\u2067": "\u2069",
    "\u2068": "\u2069",
    "\u202a": "\u202c",
    "\u202b": "\u202c",
}
_CLOSES = frozenset(_OPENS.values())
_MARKS = frozenset("\u200e\u200f\u061c")
_OVERRIDES = frozenset("\u202d\u202e")
_JOINERS = frozenset("\u200c\u200d")
_JOINED = frozenset(["Arab", "Beng", "Deva", "Guru", "Khmr", "Mymr", "Sinh", "Taml"])
"""Scripts in which joiners decide how letters are drawn."""

_BREAK = "\u200b"
_UNSPACED = frozenset(["Khmr", "Laoo", "Mymr", "Thai"])
"""Scripts without spaces, in which a line may break where this sign says so."""

_NO_TEXT = frozenset(["Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"])
_BLANKS = re.compile(r"[^\S\n]{2,}|[^\S\n]+\n")


def bidi(entry: Entry) -> Iterator[Fault]:
    """Signs that turn the direction come in pairs, and only where the language runs from right to left."""
    for said in entry.said:
        used = [sign for sign in said if sign in _OPENS or sign in _CLOSES or sign in _MARKS]
        if _OVERRIDES & set(said) or (used and direction(entry.locale) == "ltr"):
            yield Fault("a sign that turns the direction")
        elif not _is_balanced(said):
            yield Fault("signs that turn the direction and do not end")


def controls(entry: Entry) -> Iterator[Fault]:
    """No sign is there that has no width, except where the script needs it."""
    allowed = {"\n", *_OPENS, *_CLOSES, *_MARKS, *_OVERRIDES}
    allowed |= _JOINERS if entry.row.script in _JOINED else set()
    allowed |= {_BREAK} if entry.row.script in _UNSPACED else set()
    for letter in dict.fromkeys("".join(entry.said)):
        if letter == "\ufffd" or (
            unicodedata.category(letter) in _NO_TEXT and letter not in allowed
        ):
            yield Fault(f"the unseen sign U+{ord(letter):04X}")


def normal(entry: Entry) -> Iterator[Fault]:
    if any(not unicodedata.is_normalized("NFC", said) for said in entry.said):
        yield Fault("letters in pieces (not NFC)")


def edges(entry: Entry) -> Iterator[Fault]:
    """A translation begins and ends as its source does, and has as many lines."""
    wanted = _edges(entry.sources[-1])
    if any(_edges(said) != wanted for said in entry.said):
        yield Fault("other blanks at an end, or other lines")


def blanks(entry: Entry) -> Iterator[Fault]:
    if any(_BLANKS.search(said.strip()) for said in entry.said):
        yield Fault("two blanks in a row")


def _edges(text: str) -> tuple[str, str, int]:
    body = text.strip()
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :], body.count("\n")


def _is_balanced(text: str) -> bool:
    awaited: list[str] = []
    for sign in text:
        if sign in _OPENS:
            awaited.append(_OPENS[sign])
        elif sign in _CLOSES and (not awaited or awaited.pop() != sign):
            return False
    return not awaited
