"""Places as latitude and longitude, as an Open Location Code, or as kilometre of a road."""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span

_DEGREES = r"-?\d{1,3}(?:[.,]\d{3,9}|°[^,;\n]{0,14}[nsew\"'′″сюзв]?)"
_PAIR = re.compile(rf"(?<![\d.]){_DEGREES}\s?[,;/ ]\s?{_DEGREES}(?!\d)")
_OPEN_LOCATION_CODE = re.compile(
    r"(?<!\w)[23456789cfghjmpqrvwx]{4,8}\+[23456789cfghjmpqrvwx]{2,3}(?!\w)"
)
_KILOMETRE = re.compile(r"(?<!\w)(?:km|kilometro|kilómetro|pk|км)\s?\d{1,4}(?:[.,+]\d{1,3})?(?!\w)")


_HINT = re.compile(r"\d[.,]\d{3}|°|\+|km|kilo|pk|км")


def find(folded: str) -> Iterator[Span]:
    if not _HINT.search(folded):
        return
    for pattern in (_PAIR, _OPEN_LOCATION_CODE, _KILOMETRE):
        for found in pattern.finditer(folded):
            yield Span(found.start(), found.end(), Label.ADDRESS)
