"""Read a text as words: how people really type, folded to one form, each word with its place.

What is folded away: case, accents, Arabic vowel signs and tatweel, variant letters of the Arabic
script, traditional Chinese characters, full-width forms, letters held down (``heeelp``). Spans are code points of the original.
"""

import re
import tomllib
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

# Marks that Python does not count as word characters although they are parts of words.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e8\u06ea-\u06ed\u0900-\u0963\u0971-\u0dff\u0e00-\u0eff\u1000-\u1049\u1050-\u109f"
    "\u135d-\u135f\u1780-\u17d3\u200c\u200d"
)
_STOPS = ".!?:;…。！？；：\n۔؟؛।॥၊။"
_BOUNDARY = f"[{_STOPS}]+"
_ENDS = frozenset(f"{_STOPS},，、")
# Python refuses to read thousands of digits, and nobody counts so far.
_LONGEST_NUMBER = 100
_NUMBER = r"\d+(?:[.,:٫٬]\d+)*"
_ARABIC_VARIANTS = str.maketrans(
    dict.fromkeys("أإآٱ", "ا")
    | dict.fromkeys("ىیےۓئێېۍ", "ي")
    | dict.fromkeys("ةۀهھہۂ\u06c3ە", "ه")
    | {"ک": "ك", "ؤ": "و", "ں": "ن", "ۆ": "و", "ڵ": "ل", "ڕ": "ر", "ګ": "گ"}
)
_LOOSE_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "đ": "d", "ł": "l", "œ": "oe", "æ": "ae", "ँ": "ं", "ঁ": ""}
    | {"ƙ": "k", "ɗ": "d", "ɓ": "b", "ƴ": "y", "қ": "к", "ғ": "г", "ҳ": "х"}
)
_HAN = tomllib.loads(Path(__file__).with_name("traditional.toml").read_text("utf-8"))
_SIMPLIFIED = str.maketrans(
    *("".join(_HAN[script].split()) for script in ("traditional", "simplified"))
)
_NUKTAS = frozenset("\u093c\u09bc\u0a3c")
_HELD_DOWN = re.compile(r"([^\W\d])\1{2,}")
_THRICE = re.compile(r"(.)\1\1")


@dataclass(frozen=True, slots=True)
class Reading:
    """How the words of a language are told apart in its texts."""

    apostrophe_splits: bool = False
    digits_in_words: bool = False
    unsegmented: bool = False


class _Folding(dict[int, str]):
    """Fold one character at a time, so that a text may be folded in one `str.translate`."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character == " ":
        return character
    if character in "'’ʼʻ`´‘\u200c\u200d\u0640":
        return ""
    folded = character.translate(_ARABIC_VARIANTS).casefold()
    folded = unicodedata.normalize("NFKD", folded).casefold().translate(_ARABIC_VARIANTS)
    kept = "".join(part for part in folded if not _is_loose_mark(part))
    return kept.translate(_LOOSE_LETTERS).translate(_SIMPLIFIED).replace(" ", "")


def _is_loose_mark(character: str) -> bool:
    """Tell whether *character* is a mark that people leave out; vowel signs of Indic scripts are not."""
    if unicodedata.category(character) != "Mn":
        return False
    code = ord(character)
    return character in _NUKTAS or code < 0x0590 or 0x0610 <= code < 0x0700


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return *text* in the form in which it is compared; spaces stay where they are."""
    return text.translate(_FOLDING)


@lru_cache(maxsize=8)
def _splitter(reading: Reading) -> re.Pattern[str]:
    if reading.unsegmented:
        return re.compile(rf"{_NUMBER}|[a-zA-Z]+|[\w{_MARKS}]|{_BOUNDARY}|[,，、]")
    run = rf"[\w{_MARKS}]+"
    word = run if reading.apostrophe_splits else rf"{run}(?:['’ʼʻ`´‘]{run})*"
    number = rf"{_NUMBER}(?!\w)" if reading.digits_in_words else _NUMBER
    return re.compile(rf"{number}|{word}|{_BOUNDARY}")


@dataclass(frozen=True, slots=True)
class Words:
    """A text as folded words: *line* joins them, *starts* says where in *line* each begins."""

    reading: Reading
    line: str
    tokens: list[str]
    starts: list[int]
    spans: list[tuple[int, int]]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the code points of the original that ``line[start:end]`` stands for."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = max(bisect_right(self.starts, end - 1) - 1, first)
        return self.spans[first][0], self.spans[last][1]


def read(text: str, reading: Reading) -> Words:
    """Split *text* into folded words; sentence ends become a word ``.`` of their own."""
    spans = [match.span() for match in _splitter(reading).finditer(text)]
    folded = fold(" ".join([text[start:end] for start, end in spans]))
    if _THRICE.search(folded):
        folded = _HELD_DOWN.sub(r"\1", folded)
    tokens = folded.split(" ") if spans else []
    tokens = [".", *[token if token[:1].isalpha() else _settled(token) for token in tokens], "."]
    spans = [(0, 0), *spans, (len(text), len(text))]
    gap = "" if reading.unsegmented else " "
    starts, at = [], len(gap)
    for token in tokens:
        starts.append(at)
        at += len(token) + len(gap)
    return Words(reading, f"{gap}{gap.join(tokens)}{gap}", tokens, starts, spans)


def _settled(token: str) -> str:
    """Bring numbers to digits (``14,000`` and ``5.30`` to ``14000`` and ``5``), sentence ends to a point."""
    first = token[:1]
    if first.isdigit():
        return _number(token)
    return "." if first and first in _ENDS else token


def _number(token: str) -> str:
    if len(token) > _LONGEST_NUMBER:
        return token
    if token.isdecimal():
        return token if token.isascii() else str(int(token))
    whole, *rest = re.split(r"[.,:٫٬]", token)
    if not all(part.isdecimal() for part in (whole, *rest)):
        return token
    thousands = "".join(part for part in rest if len(part) == 3)
    return str(int(whole + thousands))
