"""Phone numbers of any country: seven digits or more, whatever stands between them.

Greedy on purpose. Checking numbers against the plans of all regions cost milliseconds a text and found no number that
this rule missed; a wrong match costs a caseworker a placeholder.
"""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span

_BETWEEN = (
    r"[\s().\-/*,~_'’·•|+\\\u2010-\u2015\ufe0f\u20e3\u200b-\u200f\u2060\u202a-\u202e\u2066-\u2069]"
)
_NUMBER = re.compile(rf"(?:\+|00)?[(]?\d(?<!\d\d)(?:{_BETWEEN}{{0,4}}\d){{6,18}}(?!\d)")
# "o7l2 345 67s": letters that look like digits, beside at least five true ones.
_WITH_LETTERS = re.compile(r"[+\doilsz](?<!\w.)(?:[ .-]?[\doilsz]){6,14}(?!\w)")
_GROUP_WITH_DIGIT = re.compile(r"\+?[oilsz]{0,4}\d[\doilsz]*|(?<![^\W\d_])o(?!\w)")
_FEWEST_TRUE_DIGITS = 5
_ROUND_AMOUNT = re.compile(r"\d{1,3}(?:[., ]000){2}")


def find(folded: str) -> Iterator[Span]:
    for found in _NUMBER.finditer(folded):
        if not _ROUND_AMOUNT.fullmatch(found.group()):
            yield Span(found.start(), found.end(), Label.PHONE)
    for found in _WITH_LETTERS.finditer(folded):
        digits = sum(map(str.isdigit, found.group()))
        if digits >= _FEWEST_TRUE_DIGITS and any(map(str.isalpha, found.group())):
            # "is 555 0142": a word of such letters at an end is a word.
            groups = list(_GROUP_WITH_DIGIT.finditer(folded, found.start(), found.end()))
            yield Span(groups[0].start(), groups[-1].end(), Label.PHONE)
