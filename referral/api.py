"""The directory over HTTP, as the API reference of HSDS 3.1 has it, read only: open to all, or by token.

The application puts what reads the directory into ``app.extensions["directory"]``: an object whose
``read()`` is a context manager that yields a SQLAlchemy `Connection`; and, where a token is to be shown, a
`Door` into ``app.extensions["directory_door"]``. Nothing of a request is logged or kept. Queries may be
posted as a form, too, so that they stand in no address.

Errors are problem details (RFC 9457) with fixed sentences; they name a parameter and never repeat it.
"""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from http import HTTPStatus
from math import ceil
from typing import Protocol

from flask import Blueprint, Response, abort, current_app, request, url_for
from sqlalchemy.engine import Connection
from werkzeug.exceptions import HTTPException

from referral.answers import problem, streamed, told
from referral.asked import Asked, BadQuery, read_detail, read_query, said_once
from referral.described import described
from referral.directory import Collection, Detail, Page, following, page, record, stamps
from referral.door import Door
from referral.revision import revision
from referral.withheld import Document

VERSION = "3.1"
PROFILE = "https://docs.openreferral.org/"
_LISTS: str = f"any({', '.join(Collection)})"
_ELSEWHERE = "directory.anything_else"
_EVERYBODY = Door()
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_OPEN = frozenset({"directory.describe", "directory.openapi"})
_EVERY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY")

directory = Blueprint("directory", __name__, url_prefix="/directory")


class Directory(Protocol):
    """What reads the directory; lives in ``app.extensions["directory"]``."""

    def read(self) -> AbstractContextManager[Connection]: ...


@directory.before_request
def admit() -> Response | None:
    """Refuse who must show a token and does not. A browser asks first without one, and what this is is no secret."""
    if request.method == "OPTIONS" or request.endpoint in _OPEN:
        return None
    if _door().lets_in(request.headers.get("Authorization", "")):
        return None
    refused = problem(HTTPStatus.UNAUTHORIZED, "show a token of this directory")
    refused.headers["WWW-Authenticate"] = "Bearer"
    return refused


@directory.after_request
def let_pages_read(response: Response) -> Response:
    """Let pages of other origins read the directory: no cookie changes its answers."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag"
    if request.method == "OPTIONS":
        response.headers["Allow"] = ", ".join(_allowed())
        response.headers["Access-Control-Allow-Headers"] = "Authorization, If-None-Match"
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@directory.errorhandler(BadQuery)
def refuse_query(bad: BadQuery) -> Response:
    return problem(HTTPStatus.BAD_REQUEST, bad.sentence, parameter=bad.parameter)


@directory.errorhandler(HTTPException)
def refuse(error: HTTPException) -> Response:
    return problem(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)


@directory.get("/")
def describe() -> Response:
    """Say which version of HSDS this is, and where its OpenAPI document lies."""
    where = _address("directory.openapi")
    return told({"version": VERSION, "profile": PROFILE, "openapi_url": where})


@directory.get("/openapi.json")
def openapi() -> Response:
    server = _address("directory.describe").rstrip("/")
    return told(described(server, by_token=not _door().is_public))


@directory.route(f"/<{_LISTS}:name>", methods=["GET", "POST"])
def listed(name: str) -> Response:
    """Answer a page of a collection; as ndjson, all of it, a record a line."""
    collection = Collection(name)
    asked = read_query(_parameters(), collection)
    if asked.ndjson:
        return _stream(collection, asked)
    with _directory().read() as connection:
        found = _page(connection, collection, asked)
    return told(_envelope(found, asked))


@directory.get(f"/<{_LISTS}:name>/<record_id>")
def single(name: str, record_id: str) -> Response:
    """Answer one record with all that belongs to it."""
    collection = Collection(name)
    asked = read_detail(said_once(request.args.lists()), collection)
    detail = Detail.FULL_SERVICE if asked is Detail.FULL_SERVICE else Detail.FULL
    with _directory().read() as connection:
        found = record(connection, collection, record_id, detail=detail)
    if found is None:
        return problem(HTTPStatus.NOT_FOUND, "the directory has no record of this id here")
    return told(found)


@directory.route("/<path:anything>", methods=_EVERY_METHOD)
def anything_else(anything: str) -> Response:
    """Answer as a directory does also where nothing is, or nothing is to be written."""
    allowed = _allowed()
    if not allowed:
        return problem(HTTPStatus.NOT_FOUND, "the directory has nothing here")
    refused = problem(HTTPStatus.METHOD_NOT_ALLOWED, "the directory is for reading")
    refused.headers["Allow"] = ", ".join(allowed)
    return refused


def _allowed() -> list[str]:
    """Return the methods that something other than `anything_else` answers at this address."""
    ways = {"GET": ["GET", "HEAD", "OPTIONS"], "POST": ["POST"]}
    return [method for way, methods in ways.items() if _answers(way) for method in methods]


def _answers(method: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and adapter.match(method=method)[0] != _ELSEWHERE
    except HTTPException:
        return False


def _parameters() -> dict[str, str]:
    """Return what is asked for: in the address, or in a form, which goes before.

    Raises: BadQuery.
    """
    if request.content_length and request.mimetype not in _FORMS:
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    return said_once(request.args.lists()) | said_once(request.form.lists())


def _directory() -> Directory:
    found: Directory = current_app.extensions["directory"]
    return found


def _door() -> Door:
    found: Door = current_app.extensions.get("directory_door", _EVERYBODY)
    return found


def _address(endpoint: str) -> str:
    origin = _door().origin
    return f"{origin}{url_for(endpoint)}" if origin else url_for(endpoint, _external=True)


def _page(connection: Connection, collection: Collection, asked: Asked) -> Page:
    number, size = asked.page, asked.per_page
    if asked.minimal:
        return stamps(connection, asked.wanted, number=number, size=size)
    return page(connection, collection, asked.wanted, number=number, size=size, detail=asked.detail)


def _envelope(found: Page, asked: Asked) -> Document:
    pages = ceil(found.total / asked.per_page)
    return {
        "total_items": found.total,
        "total_pages": pages,
        "page_number": asked.page,
        "size": len(found.contents),
        "first_page": asked.page == 1,
        "last_page": asked.page >= pages,
        "empty": not found.contents,
        "contents": found.contents,
    }


def _stream(collection: Collection, asked: Asked) -> Response:
    """Send record after record; a slow reader keeps no connection to the database from others."""
    source = _directory()
    with source.read() as connection:
        mark = revision(connection)
    query = hashlib.sha256(f"{mark} {collection} {asked!r}".encode()).hexdigest()[:32]

    def documents() -> Iterator[Document]:
        after = ""
        while True:
            with source.read() as connection:
                found = following(
                    connection, collection, asked.wanted, after=after, detail=asked.detail
                )
            if not found:
                return
            yield from found
            after = found[-1]["id"]

    return streamed(documents(), query if mark else "")
