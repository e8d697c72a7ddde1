"""How a feed answers: only what has changed, compressed when asked, written down first; errors as RFC 9457 says."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Response, request
from werkzeug.exceptions import HTTPException

from hotline.errors import HotlineError
from hotline.leads import fetching
from hotline.leads.door import asked_at, charge, explained, parts, reader, status_of

ARCHIVE = "application/zip"
# Rises when an answer to the same question changes its form.
_EDITION = 2
_SMALL = 1024


@dataclass(frozen=True, slots=True)
class Content:
    """What an answer holds, and the range of `added` of the leads in it: zeros where it tells nothing of any.

    *held* is how many things it took to make it.
    """

    body: bytes
    first: int = 0
    last: int = 0
    held: int = 0
    headers: dict[str, str] = field(default_factory=dict)


def sent(kind: str, way: str, mark: str, make: Callable[[], Content]) -> Response:
    """Return the answer of media type *kind*; what *make* returns is the same until the collection's number rises.

    *way* is one of `fetching.WAYS`, and *mark* tells the answers to two questions apart.
    """
    agency = reader()
    zipped = kind != ARCHIVE and request.accept_encodings.quality("gzip") > 0
    response = Response(content_type=kind)
    mark = f"{agency.collection}-{agency.last_added:x}-{way}-{mark}-{_EDITION}"
    response.set_etag(f"{mark}-gzip" if zipped else mark)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization, Accept-Encoding"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.make_conditional(request)
    if response.status_code == HTTPStatus.OK:
        _fill(response, make(), way, zipped=zipped)
    return response


def _fill(response: Response, content: Content, way: str, *, zipped: bool) -> None:
    charge(reader(), content.held, at=asked_at())
    if content.last and request.method != "HEAD":
        first, last = content.first, content.last
        fetching.note(parts().store, reader(), way, first, last, at=asked_at())
    body = content.body
    if zipped and len(body) > _SMALL:
        body = gzip.compress(body, 5, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    response.headers.extend(content.headers)
    response.set_data(body)


def refusal(error: HotlineError) -> Response:
    """Return the problem details of one of our errors; its sentence is fixed, so it may be told."""
    status = status_of(error)
    return explained(_problem(status, str(error) if status < 500 else ""), error)


def http_refusal(error: HTTPException) -> Response:
    """Return the problem details of what the web framework refused."""
    response = _problem(error.code or 500, "")
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = "GET, HEAD, OPTIONS"
    return response


def _problem(status: int, detail: str) -> Response:
    problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body = json.dumps({**problem, "detail": detail} if detail else problem)
    response = Response(body, status=status, content_type="application/problem+json")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
