"""Names on messengers and social networks: after an @, with an underscore, or after the name of a network."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from hotline.anonymize.reading import Reading, Word
from hotline.anonymize.tokens import HAS_RUN
from hotline.anonymize.wording import as_pattern, wording_everywhere
from hotline.domain.identity import Label, Span
from hotline.lexicon import phrases
from hotline.lexicon.format import Stays

_AT = re.compile(r"(?<![\w.@])@ ?[\w][\w.\-]*\w|(?<![\w.@])@\w")
_UNDERSCORED = re.compile(r"[^\W_][\w.-]*_[\w.-]*\w|(?<!\w)_+[^\W_]\w*")
_DOTTED = re.compile(r"(?<![\w@./])[a-z][\w-]{1,30}(?:\.[\w-]{2,30}){1,4}(?![\w@])")
_DOTTED_HINT = re.compile(r"\.\w")
_HASH = re.compile(r"#\w+")
_MARKED = (("@", _AT), ("_", _UNDERSCORED), ("#", _HASH))

_NAME = re.compile(r"@?[a-z0-9](?:[a-z0-9._-]*[a-z0-9_])?(?![^\W_])")
_WORD = re.compile(r"@?\w[\w.-]*")
_SURELY_A_NAME = frozenset("0123456789._@")
_MOST_LINKS = 3
_MOST_APART = 3
_VERY_ORDINARY = int(Stays.AFTER_INTRODUCER)


def find(folded: str) -> Iterator[Span]:
    for mark, form in _MARKED:
        if mark in folded:
            for found in form.finditer(folded):
                yield Span(found.start(), found.end(), Label.HANDLE)
    if _DOTTED_HINT.search(folded):
        for found in _DOTTED.finditer(folded):
            if any(map(str.isdigit, found.group())):
                yield Span(found.start(), found.end(), Label.HANDLE)


def find_after_network(reading: Reading) -> Iterator[Span]:
    """Find what stands after "my insta is", "line id:", "加微信": also letters only, where nothing ordinary stands."""
    words = reading.words
    if not reading.folded.isascii() and HAS_RUN.search(reading.folded):
        for found in _within_runs().finditer(reading.folded):
            yield Span(found.start("name"), found.end("name"), Label.HANDLE)
    networks = wording_everywhere("handles", "loose_handles")
    for index, end in networks.found_in(reading):
        said = " ".join(each.folded for each in words[index:end])
        is_loose = said in phrases.everywhere("loose_handles")
        yield from _name_after(reading, end, is_loose=is_loose)


def _name_after(reading: Reading, index: int, *, is_loose: bool) -> Iterator[Span]:
    words, links = reading.words, wording_everywhere("handle_links", "handles")
    is_told = False
    for _ in range(_MOST_LINKS + 1):
        if index >= len(words) or words[index].start - words[index - 1].end > _MOST_APART:
            return
        between = reading.folded[words[index - 1].end : words[index].start]
        is_told = is_told or not {":", "=", "："}.isdisjoint(between)
        name = _NAME.match(reading.folded, words[index].start)
        if name and not _SURELY_A_NAME.isdisjoint(name.group()) and len(name.group()) > 2:
            yield Span(name.start(), name.end(), Label.HANDLE)
            return
        link = links.end_at(words, index)
        if not link:
            break
        is_told, index = True, link
    if not is_loose and is_told and not _is_ordinary(words, index):
        written = _WORD.match(reading.folded, words[index].start)
        yield Span(words[index].start, written.end() if written else words[index].end, Label.HANDLE)


def _is_ordinary(words: Sequence[Word], index: int) -> bool:
    word = words[index]
    return bool(word.stays & _VERY_ORDINARY) or word.is_run or word.is_number


@lru_cache(maxsize=1)
def _within_runs() -> re.Pattern[str]:
    """Return a pattern for Latin names after a network in scripts without spaces: "加微信kelvin99"."""
    networks, links = (
        as_pattern(phrase for phrase in phrases.everywhere(kind) if HAS_RUN.match(phrase))
        for kind in ("handles", "handle_links")
    )
    return re.compile(
        rf"{networks}(?:\s*(?:{links}|[:：=])){{0,3}}\s*(?P<name>@?[a-z0-9][\w.-]{{2,}})", re.ASCII
    )
