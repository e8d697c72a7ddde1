"""Names on messengers and social networks: after an @, after the name of the network, or with an underscore."""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span

# Looking for these first is ten times faster than trying every form at every place.
_NETWORKS = (
    "tele", "теле", "tg", "тг", "insta", "инста", "ig", "facebook", "fb", "фейс", "messenger", "whats", "wasap", "watsap",
    "zap", "wechat", "weixin", "微信", "qq", "line", "ไลน์", "viber", "вайбер", "zalo", "snap", "tik", "signal", "skype",
    "discord", "kakao", "imo", "vk", "вк", "twitter", "تل", "تیل", "انست", "اینست", "فیس", "وات", "سناب", "टेल", "इंस", "व्ह",
    "টেল", "ফেস",
)  # fmt: skip
_NETWORK = (
    r"telegram|telegr|telega|телеграм\w*|телега|тг|tg|instagram|insta|инстаграм\w*|инста|ig|facebook|fb|фейсбук\w*|messenger|"
    r"whatsapp|whats app|wasap|watsap|zap|wechat|weixin|微信号?|加微信?|qq号?|line id|line|ไลน์|ไอดีไลน์|viber|вайбер|zalo|snapchat|snap|tiktok|tik tok|"
    r"signal|skype|discord|kakao ?talk|kakao|imo|vk|вк|twitter|facebook id|"
    r"تلغرام|تیلیجرام|تلیجرام|انستا|انستغرام|انستقرام|تلگرام|اینستا|اینستاگرام|فیسبوک|واتساب|واتس|واتساپ|سناب|टेलीग्राम|इंस्टा|व्हाट्सएप|টেলিগ্রাম|ফেসবুক"
)
_LINK = r"(?:\s*(?:[:：=是]|is|es|id|est|é|e|:|-)\s*|\s+(?:id|name|account|user|username|is|es|me)\s*[:：]?\s*|\s*)"
_NAME = r"@?[a-z0-9](?:[a-z0-9._-]*[a-z0-9_])?"
_AFTER_NETWORK = re.compile(
    rf"(?:(?<!\w)|(?<=[\u0e00-\u0e7f\u3040-\u9fff]))(?:{_NETWORK}){_LINK}(?P<name>{_NAME})(?![\w@])"
)
_AT = re.compile(r"(?<![\w.@])@ ?[\w][\w.\-]*\w|(?<![\w.@])@\w")
_UNDERSCORED = re.compile(r"[^\W_][\w.-]*_[\w.-]*\w|(?<!\w)_+[^\W_]\w*")
_HINT = re.compile(r"[\d_@]|\.\w")
_DOTTED = re.compile(r"(?<![\w@./])[a-z][\w-]{1,30}(?:\.[\w-]{2,30}){1,4}(?![\w@])")
_HASH = re.compile(r"#\w+")
_MARKED = (("@", _AT), ("_", _UNDERSCORED), ("#", _HASH))


def find(folded: str) -> Iterator[Span]:
    for mark, form in _MARKED:
        if mark in folded:
            for found in form.finditer(folded):
                yield Span(found.start(), found.end(), Label.HANDLE)
    if _HINT.search(folded):
        yield from _unmarked(folded)


def _unmarked(folded: str) -> Iterator[Span]:
    for found in _DOTTED.finditer(folded):
        if any(map(str.isdigit, found.group())):
            yield Span(found.start(), found.end(), Label.HANDLE)
    if any(network in folded for network in _NETWORKS):
        yield from _after_network(folded)


def _after_network(folded: str) -> Iterator[Span]:
    for found in _AFTER_NETWORK.finditer(folded):
        name = found["name"]
        if any(char.isdigit() or char in "._@" for char in name) and len(name) > 2:
            yield Span(found.start("name"), found.end("name"), Label.HANDLE)
