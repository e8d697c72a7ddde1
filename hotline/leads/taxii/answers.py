"""How the server answers: envelopes spliced from kept JSON text, and errors in TAXII's own form."""

import json
from collections.abc import Iterable

from flask import Response
from werkzeug.exceptions import HTTPException

from hotline.errors import HotlineError
from hotline.leads.door import explained, status_of
from hotline.leads.taxii.paging import Page, date_added

CONTENT_TYPE = "application/taxii+json;version=2.1"

_TITLES = {
    400: "The request cannot be read",
    401: "A token is needed",
    403: "This is not allowed",
    404: "There is no such thing",
    405: "This server is for reading",
    406: "This server speaks TAXII 2.1",
    413: "The request is too large",
    429: "There are too many requests",
    503: "Try again later",
}


def answer(resource: object, *, status: int = 200) -> Response:
    return _response(json.dumps(resource, ensure_ascii=False), status)


def envelope(page: Page, name: str, texts: Iterable[str]) -> Response:
    """Return *texts*, each JSON, as the list *name* of an envelope; it is left out where it would be empty."""
    parts = [f'"more":true,"next":"{page.next}"'] if page.next else []
    if page.rows:
        parts.append(f'"{name}":[{",".join(texts)}]')
    response = _response("{" + ",".join(parts) + "}", 200)
    if page.rows:
        response.headers["X-TAXII-Date-Added-First"] = date_added(page.first)
        response.headers["X-TAXII-Date-Added-Last"] = date_added(page.last)
    return response


def unchanged(number: int) -> Response:
    """Return that nothing changed since the collection had *number*."""
    response = Response(status=304)
    del response.headers["Content-Type"]
    return kept(response, number)


def kept(response: Response, number: int) -> Response:
    """Let a client keep *response* and ask whether the *number* of the collection is still the same.

    Nothing changes in a collection without its number rising, so the number stands for all of it.
    """
    response.set_etag(f"{number:x}")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization, Accept"
    return response


def refusal(error: HotlineError) -> Response:
    """Return the TAXII error message for one of our errors; its sentence is fixed, so it may be told."""
    status = status_of(error)
    return explained(_error(status, str(error) if status < 500 else ""), error)


def http_refusal(error: HTTPException) -> Response:
    """Return the TAXII error message for what the web framework refused."""
    return _error(error.code or 500, "")


def _error(status: int, description: str) -> Response:
    message = {"title": _TITLES.get(status, "This went wrong"), "http_status": str(status)}
    if description:
        message["description"] = description
    response = answer(message, status=status)
    if status == 405:
        response.headers["Allow"] = "GET, HEAD, OPTIONS"
    return response


def _response(text: str, status: int) -> Response:
    response = Response(text, status=status, content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
