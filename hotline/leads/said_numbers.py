"""The numbers that a text says, in figures and in words: ``500 ~ 555``, ``5OO``, ``twenty-three``. Pure.

Words are those of `said_numbers.tsv`; what may stand between two parts of one number are the lexicons' joints ("and").
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

from hotline.anonymize.wording import words_for
from hotline.leads.likeness import plain
from hotline.lexicon.folding import fold

_TABLE = Path(__file__).with_name("said_numbers.tsv")
_TOKEN = re.compile(r"[oо]*\d[\doо]*|[^\W\d_]+")
_LETTER_O = re.compile("[oо]")
_ONLY_O = re.compile("[oо]{1,4}")
_APART = 6
"""Characters that may stand between two parts of one number."""

_AND = "و"  # Arabic writes "and" and the word behind it as one.
_EXTENSION = frozenset({"ext", "extn", "extension"})
_TENS = range(20, 100, 10)
_UP_TO_NINETEEN = (60, 80)  # soixante-dix, quatre-vingt-dix


class Said(NamedTuple):
    """A number, digit by digit, and where it stands."""

    digits: str
    start: int
    end: int


class _Part(NamedTuple):
    """One word of a number: its *figures*, or the *value* that it says; *joined* where a joint stands before it."""

    figures: str
    value: int
    start: int
    end: int
    joined: bool


def numbers_in(text: str, languages: tuple[str, ...]) -> Iterator[Said]:
    """Yield every number of *text*: each by itself, and what stands side by side as one, as long as it can be read."""
    joints = words_for(languages, "number_joints") | _EXTENSION
    run: list[_Part] = []
    reached, is_joined = 0, False
    for match in _TOKEN.finditer(fold(text)):
        if run and match.start() - reached > _APART:
            yield from _said(run, languages)
            run = []
        part = _part(match, languages, is_within=bool(run), is_joined=is_joined)
        is_joined = bool(run) and not part and match.group() in joints
        if part:
            run.append(part)
        elif run and not is_joined:
            yield from _said(run, languages)
            run = []
        reached = match.end()
    if run:
        yield from _said(run, languages)


def digits_in(text: str) -> str:
    """Return all digits of *text*, whatever stands between them; an O is a zero."""
    return "".join(filter(str.isdigit, _LETTER_O.sub("0", fold(text))))


def _part(
    match: re.Match[str], languages: tuple[str, ...], *, is_within: bool, is_joined: bool
) -> _Part | None:
    token = match.group()
    if any(map(str.isdigit, token)) or (is_within and _ONLY_O.fullmatch(token)):
        return _Part(_LETTER_O.sub("0", token), -1, *match.span(), is_joined)
    values, word = _values(languages), plain(token)
    if word not in values and word.startswith(_AND):
        word, is_joined = word.removeprefix(_AND), True
    return _Part("", values[word], *match.span(), is_joined) if word in values else None


def _said(run: list[_Part], languages: tuple[str, ...]) -> Iterator[Said]:
    each: list[Said] = []
    at = 0
    while at < len(run):
        digits, count = _one(run[at:], is_french="fr" in languages)
        each.append(Said(digits, run[at].start, run[at + count - 1].end))
        at += count
    yield from each
    if len(each) > 1:
        yield Said("".join(one.digits for one in each), each[0].start, each[-1].end)


def _one(parts: list[_Part], *, is_french: bool) -> tuple[str, int]:
    """Return the number with which *parts* begin, and of how many of them it is made."""
    if parts[0].figures:
        return parts[0].figures, 1
    value, count = parts[0].value, 1
    if is_french and value == 4 and _value(parts, 1) == 20:
        value, count = 80, 2
    beside = _value(parts, count)
    if value in _TENS:
        low, more = _low(parts[count:], most=19 if is_french and value in _UP_TO_NINETEEN else 9)
        return str(value + low), count + more
    if is_french and value == 10 and 7 <= beside <= 9:
        return str(value + beside), count + 1
    if 1 <= value <= 9 and beside in _TENS and parts[count].joined:
        return str(value + beside), count + 1
    return str(value), count


def _low(parts: list[_Part], *, most: int) -> tuple[int, int]:
    """Return what is added to a number of tens, up to *most*, and how many of *parts* say it; twice 0 where none does."""
    first, second = _value(parts, 0), _value(parts, 1)
    if most > 10 == first and 7 <= second <= 9:
        return first + second, 2
    return (first, 1) if 1 <= first <= most else (0, 0)


def _value(run: list[_Part], at: int) -> int:
    return run[at].value if at < len(run) and not run[at].figures else -1


@lru_cache(maxsize=128)
def _values(languages: tuple[str, ...]) -> Mapping[str, int]:
    bases = {code.partition("-")[0] for code in languages}
    return {word: value for base in sorted(bases) for word, value in _table().get(base, {}).items()}


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, int]]:
    """Return what each language says for which number, words as `plain` leaves them."""
    table: dict[str, dict[str, int]] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        language, value, words = line.split("\t")
        table.setdefault(language, {}).update(
            {plain(word): int(value) for word in words.split(",")}
        )
    german = table["de"]
    ones = [(word, value) for word, value in german.items() if 1 <= value <= 9]
    tens = [(word, value) for word, value in german.items() if value in _TENS]
    table["de"] |= {f"{one}und{ten}": low + high for (one, low), (ten, high) in product(ones, tens)}
    return table
