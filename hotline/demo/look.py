"""Pages of the demo, in the visitor's language, also where the loopback provider stands by itself."""

from functools import cache
from typing import cast

from flask import Response, current_app, request, url_for

from hotline import pages
from hotline.catalogs import TRANSLATIONS
from hotline.i18n import CONSOLE, SOURCE, Languages, accepted
from hotline.parts import Hotline

# As on every page, and a script may ask this very origin for what is new, and a page play what it has.
_POLICY = f"{pages.CONTENT_SECURITY_POLICY}; connect-src 'self'; media-src 'self'"


def page(template: str, status: int = 200, **shown: object) -> Response:
    """Return *template* with the headers of every page."""
    languages = _languages()
    wanted = accepted(request.headers.get("Accept-Language", ""))
    locale = languages.best(wanted, CONSOLE) or SOURCE
    text = languages.render(template, locale, CONSOLE, **shown)
    response = Response(text, status, mimetype="text/html")
    response.headers.update(pages.HEADERS)
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def is_from_elsewhere() -> bool:
    """Tell whether another site made the browser send this form (compare `pages.is_from_elsewhere`)."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin", "")
    return bool(origin) and origin != request.host_url.rstrip("/")


def _languages() -> Languages:
    hotline = current_app.extensions.get("hotline")
    return cast(Hotline, hotline).languages if hotline else _alone()


@cache
def _alone() -> Languages:
    languages = Languages(TRANSLATIONS)
    languages.share(
        url_for=url_for, static=lambda name: url_for("static", filename=name), is_demo=True
    )
    return languages
