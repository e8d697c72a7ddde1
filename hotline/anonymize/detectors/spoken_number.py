"""Numbers to call, said digit by digit, as speech is written down: "oh seven seven double oh nine …"."""

import re
from collections.abc import Iterator
from functools import lru_cache

from hotline.anonymize.tokens import HAS_RUN, TOKEN
from hotline.domain.identity import Label, Span
from hotline.lexicon import phrases
from hotline.lexicon.folding import bare

_FEWEST = 5
_MOST_APART = 3
_WORD = re.compile(r"[^\s,.-]+")


def find(folded: str) -> Iterator[Span]:
    if HAS_RUN.search(folded):
        for found in _within_runs().finditer(folded):
            yield Span(found.start(), found.end(), Label.PHONE)
    digits = _digits()
    if sum(word in digits for word in _WORD.findall(folded)) < _FEWEST:
        return
    run: list[tuple[int, int]] = []
    said = reached = 0
    for found in TOKEN.finditer(folded):
        start, end = found.span()
        if run and start - reached > _MOST_APART:
            yield from _a_number(run, said)
            run, said = [], 0
        word = bare(found.group())
        if word in digits or (word.isdigit() and run):
            run.append((start, end))
            said += 1
        elif not (run and word in phrases.everywhere("number_joints")):
            yield from _a_number(run, said)
            run, said = [], 0
        reached = end
    yield from _a_number(run, said)


def _a_number(run: list[tuple[int, int]], said: int) -> Iterator[Span]:
    if said >= _FEWEST:
        yield Span(run[0][0], run[-1][1], Label.PHONE)


@lru_cache(maxsize=1)
def _digits() -> frozenset[str]:
    return phrases.everywhere("numbers") | phrases.everywhere("doubling")


@lru_cache(maxsize=1)
def _within_runs() -> re.Pattern[str]:
    words = sorted(filter(HAS_RUN.match, _digits()), key=len, reverse=True)
    return re.compile(rf"(?:(?:{'|'.join(words)}|\d)[\s,-]?){{{_FEWEST},}}(?<![\s,-])")
