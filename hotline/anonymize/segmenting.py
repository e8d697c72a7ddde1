"""Cut a run of Thai, Lao, Burmese, Khmer, Chinese or Japanese into words of a lexicon.

The cheapest way through the run wins: a frequent word costs little, a character that begins no listed word costs much.
"""

import itertools
from collections.abc import Iterator
from functools import lru_cache

from hotline.lexicon import Lexicon
from hotline.lexicon.folding import MARKS

_UNLISTED = 14.0
_NO_WAY = float("inf")
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
    size = len(run)
    cost = [0.0] + [_NO_WAY] * size
    came_from = [0] * (size + 1)
    never_first = _never_first()
    for start, so_far in enumerate(cost):
        if so_far == _NO_WAY or start == size:
            continue
        for length, zipf in lexicon.beginnings(run[start : start + _LONGEST]):
            end = start + length
            if end == size or run[end] not in never_first:
                whole = so_far + (_RAREST - zipf)
                if whole < cost[end]:
                    cost[end], came_from[end] = whole, start
        end = start + 1
        while end < size and run[end] in never_first:
            end += 1
        if so_far + _UNLISTED < cost[end]:
            cost[end], came_from[end] = so_far + _UNLISTED, start
    cuts = [size]
    while cuts[-1] > 0:
        cuts.append(came_from[cuts[-1]])
    cuts.reverse()
    yield from itertools.pairwise(cuts)
