"""The form in which words are compared: lower case, one kind of apostrophe, one letter where writers mix several.

`fold` never changes the length of a text, so a place found in the folded text is the same place in the original.
"""

import unicodedata
from functools import lru_cache

# Writers of Arabic script mix these freely; Persian and Urdu keyboards have their own kaf and ya.
_SAME_LETTER = {
    "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",
    "ة": "ه", "ۀ": "ه", "ۂ": "ه", "ؤ": "و", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "ʻ": "'",
    "‑": "-", "‐": "-", "–": "-", "—": "-", "ё": "е", "İ": "i", "ی": "ی", "ہ": "ه", "ھ": "ه", "ۃ": "ه",
}  # fmt: skip

_ARABIC_MARKS = dict.fromkeys(
    [*range(0x064B, 0x0653), 0x0670, 0x0640, 0x200C, 0x200D, 0x200E, 0x200F]
)


_SEEN_OFTEN = 0x10000
_LONGEST = 200


class _Folding(dict[int, str]):
    """Fold one character at a time, on first sight: a table of all of Unicode would cost start-up."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _SAME_LETTER.get(char) or _fold_character(char)
        if code < _SEEN_OFTEN:
            self[code] = folded
        return folded


def _fold_character(char: str) -> str:
    if (value := unicodedata.digit(char, None)) is not None:
        return str(value)
    plain = unicodedata.normalize("NFKC", char) if _is_presentation_form(char) else char
    lowered = (plain if len(plain) == 1 else char).lower()
    return _SAME_LETTER.get(lowered, lowered) if len(lowered) == 1 else char


def _is_presentation_form(char: str) -> bool:
    """Fullwidth, mathematical and Arabic presentation forms read as their plain letters."""
    return "\uff00" <= char <= "\uffef" or "\ufb50" <= char <= "\ufeff" or char >= "\U0001d400"


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return *text* of the same length, in the form that lexicons use."""
    if text.isascii():
        return text.lower().replace("`", "'")
    return text.translate(_FOLDING)


@lru_cache(maxsize=1)
def _mark_ranges() -> str:
    """Return the combining marks as ranges for a character class: `re` does not count them as letters."""
    ranges: list[str] = []
    start = previous = -2
    for code in [
        *range(0x300, 0x3100),
        *range(0xA800, 0xAC00),
        *range(0xFE00, 0xFE30),
        *range(0x11000, 0x11800),
    ]:
        if unicodedata.category(chr(code))[0] != "M":
            continue
        if code != previous + 1:
            if start >= 0:
                ranges.append(f"{chr(start)}-{chr(previous)}")
            start = code
        previous = code
    ranges.append(f"{chr(start)}-{chr(previous)}")
    return "".join(ranges)


MARKS = _mark_ranges()


def bare(word: str) -> str:
    """Return a folded word as lexicons list it: composed, without Arabic vowel signs, tatweel and joiners."""
    # Longer than any listed word, and putting the marks of a page of them in order takes seconds.
    if word.isascii() or len(word) > _LONGEST:
        return word
    composed = unicodedata.normalize("NFC", word)
    if "\u0600" <= composed[0] <= "\u06ff" or "\u200c" in composed:
        return composed.translate(_ARABIC_MARKS) or composed
    return composed
