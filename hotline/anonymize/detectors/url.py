"""Addresses of pages: with a scheme, with www, or a bare domain such as ``t.me/someone``."""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span

_ENDINGS = (
    "com|org|net|info|io|co|me|ru|ua|by|kz|br|fr|es|cn|in|ng|tr|vn|th|ph|ir|pk|bd|ro|uk|de|it|tv|ly|gl|app|biz|eu|us|"
    "mx|ar|pe|cl|za|ke|tz|et|gh|np|mm|id|my|sg|hk|jp|kr|pl|bg|gr|pt|nl|be|ch|at|se|no|dk|fi|cz|sk|hu|rs|xyz|online|site|"
    "shop|link|live|club|page|dev|cc|to|be|ee|lt|lv|md|ge|am|az|uz|il|sa|ae|qa|eg|ma|dz|tn|lb|jo|iq|sy|example|рф|укр"
)
_ADDRESS = re.compile(
    rf"(?:https?|hxxps?|ftp)\s?:\s?/\s?/\s?\S+|www\s?\.\s?\S+|(?<![\w@.-])(?:[\w-]{{1,63}}\.){{1,6}}(?:{_ENDINGS})\b(?:[/:?#]\S*)?(?!\w)|(?<![\w.-])(?:[\w-]{{1,63}}\.){{1,3}}onion\b\S*"
)
_HINT = re.compile(r"\.\w|:\s?/|www")
_TRAILING = ".,;:!?)]}»”\"'…。،؛"


def find(folded: str) -> Iterator[Span]:
    if not _HINT.search(folded):
        return
    for found in _ADDRESS.finditer(folded):
        end = found.start() + len(found.group().rstrip(_TRAILING))
        yield Span(found.start(), end, Label.URL)
