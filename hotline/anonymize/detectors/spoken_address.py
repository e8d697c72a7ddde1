"""E-mail addresses and pages said in words: "maria punto lopez arroba gmail punto com", "www dot jobs dot example".

Names of providers, endings and the words for "@", ".", "-", "_" and "/" are data of each language.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from hotline.anonymize.detectors.spoken_number import numerals
from hotline.anonymize.reading import Reading, Word
from hotline.anonymize.tokens import HAS_RUN
from hotline.anonymize.wording import Wordings, as_pattern, one_of, wording_everywhere
from hotline.domain.identity import Label, Span
from hotline.lexicon import phrases

_LONGEST_NAME = 14
_LONGEST_DOMAIN = 5
_MOST_APART = 4
_LONGEST_BEFORE = 40
_NAME_BEFORE = re.compile(r"[^\s@]+\s?$")


def find(reading: Reading) -> Iterator[Span]:
    words, forms = reading.words, reading.forms
    if reading.has_runs:
        yield from _within_runs(reading.folded)
    if reading.said.isdisjoint(_hints()):
        return
    for index in _starts(reading):
        if end := _at().end_at(forms, index):
            if index and (last := _end_of_domain(reading, end)):
                first = _start_of_name(words, index)
                yield Span(words[first].start, words[last - 1].end, Label.EMAIL)
        elif index and _providers().end_at(forms, index):
            last = _end_of_provider(reading, index)
            if last and (_says_dot(reading, index, last) or _is_name(words[index - 1])):
                first = _start_of_name(words, index)
                yield Span(words[first].start, words[last - 1].end, Label.EMAIL)
        elif last := _end_of_page(reading, index):
            yield Span(words[index].start, words[last - 1].end, Label.URL)


def _starts(reading: Reading) -> list[int]:
    """Return the words where an address or a page may start: an "@", a provider, and whatever stands before a dot."""
    before_dots = {at - 1 for at in reading.where_any(_dot().firsts) if at}
    ats, providers = (reading.where_any(said.firsts) for said in (_at(), _providers()))
    return sorted(before_dots.union(ats, providers))


def _end_of_domain(reading: Reading, start: int) -> int:
    """Return the word after the domain that starts at *start*; 0 where none does."""
    if last := _end_of_provider(reading, start):
        return last
    return _providers().end_at(reading.forms, start) or _end_of_dotted(reading, start)


def _end_of_provider(reading: Reading, start: int) -> int:
    """Return the word after "gmail dot com" or "gmail com"; 0 where no such thing starts at *start*."""
    words, forms = reading.words, reading.forms
    end = _providers().end_at(forms, start)
    last = 0
    while end and end < len(words) and words[end].start - words[end - 1].end <= _MOST_APART:
        dot = _dot().end_at(forms, end) or end
        is_one_phrase = dot > end and words[dot - 1].folded in _endings()  # "chấm com"
        if not is_one_phrase and (dot >= len(words) or words[dot].folded not in _endings()):
            break
        last = end = dot if is_one_phrase else dot + 1
    return last


def _end_of_dotted(reading: Reading, start: int) -> int:
    """Return the word after "example dot org", where it ends as domains do; 0 where it does not."""
    words, forms = reading.words, reading.forms
    index, last = start, 0
    while index + 1 < len(words) and index - start < 2 * _LONGEST_DOMAIN:
        dot = _dot().end_at(forms, index + 1) or _dashes().end_at(forms, index + 1)
        if not dot and reading.folded[words[index].end : words[index + 1].start] == ".":
            dot = index + 1
        if not dot or dot >= len(words):
            break
        index = dot
        if words[index].folded in _endings():
            last = index + 1
    return last


def _end_of_page(reading: Reading, index: int) -> int:
    """Return the word after a page that starts at *index*, with what follows a slash; 0 where none does."""
    if not _dot().end_at(reading.forms, index + 1):
        return 0
    last = _end_of_dotted(reading, index)
    while last and (after := _slashes().end_at(reading.forms, last)):
        last = min(after + 1, len(reading.forms))
    return last


def _start_of_name(words: Sequence[Word], at: int) -> int:
    """Return the first word of the name before an "@" at word *at*: letters, numbers, and what a sign ties to it."""
    first = at - 1
    while first > 0 and at - first < _LONGEST_NAME:
        before = words[first - 1]
        sign = first - 1
        while sign > 0 and words[sign].folded in _signs():
            sign -= 1
        if sign < first - 1:
            first = sign
        elif _is_spelled(before) or (_is_spelled(words[first]) and _is_name(before)):
            first -= 1
        else:
            break
    return first


def _is_spelled(word: Word) -> bool:
    return len(word.folded) == 1 or numerals(()).say(word.folded)


def _is_name(word: Word) -> bool:
    """Say whether *word* may be the name of an address: nothing that every lexicon lists as ordinary."""
    return word.is_number or not word.stays


def _says_dot(reading: Reading, first: int, end: int) -> bool:
    return any(_dot().end_at(reading.forms, index) for index in range(first, end))


@lru_cache(maxsize=1)
def _hints() -> frozenset[str]:
    """Return the words of which a text must have one: a dot, or the name of a provider."""
    kinds = ("mail_dot", "mail_providers")
    return frozenset(part for kind in kinds for p in phrases.everywhere(kind) for part in _words(p))


@lru_cache(maxsize=1)
def _endings() -> frozenset[str]:
    return phrases.everywhere("endings")


@lru_cache(maxsize=1)
def _signs() -> frozenset[str]:
    kinds = ("mail_dot", "mail_dash", "mail_underscore")
    return frozenset(part for kind in kinds for p in phrases.everywhere(kind) for part in _words(p))


def _within_runs(folded: str) -> Iterator[Span]:
    """Find the same in scripts without spaces: "joyแอทจีเมลดอทคอม"."""
    for found in _at_in_runs().finditer(folded):
        if domain := _domain_in_runs().match(folded, found.end()):
            before = _NAME_BEFORE.search(
                folded[max(0, found.start() - _LONGEST_BEFORE) : found.start()]
            )
            name = len(before.group()) if before else 0
            yield Span(found.start() - name, domain.end(), Label.EMAIL)


@lru_cache(maxsize=1)
def _at_in_runs() -> re.Pattern[str]:
    return one_of(phrase for phrase in phrases.everywhere("mail_at") if HAS_RUN.match(phrase))


@lru_cache(maxsize=1)
def _domain_in_runs() -> re.Pattern[str]:
    dot, provider, ending = (
        as_pattern(phrases.everywhere(kind)) for kind in ("mail_dot", "mail_providers", "endings")
    )
    end = rf"\s*(?:{dot})\s*(?:{ending})"
    return re.compile(rf"\s?(?:(?:{provider})(?:{end}){{0,2}}|[a-z0-9-]{{1,40}}(?:{end}){{1,2}})")


def _words(phrase: str) -> list[str]:
    return phrase.strip("()[]").split()


def _at() -> Wordings:
    return wording_everywhere("mail_at")


def _dot() -> Wordings:
    return wording_everywhere("mail_dot")


def _dashes() -> Wordings:
    return wording_everywhere("mail_dash", "mail_underscore")


def _slashes() -> Wordings:
    return wording_everywhere("page_slashes")


def _providers() -> Wordings:
    return wording_everywhere("mail_providers")
