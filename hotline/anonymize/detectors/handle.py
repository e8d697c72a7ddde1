"""Names on messengers and social networks: after an @, with an underscore, or after the name of a network."""

import re
from collections.abc import Iterator
from functools import lru_cache

from hotline.anonymize.reading import Reading
from hotline.anonymize.tokens import HAS_RUN
from hotline.anonymize.wording import Wording, Wordings, as_pattern, wording, wording_everywhere
from hotline.domain.identity import Label, Span
from hotline.lexicon import phrases
from hotline.lexicon.format import Stays

_AT = re.compile(r"(?<![\w.@])@ ?[\w][\w.\-]*\w|(?<![\w.@])@\w")
_UNDERSCORED = re.compile(r"[^\W_][\w.-]*_[\w.-]*\w|(?<!\w)_+[^\W_]\w*")
_DOTTED = re.compile(r"(?<![\w@./])[a-z][\w-]{1,30}(?:\.[\w-]{2,30}){1,4}(?![\w@])")
_DOTTED_HINT = re.compile(r"\.\w")
_FIGURE = re.compile("[0-9]")
_HASH = re.compile(r"#\w+")
_MARKED = (("@", _AT), ("_", _UNDERSCORED), ("#", _HASH))

_NAME = re.compile(r"@?[a-z0-9](?:[a-z0-9._-]*[a-z0-9_])?(?![^\W_])")
_WORD = re.compile(r"@?\w[\w.-]*")
_SURELY_A_NAME = frozenset("0123456789._@")
_DOT_INSIDE = re.compile(r"\.(?<=\w\.)\w")
_MOST_LINKS = 3
_FEWEST_FIGURES = 5
_MOST_APART = 3
_COLONS = frozenset(":=：")
_ORDINARY = int(Stays.BESIDE_A_NAME)
_VERY_ORDINARY = int(Stays.AFTER_INTRODUCER)


def find(folded: str) -> Iterator[Span]:
    for mark, form in _MARKED:
        if mark in folded:
            for found in form.finditer(folded):
                yield Span(found.start(), found.end(), Label.HANDLE)
    if _DOTTED_HINT.search(folded) and _FIGURE.search(folded):
        for found in _DOTTED.finditer(folded):
            if any(map(str.isdigit, found.group())):
                yield Span(found.start(), found.end(), Label.HANDLE)


def find_after_network(reading: Reading) -> Iterator[Span]:
    """Find what stands after "my insta is", "line id:", "加微信": also letters only, where nothing ordinary stands."""
    if reading.has_runs:
        for found in _within_runs().finditer(reading.folded):
            yield Span(found.start("name"), found.end("name"), Label.HANDLE)
    if _may_hold_a_sure_name(reading):
        for _, end in _networks().found_in(reading):
            yield from _sure_name_after(reading, end)
    for _, end in wording(reading.languages, "handles").found_in(reading):
        yield from _word_after(reading, end)


def _may_hold_a_sure_name(reading: Reading) -> bool:
    folded = reading.folded
    has_sign = reading.digits > 0 or "_" in folded or "@" in folded
    return has_sign or _DOT_INSIDE.search(folded) is not None


@lru_cache(maxsize=1)
def _networks() -> Wordings:
    """Return the names of networks in every language; "my insta" only says what "insta" says already."""
    listed = phrases.everywhere("handles") | phrases.everywhere("loose_handles")
    alone = {phrase for phrase in listed if " " not in phrase}
    longer = {phrase for phrase in listed - alone if alone.isdisjoint(phrase.split())}
    return Wordings([Wording(alone | longer)])


def _links(reading: Reading, index: int) -> Iterator[int]:
    """Yield *index* and each word after it that a name could be, past "is", "my", "id", ":"."""
    words, links = reading.words, wording_everywhere("handle_links", "handles")
    for _ in range(_MOST_LINKS + 1):
        if index >= len(words) or words[index].start - words[index - 1].end > _MOST_APART:
            return
        yield index
        index = links.end_at(reading.forms, index)
        if not index:
            return


def _sure_name_after(reading: Reading, index: int) -> Iterator[Span]:
    """Find a name with a digit, a dot, an underscore or an "@": nothing else looks like that after a network."""
    for at in _links(reading, index):
        name = _NAME.match(reading.folded, reading.words[at].start)
        if name and len(name.group()) > 2 and _is_surely_a_name(name.group()):
            yield Span(name.start(), name.end(), Label.HANDLE)
            return


def _is_surely_a_name(written: str) -> bool:
    """Say whether *written* is no word, and no date or amount either: those are of figures and signs only."""
    if written.isdecimal():
        return len(written) >= _FEWEST_FIGURES
    return not _SURELY_A_NAME.isdisjoint(written) and any(map(str.isalpha, written))


def _word_after(reading: Reading, index: int) -> Iterator[Span]:
    """Find a name of letters only: after a colon any word but the most ordinary, after "is" none that is listed."""
    words = reading.words
    at = max(_links(reading, index), default=index)
    if at >= len(words) or words[at].is_run or words[at].is_number:
        return
    between = reading.folded[words[index - 1].end : words[at].start]
    after_colon = not _COLONS.isdisjoint(between)
    if (not after_colon and at == index) or words[at].stays & (
        _VERY_ORDINARY if after_colon else _ORDINARY
    ):
        return
    written = _WORD.match(reading.folded, words[at].start)
    if written and words[at].start - words[at - 1].end <= _MOST_APART:
        yield Span(words[at].start, written.end(), Label.HANDLE)


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
