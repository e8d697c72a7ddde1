"""Places as latitude and longitude in any notation, as ``geo:`` address, Open Location Code, or kilometre of a road.

Three words that stand for a square of the map ("filled.count.soap") are found only with their slashes, ``///``, or after
the name of who gives them: else they are three words like any others.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from hotline.anonymize.wording import as_pattern
from hotline.domain.identity import Label, Span
from hotline.lexicon import phrases

_WINDS = r"[nsewoсюзвшд]"
_DEGREES = (
    rf"{_WINDS}? ?-?\d{{1,3}}"
    rf"(?:[.,]\d{{3,9}} ?°?|[°º] ?(?:\d{{1,2}}(?:[.,]\d+)?['′] ?)?(?:\d{{1,2}}(?:[.,]\d+)?(?:\"|″|''))?|[.,]\d+[°º]) ?{_WINDS}?"
)
_PAIR = re.compile(
    rf"(?:(?:geo|lat(?:itude|itud)?|gps)\s?[:=]?\s?)?(?<![\d.\w]){_DEGREES}"
    rf"(?:\s?[,;/]\s?|\s+)(?:(?:and|y|et|e|lon|lng|long|longitude|longitud)\s?[:=]?\s?)?{_DEGREES}(?![\d\w])"
)
_OPEN_LOCATION_CODE = re.compile(
    r"[2-9cfghjmpqrvwx](?<!\w.)[2-9cfghjmpqrvwx]{3,7}\+[2-9cfghjmpqrvwx]{2,3}(?!\w)"
)
_GEO = re.compile(r"geo:\s?-?\d[^\s]*")
_DOTTED = r"[^\W\d_]{2,30}\.[^\W\d_]{2,30}\.[^\W\d_]{2,30}"
_THREE_WORDS = re.compile(
    rf"///{_DOTTED}|(?:w3w|what ?(?:3|three) ?words)\W{{1,3}}(?:\w+\W{{1,3}}){{0,2}}?({_DOTTED})"
)
_HINT = re.compile(r"[\d°º+g](?:(?<=\d)[.,]\d{3}|(?<=[°º])|(?<=\+)[2-9cfghjmpqrvwx]|(?<=g)eo:)")


def find(folded: str) -> Iterator[Span]:
    if _HINT.search(folded):
        for pattern in (_PAIR, _OPEN_LOCATION_CODE, _GEO):
            for found in pattern.finditer(folded):
                yield Span(found.start(), found.end(), Label.ADDRESS)
    for found in _kilometre().finditer(folded):
        yield Span(found.start(), found.end(), Label.ADDRESS)


def find_three_words(folded: str) -> Iterator[Span]:
    if "///" in folded or "w3w" in folded or "what" in folded:
        for found in _THREE_WORDS.finditer(folded):
            yield Span(found.start(found.lastindex or 0), found.end(), Label.ADDRESS)


@lru_cache(maxsize=1)
def _kilometre() -> re.Pattern[str]:
    """Return a pattern for a kilometre of a road. After its word comes a number: "5 km" is a length and stays."""
    words = as_pattern(phrases.everywhere("kilometres"))
    return re.compile(
        rf"(?:{words})(?<![\d] km)(?<!\d km)(?<!\dkm)\.?\s?\d{{1,4}}(?:[.,+]\d{{1,3}})?(?!\w|[.,]\d)"
    )
