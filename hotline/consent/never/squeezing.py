"""The letters of a text alone, in one form, and where its words begin and end among them.

What stands between words does not count when phrases are compared, so neither a hyphen, a line end, nor a space in
the middle of a word hides one. Letters that look alike are one letter here, whatever alphabet they are from.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from hotline.anonymize.tokens import HAS_RUN, RUN
from hotline.lexicon.folding import MARKS, fold, without_unseen

_STOPS = ".!?;…。！？؟؛।॥۔።"
_WORD = re.compile(
    f"(?P<stop>[{_STOPS}])|[{RUN}][{RUN}{MARKS}]*|(?:[^\\W{RUN}]|[{MARKS}\u200b-\u200d])+"
)
_BETWEEN = re.compile(r"[\s'’-]+")
_PLAIN_WORD = re.compile(f"(?P<stop>[{_STOPS}])|[a-z0-9]+")

# Greek capitals look like other letters than their small ones; they are told apart before the case is folded.
_CAPITALS = dict(zip(map(ord, "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϺ"), "ABEZHIKMNOPTYXCM", strict=True))
_TWINS = dict(
    zip(
        "аеорсухіјѕкмтвнԁһԛԝӏєӕαορνικετχβυγωհսոօցքɑɡɩıɪʟʀɴłøđðħəþœæß",
        ["a", "e", "o", "p", "c", "y", "x", "i", "j", "s", "k", "m", "t", "b", "h", "d", "h", "q", "w", "i", "e", "ae", "a", "o", "p", "v", "i", "k", "e", "t", "x", "b", "u", "y", "w", "h", "u", "n", "o", "g", "p", "a", "g", "i", "i", "i", "i", "r", "n", "i", "o", "d", "d", "h", "e", "th", "oe", "ae", "ss"],
        strict=True,
    )
)  # fmt: skip
_TWINS |= dict(
    zip(
        "ᎠᎡᎢᎪᎬᎳᎷᎫᎻᎩᏀᏃᏚᏢᏟᏦᏞᏴᏙ",
        [
            "d",
            "r",
            "t",
            "a",
            "e",
            "w",
            "m",
            "j",
            "h",
            "y",
            "g",
            "z",
            "s",
            "p",
            "c",
            "k",
            "i",
            "b",
            "v",
        ],
        strict=True,
    )
)
_TWINS |= {"l": "i", "1": "i", "0": "o", "ں": "ن", "ے": "ی", "ँ": "ं", "ঁ": "ং"}
_LOOSE = ((0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06ED),
          (0x093C, 0x093C), (0x09BC, 0x09BC), (0x0A3C, 0x0A3C), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF),
          (0x20D0, 0x20FF), (0xFE20, 0xFE2F))  # fmt: skip
# Particles that are written as one with the word behind them, in Arabic and in Amharic.
_GLUED = ("و", "ف", "ب", "ل", "ک", "س", "ال", "وال", "بال", "فال", "کال", "لل", "ول", "وب",
          "የ", "በ", "ለ", "ከ", "ስለ", "እንደ", "እየ")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Squeezed:
    """*letters* of a text; all places but those in *spans* are places in them.

    *starts* and *ends* are where words may begin and end, *sentences* where sentences begin. *words* are the words,
    *at* where each begins, and *spans* where it stands in the text. *inside* says of some words, by their number,
    where else in them words may begin.
    """

    letters: str
    starts: list[int]
    ends: Set[int]
    sentences: list[int]
    words: list[str]
    at: list[int]
    spans: list[tuple[int, int]]
    inside: dict[int, list[int]]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the characters of the text that the words from *start* to *end* are written with."""
        return self._place(start)[0], self._place(end - 1)[1]

    def _place(self, letter: int) -> tuple[int, int]:
        number = bisect_right(self.at, letter) - 1
        first, last = self.spans[number]
        is_run = HAS_RUN.match(self.words[number]) and last - first == len(self.words[number])
        if not is_run:
            return first, last
        first += letter - self.at[number]
        return first, first + 1


class _Folding(dict[int, str]):
    """Fold one character at a time, on first sight."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(char: str) -> str:
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    return "".join(_TWINS.get(part, part) for part in parts if _counts(part))


def _counts(char: str) -> bool:
    if any(first <= ord(char) <= last for first, last in _LOOSE):
        return False
    return char.isalnum() or unicodedata.category(char).startswith("M")


_FOLDING = _Folding()


def letters_of(text: str) -> str:
    """Return the letters of *text* in the form in which they are compared."""
    return squeeze(text).letters


def spaced_letters(part: str) -> str:
    """Return *part* of a phrase as letters, with one space where words end."""
    folded = _BETWEEN.sub(" ", fold(part.translate(_CAPITALS)))
    return " ".join(word.translate(_FOLDING) for word in folded.split(" "))


def squeeze(text: str) -> Squeezed:
    """Return *text* as letters. Takes time that grows with its length only."""
    seen, places = without_unseen(text)
    is_plain = seen.isascii()
    folded = seen.lower() if is_plain else fold(seen.translate(_CAPITALS))
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    stops: list[int] = []
    inside: dict[int, list[int]] = {}
    for match in (_PLAIN_WORD if is_plain else _WORD).finditer(folded):
        if match.lastgroup:
            stops.append(len(words))
            continue
        if word := match[0].translate(_FOLDING):
            if not is_plain and (more := _more_starts(word)):
                inside[len(words)] = more
            words.append(word)
            spans.append(match.span())
    if places is not None:
        spans = [(places[start], places[end - 1] + 1) for start, end in spans]
    return _joined(words, spans, stops, inside)


def without(text: Squeezed, fillers: Set[str]) -> Squeezed | None:
    """Return *text* without its words that are *fillers*, such as articles: they stand anywhere and tell nothing.

    None where there are none.
    """
    if fillers.isdisjoint(text.words):
        return None
    kept = [number for number, word in enumerate(text.words) if word not in fillers]
    numbers = [bisect_left(text.at, place) for place in text.sentences]
    return _joined(
        [text.words[number] for number in kept],
        [text.spans[number] for number in kept],
        [bisect_left(kept, number) for number in numbers],
        {new: text.inside[old] for new, old in enumerate(kept) if old in text.inside},
    )


def _joined(
    words: list[str], spans: list[tuple[int, int]], stops: list[int], inside: dict[int, list[int]]
) -> Squeezed:
    *at, length = accumulate(map(len, words), initial=0)
    ends, starts = {*at, length}, at
    for number, offsets in inside.items():
        starts = [*starts, *(at[number] + offset for offset in offsets)]
        if HAS_RUN.match(words[number]):
            ends.update(starts[-len(offsets) :])
    sentences = [0, *((*at, length)[stop] for stop in stops)]
    return Squeezed("".join(words), sorted(starts), ends, sentences, words, at, spans, inside)


def _more_starts(word: str) -> list[int]:
    """Return where in *word* another may begin: behind particles, and anywhere in a script without spaces."""
    if HAS_RUN.match(word):
        marks = _marks()
        return [place for place in range(1, len(word)) if word[place] not in marks]
    if not "\u0600" <= word[0] <= "\u137f":
        return []
    lengths = {len(each) for each in _GLUED if word.startswith(each)}
    return sorted(length for length in lengths if length < len(word) - 1)


@lru_cache(maxsize=1)
def _marks() -> frozenset[str]:
    return frozenset(
        chr(code) for code in range(0x0E00, 0x1800) if unicodedata.category(chr(code))[0] == "M"
    )
