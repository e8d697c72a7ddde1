"""What was left in English, or said twice by a slip of the hand."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from hotline.operate.strings.entries import NAME, Entry, Fault, wording

_ENGLISH = re.compile(r"[a-z']+")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_PUNCTUATION = ".,;:!?…)]»”\"'،؛؟।۔"
_RUN = 3
"""So many words of the source in a row are no chance."""


def same(entry: Entry) -> Iterator[Fault]:
    """A sentence with a word in it is not the English one."""
    if any(said in entry.sources and has_words(said) for said in entry.said):
        yield Fault("the same as in English")


def remnants(entry: Entry) -> Iterator[Fault]:
    for said in entry.said:
        found = _words(said)
        if len(found) >= _RUN and said not in entry.sources:
            runs = (run for source in entry.sources for run in _runs(source))
            if any(f" {run} " in f" {' '.join(found)} " for run in runs):
                yield Fault("words that were left in English")


def doubled(entry: Entry) -> Iterator[Fault]:
    """No word stands twice in a row, unless the language says so."""
    for said in entry.said:
        tokens = said.casefold().split()
        for before, after in pairwise(tokens):
            # Between them, after the first, stands no sign.
            if len(before) > 1 and before == after.rstrip(_PUNCTUATION) and _has_letters(before):
                yield Fault(f"the word {before!r} twice", before)


def twins(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Fault]]:
    """Yield each sentence that a language says with the words of another one."""
    by_words = defaultdict(list)
    for entry in entries:
        if len(entry.sources) == 1 and entry.said[0]:
            by_words[entry.locale, entry.domain, entry.said[0]].append(entry)
    for alike in by_words.values():
        for entry in alike[1:]:
            pair = " | ".join(sorted([alike[0].sources[0], entry.sources[0]]))
            yield entry, Fault(f"the words of another sentence, {alike[0].sources[0]!r}", pair)


def has_words(text: str) -> bool:
    """Tell whether more stands in *text* than fields, signs and names."""
    return bool(_LETTERS.search(NAME.sub(" ", wording(text))))


@lru_cache(maxsize=8192)
def _runs(source: str) -> tuple[str, ...]:
    words = _words(source)
    return tuple(" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))


def _words(text: str) -> list[str]:
    return _ENGLISH.findall(NAME.sub(" ", wording(text)).lower().replace("’", "'"))


def _has_letters(word: str) -> bool:
    return any(letter.isalpha() for letter in word)
