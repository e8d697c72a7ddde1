"""What every answer to reporters leaves with, beyond the headers of every page.

The script that leaves tells our server so (`connect-src`); nothing may build scripts or pages from text (our own
script takes pages as the browser parsed them, and needs no policy for it); and the browser looks up no names in
advance. Inside Tor the same pages have an address of their own, which Tor Browser offers where we name it.
"""

from typing import TypeVar
from urllib.parse import quote

from flask import request
from werkzeug.wrappers import Response

from hotline import pages
from hotline.parts import here

CONTENT_SECURITY_POLICY = (
    f"{pages.CONTENT_SECURITY_POLICY}; connect-src 'self'"
    "; require-trusted-types-for 'script'; trusted-types 'none'"
)


Page = TypeVar("Page", bound=Response)


def harden(response: Page) -> Page:
    """Return *response* with the headers of a reporter's page."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-DNS-Prefetch-Control"] = "off"
    if _is_offered_inside_tor(response):
        response.headers["Onion-Location"] = here().config.onion_url + quote(request.path)
    pages.with_headers(response)
    return response


def _is_offered_inside_tor(response: Response) -> bool:
    """Tell whether to name our onion service: with a page that was asked for, never with the answer to a form.

    Tor Browser may go there by itself, and what it asks for there is the blank page: a code just shown would be lost.
    """
    return (
        bool(here().config.onion_url)
        and pages.is_encrypted()
        and request.method == "GET"
        and response.status_code == 200
        and response.mimetype == "text/html"
    )
