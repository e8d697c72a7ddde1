"""What the pages of providers look like: one stylesheet, put together once and sent compressed.

It is kept by no browser, as the pages are: on a shared computer it would tell that somebody here had such a message.
"""

from functools import cache

from hotline.channels.web.look import Asset, put_together

_NAMES = (
    "tokens",
    "scripts",
    "base",
    "page/sheet",
    "page/button",
    "page/ask",
    "page/notice",
    "page/talk",
    "provider/packet",
    "provider/answer",
    "provider/room",
)


@cache
def sheet() -> Asset:
    return Asset.of(put_together(f"{name}.css" for name in _NAMES), "text/css")
