"""Addresses of pages: with a scheme, with www, or a bare domain such as ``t.me/someone``; also with dots in brackets."""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span

_ENDINGS = (
    "com|org|net|info|io|co|me|ru|ua|by|kz|br|fr|es|cn|in|ng|tr|vn|th|ph|ir|pk|bd|ro|uk|de|it|tv|ly|gl|gle|app|biz|eu|us|"
    "mx|ar|pe|cl|za|ke|tz|et|gh|np|mm|id|my|sg|hk|jp|kr|pl|bg|gr|pt|nl|be|ch|at|se|no|dk|fi|cz|sk|hu|rs|xyz|online|site|"
    "shop|link|live|club|page|dev|cc|to|ee|lt|lv|md|ge|am|az|uz|il|sa|ae|qa|eg|ma|dz|tn|lb|jo|iq|sy|example|test|ai|gg|"
    "top|vip|work|jobs|world|store|pro|mobi|ink|bio|chat|group|onion|рф|укр|бел|中国|公司|网络|भारत|বাংলা|ไทย|ایران|پاکستان"
)
_SAID = r"(?:\.|dot|punto|ponto|point|точка|点|nokta)[)\]}] ?"
_DOT = rf"(?:\.|。| ?[(\[{{]{_SAID})"
_REST = r"(?:[/:?#][^\s<>「」，。、]*)?"
_ADDRESS = re.compile(
    r"(?:h\s?(?:t\s?t|xx|\*\*|__)\s?p\s?s?|ftp)\s?[:：]\s?[/\\]\s?[/\\](?:\s?[^\s，。、/]+(?:\s\.\s[^\s，。、]+)+(?:\s/\s[^\s，。、]+)*|\s?[^\s，。、]+)"
    r"|www\s?\.\s?[^\s，。、]+(?:\s?\.\s?(?:com|net|org|ru)(?!\w))?"
    rf"|(?<![\w@.-])(?:[\w-]{{1,63}}{_DOT}){{1,6}}(?:{_ENDINGS})\b{_REST}(?!\w)"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,3}onion\b\S*"
    r"|(?<![a-z0-9])(?:t|wa|fb|m|bit|goo|vk|ok|ig)\s?[.,]\s?(?:me|com|ly|gl|gle|ru)\s?/\s?[^\s，。、]+"
)
_HINT = re.compile(r"[.。]\w|[)\]}] ?\w|:\s?[/\\]|：\s?/|www|(?:me|com) ?/")
# What every page has; a first character, so that the search skips to one.
_MARK = re.compile(
    rf"[:：w.。,(\[{{](?:(?<=[:：])\s?[/\\]|(?<=w)ww|(?<=[.。])(?:{_ENDINGS})\b|(?<=[(\[{{]){_SAID}(?:{_ENDINGS})\b"
    r"|(?<=[.,])\s?(?:me|com|ly|gl|gle|ru)\s?/)"
)
_TRAILING = ".,;:!?)]}»”\"'…。،؛，、」"


def find(folded: str) -> Iterator[Span]:
    if not _MARK.search(folded) or not _HINT.search(folded):
        return
    for found in _ADDRESS.finditer(folded):
        end = found.start() + len(found.group().rstrip(_TRAILING))
        yield Span(found.start(), end, Label.URL)
