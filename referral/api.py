"""The directory over HTTP, as the API reference of HSDS 3.1 has it, open to all and read only.

The application puts what reads the directory into ``app.extensions["directory"]``: an object whose
``read()`` is a context manager that yields a SQLAlchemy `Connection`. Nothing of a request is logged or
kept. Queries may be posted as a form, too, so that they stand in no address.

Errors are problem details (RFC 9457) with fixed sentences; they name a parameter and never repeat it.
"""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from http import HTTPStatus
from math import ceil
from pathlib import Path
from typing import Any, Protocol

from flask import Blueprint, Response, current_app, request, url_for
from sqlalchemy.engine import Connection

from referral.asked import Asked, BadQuery, read_detail, read_query
from referral.directory import Collection, Detail, following, page, record, stamps
from referral.withheld import Document

VERSION = "3.1"
PROFILE = "https://docs.openreferral.org/"
_OPENAPI = Path(__file__).with_name("openapi.json")
_LISTS: str = "any(services, organizations, service_at_locations, taxonomies, taxonomy_terms)"

directory = Blueprint("directory", __name__, url_prefix="/directory")


class Directory(Protocol):
    """What reads the directory; lives in ``app.extensions["directory"]``."""

    def read(self) -> AbstractContextManager[Connection]: ...


@directory.after_request
def let_anyone_read(response: Response) -> Response:
    """Let pages of other origins read the directory: it is public, and no cookie changes its answers."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@directory.errorhandler(BadQuery)
def refuse_query(bad: BadQuery) -> Response:
    return _problem(HTTPStatus.BAD_REQUEST, bad.sentence, parameter=bad.parameter)


@directory.get("/")
def describe() -> Response:
    """Say which version of HSDS this is, and where its OpenAPI document lies."""
    where = url_for("directory.openapi", _external=True)
    return _json({"version": VERSION, "profile": PROFILE, "openapi_url": where})


@directory.get("/openapi.json")
def openapi() -> Response:
    described = json.loads(_OPENAPI.read_text(encoding="utf-8"))
    described["servers"] = [{"url": url_for("directory.describe", _external=True).rstrip("/")}]
    return _json(described)


@directory.route(f"/<{_LISTS}:name>", methods=["GET", "POST"])
def listed(name: str) -> Response:
    """Answer a page of a collection; as ndjson, all of it, a record a line."""
    collection, asked = Collection(name), read_query(request.values)
    if asked.ndjson:
        return _stream(collection, asked)
    with _directory().read() as connection:
        contents, total = _page(connection, collection, asked)
    return _json(_envelope(contents, total, asked))


@directory.get(f"/<{_LISTS}:name>/<record_id>")
def single(name: str, record_id: str) -> Response:
    """Answer one record with all that belongs to it."""
    asked = read_detail(request.args)
    detail = Detail.FULL_SERVICE if asked is Detail.FULL_SERVICE else Detail.FULL
    with _directory().read() as connection:
        found = record(connection, Collection(name), record_id, detail=detail)
    if found is None:
        return _problem(HTTPStatus.NOT_FOUND, "the directory has no record of this id here")
    return _json(found)


def _directory() -> Directory:
    found: Directory = current_app.extensions["directory"]
    return found


def _page(
    connection: Connection, collection: Collection, asked: Asked
) -> tuple[list[Document], int]:
    if asked.minimal and collection is Collection.SERVICES:
        found = stamps(connection, asked.wanted, number=asked.page, size=asked.per_page)
        return found.contents, found.total
    found = page(
        connection,
        collection,
        asked.wanted,
        number=asked.page,
        size=asked.per_page,
        detail=asked.detail,
    )
    return found.contents, found.total


def _envelope(contents: list[Document], total: int, asked: Asked) -> Document:
    pages = ceil(total / asked.per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": asked.page,
        "size": len(contents),
        "first_page": asked.page == 1,
        "last_page": asked.page >= pages,
        "empty": not contents,
        "contents": contents,
    }


def _stream(collection: Collection, asked: Asked) -> Response:
    """Send record after record; a slow reader keeps no connection to the database from others."""
    source = _directory()

    def lines() -> Iterator[str]:
        after = ""
        while True:
            with source.read() as connection:
                told = following(
                    connection, collection, asked.wanted, after=after, detail=asked.detail
                )
            if not told:
                return
            yield from (json.dumps(each, ensure_ascii=False) + "\n" for each in told)
            after = told[-1]["id"]

    return Response(lines(), mimetype="application/x-ndjson")


def _json(
    document: Any, status: int = HTTPStatus.OK, mimetype: str = "application/json"
) -> Response:
    return Response(json.dumps(document, ensure_ascii=False), status, mimetype=mimetype)


def _problem(status: HTTPStatus, sentence: str, **more: str) -> Response:
    told = {"type": "about:blank", "title": status.phrase, "status": status, "detail": sentence}
    return _json(told | more, status, "application/problem+json")
