"""A page and the headers it leaves with: the same for reporters and for the desk.

Nothing is kept by a browser or a proxy, nothing is fetched from elsewhere, nothing inline runs, no
other site learns where someone came from, and no page stands inside another site's frame. The referrer
policy is `same-origin` and not `no-referrer` because the latter also empties the origin of our own forms.
"""

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.parts import here

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=()",
    "X-Robots-Tag": "noindex, nofollow",
    # In place of the name of the program that serves.
    "Server": "web",
}

HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


def page(
    template: str, domain: str, locale: str, *, status: int = 200, **facts: object
) -> Response:
    """Return *template* of *domain* in *locale*, with the headers of every page."""
    text = here().languages.render(template, locale, domain, **facts)
    response = Response(text, status=status, mimetype="text/html")
    with_headers(response)
    return response


def with_headers(response: AnyResponse) -> AnyResponse:
    """Return *response* with the headers of every page; those that it has already stand."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if is_encrypted():
        for name, value in HTTPS_HEADERS.items():
            response.headers.setdefault(name, value)
    return response


def comes_by_onion() -> bool:
    """Tell whether this request came through our onion service: plain http there, because Tor encrypts it."""
    onion = here().config.onion_url.removeprefix("http://")
    return bool(onion) and request.headers.get("Host", "").partition(":")[0] == onion


def is_encrypted() -> bool:
    """Tell whether the browser reached us by https, so that what it keeps of us may be bound to that."""
    return here().config.is_https and not comes_by_onion()


def is_from_elsewhere() -> bool:
    """Tell whether another site made the browser send this request.

    Browsers since 2023 say so themselves (Fetch Metadata); older ones name the origin of a form, or at least the
    page it stands on. A request that carries none of these comes from no page that a stranger wrote.
    """
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin") or _origin_of(request.headers.get("Referer", ""))
    config, host = here().config, request.headers.get("Host", "")
    # Under https, a page that came unencrypted may be anybody's on the way.
    as_asked = f"https://{host}" if config.is_https else f"http://{host}"
    return bool(origin) and origin not in (config.public_url, config.onion_url, as_asked)


def _origin_of(address: str) -> str:
    return "/".join(address.split("/")[:3])
