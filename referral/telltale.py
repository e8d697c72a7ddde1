"""Whether a text gives an address away: its street line, its point, or its postcode.

A line of an address is looked for word by word, however it is written: with other signs between, in another width,
escaped as in links. A postcode counts by itself where no public address has it, and beside any word of the line
otherwise; short ones of digits, which a year may look like, only beside a word.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import unquote

_SHORTEST_LINE = 5
"""Characters below which a line of an address says too little to be looked for in other texts."""

_SHORTEST_CODE = 3
_TELLING_CODE = 5
"""Characters from which a postcode tells by itself, if it is not shared with a public address."""

_WORDS_OF_CODE = 3
_SHORTEST_WORD = 3
_ESCAPED = 3
"""How many times over a link may be escaped."""

_WORD = re.compile(r"[^\W_]+")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_INSIDE = frozenset(
    re.findall(
        r"\w+",
        "apartment apt back basement block box building door entrance flat floor front gate house left level lower"
        " office rear right room side ste suite the top unit upper wing",
    )
)
"""Words of a second line that say where inside a house somebody is: the same in many houses."""

_DEGREES = re.compile(r"\d{1,3}\.\d{3}")
"""Coordinates cut to about a hundred metres, as they stand in a map link."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Telltale:
    """What would give withheld places away."""

    lines: Mapping[str, frozenset[Words]] = field(default_factory=dict)
    """The lines of addresses in words, by their first word."""
    points: frozenset[tuple[str, str]] = frozenset()
    codes: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    """By postcode the words that must stand beside it; None where it tells by itself."""
    starts: frozenset[str] = frozenset()

    def is_in(self, text: str) -> bool:
        if len(text) < _SHORTEST_CODE:
            return False
        plain = _plain(text)
        words = _WORD.findall(plain)
        return self._repeats_line(words) or self._repeats_code(words) or self._repeats_point(plain)

    def _repeats_line(self, words: Sequence[str]) -> bool:
        if self.lines.keys().isdisjoint(words):
            return False
        return any(
            tuple(words[place : place + len(line)]) == line
            for place, word in enumerate(words)
            for line in self.lines.get(word, ())
        )

    def _repeats_code(self, words: Sequence[str]) -> bool:
        for place, word in enumerate(words) if self.codes else ():
            if word[:2] not in self.starts:
                continue
            for code in _codes_at(words, place):
                beside = self.codes.get(code, frozenset())
                if beside is None or not beside.isdisjoint(words):
                    return True
        return False

    def _repeats_point(self, text: str) -> bool:
        if "." not in text:
            return False
        numbers = _DEGREES.findall(text)
        return any(not self.points.isdisjoint({(a, b), (b, a)}) for a, b in pairwise(numbers))


def telltale(
    lines: Iterable[str],
    points: Iterable[tuple[float, float]],
    codes: Iterable[tuple[str, str]],
    shared: Iterable[str],
) -> Telltale:
    """Return what gives away *lines* of addresses, *points*, and *codes*: postcodes, each with the line that it stands with.

    *shared* are the postcodes that public addresses have, too.
    """
    public = set(map(_code, shared))
    beside: dict[str, frozenset[str] | None] = {}
    for text, line in codes:
        code = _code(text)
        if len(code) < _SHORTEST_CODE or not any(map(str.isdigit, code)):
            continue
        if len(code) >= _TELLING_CODE and code not in public:
            beside[code] = None
        elif (known := beside.get(code, frozenset())) is not None:
            beside[code] = known | frozenset(_beside(code, line))
    return Telltale(
        _by_first_word(lines),
        frozenset((_digits(y), _digits(x)) for y, x in points),
        beside,
        frozenset(code[:2] for code in beside) | frozenset(code[:1] for code in beside),
    )


def is_street(line: str) -> bool:
    """Say whether the second line of an address is one that may lead to the house, and no floor or door in it."""
    words = words_of(line)
    said = (word for word in words if len(word) >= _SHORTEST_WORD and not word[0].isdigit())
    return len(words) > 1 and any(word not in _INSIDE for word in said)


def words_of(text: str) -> list[str]:
    """Return the words of *text* in one case and width, whatever stands between them."""
    return _WORD.findall(_plain(text))


def _plain(text: str) -> str:
    for _ in range(_ESCAPED):
        if "%" not in text or (plain := unquote(text)) == text:
            break
        text = plain
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return text.casefold()


def _codes_at(words: Sequence[str], place: int) -> Iterator[str]:
    """Yield what may be a postcode that begins there: one of digits alone stands in one word."""
    code = words[place]
    yield code
    for word in words[place + 1 : place + _WORDS_OF_CODE]:
        code += word
        if not code.isdigit():
            yield code


def _code(text: str) -> str:
    return "".join(words_of(text))


def _beside(code: str, line: str) -> Iterator[str]:
    is_short = code.isdigit() and len(code) < _TELLING_CODE
    for word in words_of(line):
        if (word.isdigit() and not is_short) or (
            not word.isdigit() and len(word) >= _SHORTEST_WORD
        ):
            yield word


def _by_first_word(lines: Iterable[str]) -> dict[str, frozenset[Words]]:
    in_words = {tuple(words_of(line)) for line in lines if len(line) >= _SHORTEST_LINE} - {()}
    found: dict[str, frozenset[Words]] = {}
    for line in in_words:
        found[line[0]] = found.get(line[0], frozenset()) | {line}
    return found


def _digits(degrees: float) -> str:
    return f"{abs(degrees):.6f}"[:-3]
