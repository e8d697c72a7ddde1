"""Number plates: groups of capital letters and digits side by side, in the scripts and orders of many countries.

Reads the original text, not the folded one: only capitals tell "AB 12 CDE" from "we 12 are". In lower case the digits
of a plate go like every digit, and its letters because no lexicon lists them.
"""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span

_L = "[A-ZÀ-ÞА-ЯЁІЇЄҐ]"
_FORMS = re.compile(
    "|".join(
        (
            rf"(?<!\w){_L}{{1,3}}[ ·-]?\d{{2,5}}[ -]?{_L}{{1,3}}(?:[ -]?\d{{2,3}})?(?!\w)",
            rf"(?<!\w)\d{{1,4}}[ -]?{_L}{{2,3}}(?:[ -]?\d{{2,4}})?(?!\w)",
            rf"(?<!\w){_L}{{2,3}}[ -]\d{{2}}[ -]{_L}{{2,3}}(?!\w)",
            rf"(?<!\w){_L}{{2}}\d{{2}}[ -]?{_L}{{3}}(?!\w)",
            rf"(?<!\w){_L}{{2}}[ -]?\d{{1,2}}[ -]?{_L}{{1,3}}[ -]?\d{{3,4}}(?!\w)",
            rf"(?<!\w){_L}{{1,3}}[ -]?\d{{3,5}}{_L}?(?!\w)",
            r"[\u4e00-\u9fff][A-Z][·• ]?[A-Z0-9]{5,6}(?![A-Z0-9])",
            r"[\u0e01-\u0e2e]{1,3}[ -]?\d{3,4}(?!\d)",
            r"[\u0980-\u09ff]+ [\u0980-\u09ff]+[- ][\u0980-\u09ff]{1,3}[ -]?\d{2}[ -]?\d{4}",
            r"(?<!\w)[\u0900-\u0963]{1,3} ?\d{1,2} ?[\u0900-\u0963]{1,3} ?\d{3,4}(?!\d)",
            r"\d{2} ?[\u0600-\u06ff] ?\d{3} ?(?:ایران|-)? ?\d{2}",
        )
    )
)
_COUNTED = re.compile(
    r"\d{1,4}[ -]?(?:AM|PM|EUR|USD|GBP|MXN|KES|NGN|INR|KG|KM|TL|RUB|UAH|PLN|RON|MEN|HRS)"
)


_B = "[\u0600-\u06ff\u0900-\u0e7f]"
_HINT = re.compile(
    rf"\d(?:[ -]?{_L}|(?<={_L}\d)|(?<={_L}[ ·•-]\d)|(?<={_B}\d)|(?<={_B}[ -]\d)|(?<={_B} -\d)"
    r"| ?[\u0600-\u06ff\u0900-\u0963])"
)


def find(text: str) -> Iterator[Span]:
    if not _HINT.search(text):
        return
    for found in _FORMS.finditer(text):
        if not _COUNTED.fullmatch(found.group()):
            yield Span(found.start(), found.end(), Label.VEHICLE)
