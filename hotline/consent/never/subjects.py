"""Whether what a phrase tells was plainly somebody else's doing, or might be the person's own.

The nearest word before the phrase that can be its subject decides. In doubt it is the person's: the caseworker says
"the alleged" instead.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping

from hotline.consent.never.lists import Counts, Who
from hotline.consent.never.squeezing import Squeezed

_FAR = 30
_LONGEST = 24
_NEAR = 6
_BEFORE_HE = 60
_FORCED = 8


def counts(when: Counts, text: Squeezed, start: int, who: Mapping[str, Who]) -> bool:
    """Tell whether the phrase that begins at *start* counts against the words, given who acts in it."""
    if when is Counts.ALWAYS:
        return True
    sentence = text.sentences[bisect_right(text.sentences, start) - 1]
    if _is_forced(text, start, who, sentence):
        return False
    subject, place = _nearest(
        text, start, who, sentence, far=_FAR if when is Counts.ACTS else _NEAR
    )
    if subject is Who.HE:
        return _has_one(text, place, who)
    if subject in (Who.HARMED, Who.ONE):
        before, _ = _nearest(text, place, who, sentence, far=1)
        return before is not Who.OTHERS
    return subject is None and when is Counts.ACTS


def _nearest(
    text: Squeezed, start: int, who: Mapping[str, Who], sentence: int, *, far: int
) -> tuple[Who | None, int]:
    """Return what the nearest subject before *start* says, and where it stands."""
    for place, said in _backwards(text, start, who, far):
        if place < sentence:
            break
        if said is not Who.COMPELLED:
            return said, place
    return None, start


def _is_forced(text: Squeezed, start: int, who: Mapping[str, Who], sentence: int) -> bool:
    return any(
        said is Who.COMPELLED and place >= sentence
        for place, said in _backwards(text, start, who, _FORCED)
    )


def _has_one(text: Squeezed, start: int, who: Mapping[str, Who]) -> bool:
    """Tell whether "he" may be the person: one person who was harmed stands before it."""
    return any(said is Who.ONE for _, said in _backwards(text, start, who, _BEFORE_HE))


def _backwards(
    text: Squeezed, start: int, who: Mapping[str, Who], far: int
) -> Iterator[tuple[int, Who]]:
    """Yield the words of *who* among the *far* words before *start*, the nearest first."""
    letters, ends = text.letters, text.ends
    last = bisect_left(text.starts, start)
    for place in reversed(text.starts[max(last - far, 0) : last]):
        for end in range(min(place + _LONGEST, start), place, -1):
            if end in ends and (said := who.get(letters[place:end])):
                yield place, said
                break
