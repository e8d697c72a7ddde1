"""Days of any calendar written in figures; days with the name of a month are joined where words are judged."""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span

_FIGURES = re.compile(
    "|".join(
        (
            r"(?<![\d.])\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)",
            r"(?<!\d)\d{4}[./-]\d{1,2}[./-]\d{1,2}(?!\d)",
            r"(?<!\d)\d{1,2} \d{1,2} (?:19|20)\d{2}(?!\d)",
            r"(?<![\d/])(?!24/7(?!\d))(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?![\d/])",
            r"(?:\d{4} ?年 ?)?\d{1,2} ?月 ?\d{1,2} ?[日号號]",
            r"\d{4} ?年(?: ?\d{1,2} ?月)?",
            r"(?:\d{4} ?년 ?)?\d{1,2} ?월 ?\d{1,2} ?일",
            r"(?:\d{4}\s?ခုနှစ်\s?)?[\u1000-\u109f]{2,12}\s?\d{1,2}\s?ရက်",
        )
    )
)


_HINT = re.compile(r"\d(?:[./-]\d| (?:19|20)\d\d| ?[年月년월]|\s?ရက်)")


def find(folded: str) -> Iterator[Span]:
    if not _HINT.search(folded):
        return
    for found in _FIGURES.finditer(folded):
        yield Span(found.start(), found.end(), Label.DATE)
