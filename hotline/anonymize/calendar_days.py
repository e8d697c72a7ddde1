"""Hide a day with the name of its month: "1 de enero de 2000", "5 ธันวาคม 2523", "March 3rd"."""

from functools import lru_cache

from hotline.anonymize.reading import Reading, Word
from hotline.domain.identity import Label
from hotline.lexicon import phrases
from hotline.lexicon.opening import COMPILED

_FARTHEST = 3


@lru_cache(maxsize=512)
def months(languages: tuple[str, ...]) -> frozenset[str]:
    """Return the names of days and months in *languages*, and in English."""
    found: set[str] = set()
    for code in (*languages, "en"):
        found.update(_by_cldr().get(code, ()), phrases.of(code, "months"))
    return frozenset(found)


@lru_cache(maxsize=1)
def _by_cldr() -> dict[str, tuple[str, ...]]:
    lines = (COMPILED / "calendar.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.partition(": ") for line in lines if not line.startswith("#"))
    return {code: tuple(listed.split()) for code, _, listed in rows}


def hide_days(reading: Reading) -> None:
    """Mark a month that stands with a number, the number, and the small words between them as hidden."""
    words = reading.words
    known = months(reading.languages)
    for index, word in enumerate(words):
        if word.folded not in known or word.is_number:
            continue
        first = _reach(words, index, -1)
        last = _reach(words, index, 1)
        if first < last:
            for each in words[first : last + 1]:
                each.hidden, each.label = True, Label.DATE


def _reach(words: list[Word], index: int, step: int) -> int:
    """Return the farthest number that belongs to the date, going by *step* from the month at *index*."""
    reached = at = index
    while 0 <= at + step < len(words) and abs(at + step - reached) <= _FARTHEST:
        at += step
        between = words[max(at, at - step)]
        if not between.is_near:
            break
        if words[at].is_number and len(words[at].folded) <= 6:
            reached = at
        elif words[at].folded not in phrases.everywhere("date_joints"):
            break
    while (
        step < 0
        and reached > 0
        and reached < index
        and words[reached - 1].folded in phrases.everywhere("date_joints")
    ):
        reached -= 1
    return reached
