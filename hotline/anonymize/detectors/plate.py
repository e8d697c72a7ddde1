"""Number plates: groups of letters and digits side by side, in the scripts and orders of many countries."""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span

_L = r"[^\W\d_]"
_FORMS = re.compile(
    "|".join(
        (
            rf"(?<!\w){_L}{{1,3}}[ ·-]?\d{{2,5}}[ -]?{_L}{{1,3}}(?:[ -]?\d{{2,3}})?(?!\w)",
            rf"(?<!\w)\d{{1,4}}[ -]?{_L}{{2,3}}(?:[ -]?\d{{2,4}})?(?!\w)(?<![ap]m)(?<!hrs)",
            rf"(?<!\w){_L}{{2,3}}[ -]\d{{2}}[ -]{_L}{{2,3}}(?!\w)",
            rf"(?<!\w){_L}{{2}}\d{{2}}[ -]?{_L}{{3}}(?!\w)",
            rf"(?<!\w){_L}{{2}}[ -]?\d{{1,2}}[ -]?{_L}{{1,3}}[ -]?\d{{3,4}}(?!\w)",
            r"[\u4e00-\u9fff][a-z][·• ]?[a-z0-9]{5,6}(?![a-z0-9])",
            r"[\u0e01-\u0e2e]{1,3}[ -]?\d{3,4}(?!\d)",
            r"[\u0980-\u09ff]+ [\u0980-\u09ff]+[- ][\u0980-\u09ff]{1,3}[ -]?\d{2}[ -]?\d{4}",
            r"(?<!\w)[\u0900-\u0963]{1,3} ?\d{1,2} ?[\u0900-\u0963]{1,3} ?\d{3,4}(?!\d)",
            r"\d{2} ?[\u0600-\u06ff] ?\d{3} ?(?:ایران|-)? ?\d{2}",
        )
    )
)
_HAS_GROUP = re.compile(r"\d[^\W\d_]|[^\W\d_]\d|[^\W\d_]{1,3}[ ·-]\d|\d[ -][^\W\d_]{2,3}(?!\w)")
_COUNTED = re.compile(
    r"\d{1,4}[ -]?(?:h|hs|hr|hrs|am|pm|min|km|kg|mil|eur|usd|men|de|a|y|и|в|на|les|of|in|to|år|de|an|ou|et|un|da|ni|na|the|or|we|us|my|me|he|and|for|day|kid|ppl|per|mo|wks|yrs|год|дня|дні|час|чел|лет|міс|мес|ans|km|ore|ani|zi|lei|luni|gün|ay|tl|yıl|saat|giờ|năm|bln|thn|jam|org|ang|ng|na|po|oras)"
)


def find(folded: str) -> Iterator[Span]:
    if not _HAS_GROUP.search(folded):
        return
    for found in _FORMS.finditer(folded):
        if not _COUNTED.fullmatch(found.group()):
            yield Span(found.start(), found.end(), Label.VEHICLE)
