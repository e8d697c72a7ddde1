"""Whether somebody goes on, or is brought back by the Back key: what browsers say of a navigation.

Browsers since 2023 say where a navigation comes from and whether a person made it (Fetch Metadata). Measured in
Chromium 156 and Firefox 153, each with and without scripts:

- a link, a form, what a form redirects to, a typed address, a bookmark: `Sec-Fetch-User: ?1`;
- the Back key: without it, except (Chromium) onto an address that was typed or loaded anew;
- loading anew, and sending a form anew: with `Cache-Control`, which the Back key never brings.

So the Back key alone asks for a page of ours without a person's act, and without the cookie that whoever goes on has
until they leave. Where browsers say nothing (old ones, and plain http) nobody is led away by this rule. Where
cookies are off the Back key leads away, and so does a page loaded anew when a code is sent from it (Chromium says of
that form, too, that it was loaded anew); every other step works.
"""

from flask import request

GOES_ON = "page"
_OF_OURS = ("same-origin", "none")


def goes_on() -> bool:
    """Tell whether a person chose the page of this request: by a link, a form, an address, or our script for them."""
    said = request.headers
    if said.get("Sec-Fetch-Mode") == "navigate":
        return not _is_nobodys_act()
    return said.get("Sec-Fetch-Site") == "same-origin"


def is_brought_back() -> bool:
    """Tell whether the Back key asks for this page although they left, or a browser that opens its last pages."""
    return _is_nobodys_act() and request.headers.get("Sec-Fetch-Site", "") in _OF_OURS


def is_sent_by_nobody() -> bool:
    """Tell whether another site or another program sent the browser here: that may be on purpose, or not."""
    return _is_nobodys_act() and request.headers.get("Sec-Fetch-Site", "") not in _OF_OURS


def is_sent_anew() -> bool:
    """Tell whether the browser sends a form once more after they left: the Back key stood on its answer."""
    said = request.headers
    is_once_more = "Cache-Control" in said or "Sec-Fetch-User" not in said
    return (
        request.method == "POST"
        and said.get("Sec-Fetch-Mode") == "navigate"
        and is_once_more
        and GOES_ON not in request.cookies
    )


def _is_nobodys_act() -> bool:
    said = request.headers
    return (
        said.get("Sec-Fetch-Mode") == "navigate"
        and "Sec-Fetch-User" not in said
        and "Cache-Control" not in said
        and GOES_ON not in request.cookies
    )
