"""Whether somebody goes on, or is brought back by the Back key: what browsers say of a navigation.

Browsers since 2023 say where a navigation comes from and whether a person made it (Fetch Metadata). Measured in
Chromium 156 and Firefox 153, each with and without scripts:

- a link, a form, what a form redirects to, a typed address, a bookmark: `Sec-Fetch-User: ?1`;
- the Back key: without it, except onto an address that was typed (Chromium) or loaded anew there (Chromium);
- loading anew: with `Cache-Control`, which the Back key never brings.

So the Back key alone asks for a page of ours without a person's act, and without the cookie that whoever goes on has
until they leave. Where browsers say nothing (old ones, and plain http) nobody is led away by this rule; where
cookies are off only the Back key leads away, never a step forward.
"""

from flask import request

GOES_ON = "page"
_OF_OURS = ("same-origin", "none")


def goes_on() -> bool:
    """Tell whether this request is a step from one page of ours to another."""
    said = request.headers
    is_made = said.get("Sec-Fetch-Mode") != "navigate" or "Sec-Fetch-User" in said
    return is_made and said.get("Sec-Fetch-Site") == "same-origin"


def is_brought_back() -> bool:
    """Tell whether the Back key asks for this page although they left, or a browser that opens its last pages."""
    return _is_nobodys_act() and request.headers.get("Sec-Fetch-Site", "") in _OF_OURS


def is_sent_by_nobody() -> bool:
    """Tell whether another site or another program sent the browser here: that may be on purpose, or not."""
    return _is_nobodys_act() and request.headers.get("Sec-Fetch-Site", "") not in _OF_OURS


def _is_nobodys_act() -> bool:
    said = request.headers
    return (
        said.get("Sec-Fetch-Mode") == "navigate"
        and "Sec-Fetch-User" not in said
        and "Cache-Control" not in said
        and GOES_ON not in request.cookies
    )
