"""What a reporter's page leaves with, beyond the headers of every page.

The script that leaves tells our server so (`connect-src`); nothing may build scripts from text; and the
browser looks up no names in advance.
"""

from typing import TypeVar

from werkzeug.wrappers import Response

from hotline import pages

CONTENT_SECURITY_POLICY = (
    f"{pages.CONTENT_SECURITY_POLICY}; connect-src 'self'; require-trusted-types-for 'script'"
)


Page = TypeVar("Page", bound=Response)


def harden(response: Page) -> Page:
    """Return *response* with the headers of a reporter's page."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-DNS-Prefetch-Control"] = "off"
    pages.with_headers(response)
    return response
