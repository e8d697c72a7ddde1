"""What may not stand in the words of a lead: placeholders, numbers, links, days, hidden characters.

The rules are shapes, in any script: they do not know what a name is. That is what the caseworker who
approves the words is for; these rules catch what tired eyes pass over.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from hotline.domain.identity import Label

LONGEST = 4000
_QUOTE = 8  # words in a row


class Fact(StrEnum):
    """What decided against a lead. The page says it in words."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    HIDDEN_CHARACTER = "hidden_character"
    PLACEHOLDER = "placeholder"
    LINK = "link"
    NUMBER = "number"
    PLATE = "plate"
    CLOCK_TIME = "clock_time"
    DAY = "day"
    QUOTE = "quote"
    UNKNOWN_CODE = "unknown_code"
    UNKNOWN_COUNTRY = "unknown_country"
    AREA_ELSEWHERE = "area_elsewhere"
    AREA_TOO_SMALL = "area_too_small"
    UNKNOWN_LANGUAGE = "unknown_language"
    PRIVATE_LINK = "private_link"
    IMMIGRATION_STATUS = "immigration_status"
    OFFENCES = "offences"
    HELPED_BY = "helped_by"
    STAFF = "staff"
    NO_CONSENT = "no_consent"
    NOT_IN_CONSENT = "not_in_consent"
    NOT_CONFIRMED = "not_confirmed"
    NOT_REVIEWED = "not_reviewed"
    STOPPED = "stopped"
    NEVER_LEAVES = "never_leaves"
    EXCLUDED = "excluded"
    UNREAD = "unread"
    DURESS = "duress"
    CHILD = "child"
    TAKEN_BACK = "taken_back"
    ENDED = "ended"
    ASK_AGAIN = "ask_again"
    NOBODY_TO_TELL = "nobody_to_tell"
    MAY_NOT_BE_TOLD = "may_not_be_told"
    NO_ACT = "no_act"
    COULD_KNOW = "could_know"
    FEW = "few"
    IN_IDENTITY = "in_identity"
    LOOKS_LIKE_NAME = "looks_like_name"
    NOT_COMPARED = "not_compared"
    UNKNOWN_AGE = "unknown_age"
    SHAPE = "shape"
    ALREADY_WAITS = "already_waits"
    NO_REPORT = "no_report"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a lead may not leave; *start* and *end* point into the words of *field*, where there are any."""

    field: str
    fact: Fact
    start: int = 0
    end: int = 0


_LABELS = "|".join(sorted((label.value.replace("_", "[_ ]") for label in Label), reverse=True))
_PLACEHOLDER = re.compile(rf"[\[［【]\s*(?:{_LABELS})\s*\d*\s*[\]］】]", re.IGNORECASE)
_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]*://\S+|\bwww\.\S+|\S+@\S+|(?<!\w)@\w{2,}|"
    r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|info|biz|me|io|ru|xxx|app|link|site|online|club)\b\S*",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}\s?[:٫：]\s?\d{2}(?!\d)|(?<!\d)\d{1,2}\s?h\s?\d{2}(?!\d)")
_RUN = re.compile(r"\d(?:[\s().,/+·•‑–—_-]{0,3}\d)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_RANGE = re.compile(r"\d{1,3}\s?[‑–—-]\s?\d{1,3}")
_THOUSANDS = re.compile(r"\d{1,3}[.,\s](?:000|500)")
_PLATE = re.compile(
    r"\b[^\W\d_]{1,3}[\s-]?\d{1,4}[\s-]?[^\W\d_]{1,3}\b|\b[^\W\d_]{2,3}[\s-]?\d{2,4}\b"
)
_TOKEN = re.compile(r"\b(?=\w*\d)(?=\w*[^\W\d_])\w{5,}\b")
_COUNTED = re.compile(
    r"\d{1,3}(?:st|nd|rd|th|h|am|pm|km|kg|m|er|ème|º|ª|x|min|hrs?|hours?|years?)", re.IGNORECASE
)
# Line ends of every system, joiners that several scripts need, marks that right-to-left keyboards type.
_MARKS = frozenset("\u200c\u200d\u200e\u200f\u061c")
_TO_STRIP = "".join(sorted(_MARKS))
_MAY_HIDE = _MARKS | frozenset("\n\r\t")
# Scripts that are written from the left and need no joiner: a mark inside their words only cuts a name in two.
_NEED_NO_MARK = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN", "FULLWIDTH LATIN")


def problems_of(words: str, field: str, *, months: tuple[str, ...] = ()) -> list[Problem]:
    """Return what speaks against letting *words* leave, in the order of the text.

    *months* are names of months in the language of the words: a number beside one is a day.
    """
    if not words.strip():
        return [Problem(field, Fact.MISSING)]
    if len(words) > LONGEST:
        return [Problem(field, Fact.TOO_LONG, LONGEST, len(words))]
    found = [Problem(field, *spot) for spot in _spots(words, months)]
    return sorted(found, key=lambda problem: (problem.start, problem.fact))


def quotes(words: str, account: str, field: str) -> list[Problem]:
    """Return where *words* repeat eight or more words of *account* in a row.

    Whoever harmed the person may know their sentences; a lead tells it in the caseworker's own words.
    """
    theirs = [word for word, _, _ in _folded(account)]
    runs = {tuple(theirs[i : i + _QUOTE]) for i in range(len(theirs) - _QUOTE + 1)}
    ours = _folded(words)
    for i in range(len(ours) - _QUOTE + 1):
        window = ours[i : i + _QUOTE]
        if tuple(word for word, _, _ in window) in runs:
            return [Problem(field, Fact.QUOTE, window[0][1], window[-1][2])]
    return []


def _folded(text: str) -> list[tuple[str, int, int]]:
    found = re.finditer(r"[^\W_]+", text)
    return [(match.group().casefold(), *match.span()) for match in found]


def _spots(words: str, months: tuple[str, ...]) -> Iterator[tuple[Fact, int, int]]:
    for index, character in enumerate(words):
        if _is_hidden(character) or (character in _MARKS and _cuts(words, index)):
            yield Fact.HIDDEN_CHARACTER, index, index + 1
    for fact, pattern in (
        (Fact.PLACEHOLDER, _PLACEHOLDER),
        (Fact.LINK, _LINK),
        (Fact.CLOCK_TIME, _CLOCK),
    ):
        for match in pattern.finditer(words):
            yield fact, *match.span()
    yield from _numbers(words)
    if months:
        names = "|".join(map(re.escape, months))
        beside = rf"\b\d{{1,2}}\W{{0,3}}(?:\w{{1,3}}\W)?(?:{names})\b|\b(?:{names})\W{{1,2}}\d{{1,2}}(?!\d)"
        for match in re.finditer(beside, words, re.IGNORECASE):
            yield Fact.DAY, *match.span()


def _numbers(words: str) -> Iterator[tuple[Fact, int, int]]:
    """Find numbers that could name somebody: a phone, a document, a house, a plate, a date."""
    for match in _RUN.finditer(words):
        if _could_identify(match.group()):
            yield Fact.NUMBER, *match.span()
    for match in _TOKEN.finditer(words):
        if not _COUNTED.fullmatch(match.group()):
            yield Fact.NUMBER, *match.span()
    for match in _PLATE.finditer(words):
        letters = "".join(c for c in match.group() if c.isalpha())
        if letters.upper() == letters and letters.lower() != letters:
            yield Fact.PLATE, *match.span()


def _could_identify(run: str) -> bool:
    """Tell whether a run of digits is more than a count, a span, a round sum or a year."""
    plain = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in run)
    digits = sum(c.isdigit() for c in plain)
    if digits < 4 or _YEAR.fullmatch(plain) or _THOUSANDS.fullmatch(plain):
        return plain.count("/") == 2
    return not _RANGE.fullmatch(plain)


def _cuts(words: str, index: int) -> bool:
    """Tell whether a mark that nobody sees stands between two letters or digits that need none."""
    before, after = words[:index].rstrip(_TO_STRIP)[-1:], words[index:].lstrip(_TO_STRIP)[:1]
    return _needs_no_mark(before) and _needs_no_mark(after)


def _needs_no_mark(character: str) -> bool:
    if character.isdigit():
        return True
    name = unicodedata.name(character, "") if character else ""
    return name.startswith((*_NEED_NO_MARK, "COMBINING"))


def _is_hidden(character: str) -> bool:
    return character not in _MAY_HIDE and unicodedata.category(character).startswith("C")
