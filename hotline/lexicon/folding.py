"""The form in which words are compared: lower case, one kind of apostrophe, one letter where writers mix several.

`fold` never changes the length of a text, so a place found in the folded text is the same place in the original.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

# Writers of Arabic script mix these freely; Persian and Urdu keyboards have their own kaf and ya.
_SAME_LETTER = {
    "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",
    "ة": "ه", "ۀ": "ه", "ۂ": "ه", "ؤ": "و", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "ʻ": "'",
    "٫": ".", "٬": ",", "‑": "-", "‐": "-", "–": "-", "—": "-", "ё": "е", "İ": "i", "ی": "ی", "ہ": "ه", "ھ": "ه", "ۃ": "ه",
}  # fmt: skip

# Letters drawn by other means, which no other form of normalization reads: small capitals, letters in boxes and discs,
# the letters that flags are made of.
_DRAWN = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True)) | {
    chr(first + place): chr(0x61 + place)
    for first in (0x249C, 0x1F110, 0x1F150, 0x1F170, 0x1F1E6)
    for place in range(26)
}

# What the eye cannot see, or sees as a line through its letter: format characters, fillers, spaces of no width and
# joiners outside the scripts that use them, variation selectors, overlays, keycaps, marks on digits, and three marks or more on one letter.
_UNSEEN = re.compile(
    "[\u00ad\u0334-\u0338\u034f\u0488\u0489\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u20d0-\u20f0\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]+"
    "|(?<![\u0600-\u0fff\u1000-\u109f\u1780-\u17ff])[\u200b-\u200d]+"
    "|(?<=\\d)[\u0300-\u036f]+"
    "|[\u0300-\u036f]{3,}"
)
_MAY_BE_UNSEEN = re.compile(
    "[\u00ad\u0300-\u036f\u0488\u0489\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u20d0-\u20f0\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)

# Letters that look alike in two alphabets: what "mаria" with a Cyrillic "а" is read as.
_TWINS = dict(zip("аеорсухіјѕкмтвнԁһԛԝαορνικεχτβ", "aeopcyxijskmtbhdhqwaopvikextb", strict=True))
_TWINS_OF_LATIN = dict(zip("aeopcyxikmtbh", "аеорсухікмтвн", strict=True))
_TWO_ALPHABETS = re.compile("[a-z][\u0370-\u052f]|[\u0370-\u052f][a-z]")
_WORD_OF_TWO = re.compile("[a-z\u0370-\u052f]+")

_ARABIC_MARKS = dict.fromkeys(
    [*range(0x064B, 0x0653), 0x0670, 0x0640, 0x200C, 0x200D, 0x200E, 0x200F]
)
_ARABIC_MARK = re.compile("[\u064b-\u0652\u0670\u0640\u200c-\u200f]")


TRADITIONAL = Path(__file__).parent / "compiled" / "traditional.txt"
_SEEN_OFTEN = 0x10000
_LONGEST = 200


class _Folding(dict[int, str]):
    """Fold one character at a time, on first sight: a table of all of Unicode would cost start-up."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _SAME_LETTER.get(char) or _DRAWN.get(char) or _fold_character(char)
        if "\u3400" <= char <= "\u9fff":
            folded = _simplified().get(char, char)
        if code < _SEEN_OFTEN:
            self[code] = folded
        return folded


@lru_cache(maxsize=1)
def _simplified() -> dict[str, str]:
    """Return the simplified form of each traditional Chinese character; lexicons list the simplified one."""
    if not TRADITIONAL.exists():
        return {}
    traditional, simplified = TRADITIONAL.read_text(encoding="utf-8").split()
    return dict(zip(traditional, simplified, strict=True))


def _fold_character(char: str) -> str:
    if (value := unicodedata.digit(char, None)) is not None:
        return str(value)
    plain = unicodedata.normalize("NFKC", char) if _is_presentation_form(char) else char
    lowered = (plain if len(plain) == 1 else char).lower()
    return _SAME_LETTER.get(lowered, lowered) if len(lowered) == 1 else char


def _is_presentation_form(char: str) -> bool:
    """Fullwidth, mathematical, encircled, raised and Arabic presentation forms read as their plain letters."""
    if char >= "\ufb50":
        return "\uff00" <= char <= "\uffef" or char <= "\ufeff" or char >= "\U0001d400"
    return (
        "\u2070" <= char <= "\u214f" or "\u24b6" <= char <= "\u24e9" or "\u1d2c" <= char <= "\u1d6a"
    )


_FOLDING = _Folding()
# Of every other letter of these alphabets the folded form is the small one, wherever it stands.
_ONE_BY_ONE = re.compile(
    "[^\x00-\x5fa-\xb1\xb5-\xb8\xba-\u012f\u0131-\u01a5\u01a7-\u0261\u0263-\u0269\u0300-\u036f\u0400\u0402-\u0450\u0452-\u052f"
    "\u0900-\u0965\u0970-\u09e5\u0e00-\u0e4f\u1000-\u103f\u1200-\u1368\u1e00-\u1eff\u201a-\u2027]"
)


def fold(text: str) -> str:
    """Return *text* of the same length, in the form that lexicons use."""
    if text.isascii():
        return text.lower().replace("`", "'")
    folded = text.translate(_FOLDING) if _ONE_BY_ONE.search(text) else text.lower()
    return _WORD_OF_TWO.sub(_in_one_alphabet, folded) if _TWO_ALPHABETS.search(folded) else folded


def _in_one_alphabet(found: re.Match[str]) -> str:
    """Return a word that mixes Latin with Cyrillic or Greek in the alphabet of most of its letters."""
    word = found.group()
    latin = sum(char.isascii() for char in word)
    if latin in {0, len(word)}:
        return word
    twins = _TWINS if 2 * latin >= len(word) else _TWINS_OF_LATIN
    return "".join(twins.get(char, char) for char in word)


def without_unseen(text: str) -> tuple[str, list[int] | None]:
    """Return *text* without what the eye cannot see in it, and where each remaining character stood.

    Last comes the end of *text*. The places are nothing where the text is seen whole, as nearly every text is.
    """
    if text.isascii() or not _MAY_BE_UNSEEN.search(text) or not _UNSEEN.search(text):
        return text, None
    places: list[int] = []
    reached = 0
    for found in _UNSEEN.finditer(text):
        places.extend(range(reached, found.start()))
        reached = found.end()
    places.extend(range(reached, len(text)))
    seen = "".join([text[place] for place in places])
    return seen, [*places, len(text)]


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


def is_bare(text: str) -> bool:
    """Say whether every word of a folded text stands in it as lexicons list it already."""
    return not _ARABIC_MARK.search(text) and unicodedata.is_normalized("NFC", text)
