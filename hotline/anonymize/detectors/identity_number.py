"""Passports, national ids, tax and residence numbers: letters and digits in one piece, or the forms of many countries.

Covers among others: Mexican CURP, Indian Aadhaar and PAN, Brazilian CPF and RG, Spanish DNI and NIE, Chinese resident
id, Burmese NRC, Romanian CNP, British National Insurance, US Social Security, French NIR, machine-readable zones. What
stands after the name of a document is an id whatever its form.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from hotline.anonymize.detectors.national_number import is_surely_an_id
from hotline.anonymize.reading import Reading, Word
from hotline.anonymize.wording import Wording, Wordings, wording_everywhere
from hotline.domain.identity import Label, Span
from hotline.lexicon import phrases

# Letters and digits, but of no script that stands without spaces: there a word would go along.
_PIECE = re.compile(
    r"[^\W_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{6,40}"
)
_SHORTEST, _LONGEST = 6, 24
# A first character before the look behind it: so the search skips to one, and looks behind there only.
_FORMS = re.compile(
    r"\d(?<!\d\d)(?:\d{2}\.\d{3}\.\d{3}[-.]?\d{2}(?!\d)"
    r"|\d{3}[ -]\d{4}[ -]\d{4}(?![ -]?\d)"
    r"|\d{2}-\d{2}-\d{4}(?!\d)"
    r"|\d{4}-\d{7}-\d(?!\d)"
    r"|-\d{4}-\d{5}-\d{2}-\d"
    r"|(?<=[12]) ?\d{2} ?[01]\d ?\d{2} ?\d{3} ?\d{3}(?: ?\d{2})?(?!\d)"
    r"|\d?/[\u1000-\u109f]{2,12}\s?\([\u1000-\u109f]{1,8}\)\s?\d{6})"
)
_INSURANCE = re.compile(r"[a-z](?<!\w.)[a-z] ?\d{2} ?\d{2} ?\d{2} ?[a-d](?!\w)")
_IN_PARTS = re.compile(r"[a-z0-9](?<!\w.)[a-z0-9]{0,11}(?:[-/][a-z0-9]{1,12}){1,8}(?!\w)")
_MACHINE_READABLE = re.compile(r"[a-z0-9<]{5,60}<<[a-z0-9<]*")
# Most numbers count something; the forms above are tried only where a text could hold one of them.
_HINT = re.compile(r"[\d/<-](?:(?<=\d)(?:\d{4}|[^\W\d_]|[-./ ]\d)|(?<=[^\W\d_][-/\d])\d|(?<=<)<)")
_FEWEST_IN_PARTS = 3
_FEWEST_AFTER_DOCUMENT = 3
_MOST_LINKS = 3
_MOST_GROUPS = 7
_LONGEST_GROUP_OF_LETTERS = 4
_MOST_APART = 3


def find(folded: str) -> Iterator[Span]:
    if not _HINT.search(folded):
        return
    for found in _PIECE.finditer(folded):
        if _mixes(found.group()) or _is_checked(folded, found):
            yield Span(found.start(), found.end(), Label.ID)
    for found in _FORMS.finditer(folded):
        yield Span(found.start(), found.end(), Label.ID)
    for found in _INSURANCE.finditer(folded):
        yield Span(found.start(), found.end(), Label.ID)
    for found in _IN_PARTS.finditer(folded):
        written = found.group()
        if _digits(written) >= _FEWEST_IN_PARTS and any(map(str.isalpha, written)):
            yield Span(found.start(), found.end(), Label.ID)
    if "<<" in folded:
        for found in _MACHINE_READABLE.finditer(folded):
            yield Span(found.start(), found.end(), Label.ID)


def _mixes(piece: str) -> bool:
    """Say whether *piece* holds letters and at least two digits, and is as long as an id."""
    if piece.isalpha() or piece.isdecimal() or len(piece) > _LONGEST:
        return False
    return _digits(piece) >= 2


def _is_checked(folded: str, found: re.Match[str]) -> bool:
    """Say whether a piece of digits only is an id rather than a phone number."""
    piece = found.group()
    if not piece.isdecimal() or piece.startswith("00") or folded[found.start() - 1 :][:1] == "+":
        return False
    return is_surely_an_id(piece)


def _digits(piece: str) -> int:
    return sum(map(str.isdigit, piece))


def find_after_document(reading: Reading) -> Iterator[Span]:
    """Find the number after "passport no", "CURP", "паспорт серии": groups of digits and short groups of letters."""
    if not reading.digits:
        return
    words = reading.words
    for _, index in documents().found_in(reading):
        first, end = _number_after(reading, index)
        if end > first:
            yield Span(words[first].start, words[end - 1].end, Label.ID)


@lru_cache(maxsize=1)
def documents() -> Wordings:
    """Return the names of documents in every language, without "number", "my number", which introduce anything."""
    anything = {
        word
        for kind in ("document_links", "handle_links", "house")
        for phrase in phrases.everywhere(kind)
        for word in phrase.split()
    }
    named = phrases.everywhere("documents")
    return Wordings(
        [Wording(phrase for phrase in named if not anything.issuperset(phrase.split()))]
    )


def _number_after(reading: Reading, index: int) -> tuple[int, int]:
    """Return first word and end of the number that follows word *index*, past "no", ":", "is"; or nothing."""
    words = reading.words
    links = wording_everywhere("document_links")
    for _ in range(_MOST_LINKS):
        if after := links.end_at(reading.forms, index):
            index = after
    end, digits = index, 0
    while end < len(words) and end - index < _MOST_GROUPS and _is_group(words, end, index):
        digits += _digits(words[end].folded)
        end += 1
    while end > index and not words[end - 1].is_number and words[end - 1].stays:
        end -= 1
    return (index, end) if digits >= _FEWEST_AFTER_DOCUMENT else (0, 0)


def _is_group(words: Sequence[Word], index: int, first: int) -> bool:
    word = words[index]
    if index and word.start - words[index - 1].end > (_MOST_APART if index == first else 1):
        return False
    if word.is_number:
        return True
    is_short = len(word.folded) <= _LONGEST_GROUP_OF_LETTERS
    is_short = is_short and (word.is_shouted or not word.stays)
    return is_short and (index > first or _is_followed_by_number(words, index))


def _is_followed_by_number(words: Sequence[Word], index: int) -> bool:
    return any(word.is_number for word in words[index + 1 : index + 3])
