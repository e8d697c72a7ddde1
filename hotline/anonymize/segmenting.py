"""Cut a run of Thai, Lao, Burmese, Khmer, Chinese or Japanese into words of a lexicon.

The cheapest way through the run wins: a frequent word costs little, a character that begins no listed word costs much.
"""

import itertools
from collections.abc import Iterator
from functools import lru_cache

from hotline.lexicon import Lexicon
from hotline.lexicon.folding import MARKS

_UNLISTED = 14.0
_LONGEST = 24
_RAREST = 9.5


@lru_cache(maxsize=1)
def _never_first() -> frozenset[str]:
    """Return the marks that cannot begin a word: a cut before one would split what the eye sees as a letter."""
    ranges = (MARKS[at : at + 3] for at in range(0, len(MARKS), 3))
    marks = (chr(code) for each in ranges for code in range(ord(each[0]), ord(each[2]) + 1))
    return frozenset(marks)


def segment(run: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Yield start and end of the words of *run*; characters that no listed word covers come one by one."""
    cost = [0.0] + [float("inf")] * len(run)
    came_from = [0] * (len(run) + 1)
    never_first = _never_first()
    for start in range(len(run)):
        if cost[start] == float("inf"):
            continue
        for end, price in _steps(run, start, lexicon, never_first):
            if cost[start] + price < cost[end]:
                cost[end] = cost[start] + price
                came_from[end] = start
    cuts = [len(run)]
    while cuts[-1] > 0:
        cuts.append(came_from[cuts[-1]])
    cuts.reverse()
    yield from itertools.pairwise(cuts)


def _steps(
    run: str, start: int, lexicon: Lexicon, never_first: frozenset[str]
) -> Iterator[tuple[int, float]]:
    for word in lexicon.prefixes(run[start : start + _LONGEST]):
        end = start + len(word)
        if end == len(run) or run[end] not in never_first:
            yield end, _RAREST - lexicon.zipf(word)
    end = start + 1
    while end < len(run) and run[end] in never_first:
        end += 1
    yield end, _UNLISTED
