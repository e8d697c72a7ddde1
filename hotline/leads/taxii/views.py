"""The addresses of the TAXII server."""

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import HTTPException

from hotline.errors import HotlineError, NotFound, Refused
from hotline.leads import fetching
from hotline.leads.door import admit_reader, asked_at, charge, parts, reader
from hotline.leads.taxii import answers, asking, collections, paging
from hotline.store import Session

ROOT = "/taxii2/leads/"
_LARGEST = 64 * 1024

V = TypeVar("V", bound=Callable[..., Any])
Look = Callable[[Session, collections.View, asking.Asked], paging.Page]

taxii = Blueprint("taxii", __name__, url_prefix="/taxii2")
taxii.before_request(admit_reader)
taxii.register_error_handler(HotlineError, answers.refusal)
taxii.register_error_handler(HTTPException, answers.http_refusal)


@taxii.before_request
def negotiate() -> None:
    """Refuse a client that would not understand us."""
    if not asking.speaks_taxii(request.headers.get("Accept")):
        abort(406)


def _at(rule: str, *methods: str) -> Callable[[V], V]:
    """Serve *rule* with and without its last slash: the standard wants it, clients forget it."""
    return taxii.route(rule, methods=list(methods or ("GET",)), strict_slashes=False)


@_at("/")
def discovery() -> Response:
    return answers.answer({"title": "Leads", "api_roots": [ROOT], "default": ROOT})


@_at("/leads/")
def api_root() -> Response:
    return answers.answer(
        {
            "title": "Leads",
            "description": "Anonymized leads for investigations of trafficking. Read only.",
            "versions": [answers.CONTENT_TYPE],
            "max_content_length": _LARGEST,
        }
    )


@_at("/leads/collections/")
def list_collections() -> Response:
    return answers.answer({"collections": collections.described(reader())})


@_at("/leads/collections/<collection>/")
def collection(collection: str) -> Response:
    return answers.answer(collections.describe(reader(), _view(collection)))


@_at("/leads/collections/<collection>/manifest/")
def manifest(collection: str) -> Response:
    return _list(collection, paging.records, _record)


@_at("/leads/collections/<collection>/objects/")
def objects(collection: str) -> Response:
    return _list(collection, paging.bodies, _body)


@_at("/leads/collections/<collection>/objects/<stix_id>/")
def one_object(collection: str, stix_id: str) -> Response:
    page = _page_of(collection, stix_id, paging.bodies)
    return _told(page, "objects", _body)


@_at("/leads/collections/<collection>/objects/<stix_id>/versions/")
def versions(collection: str, stix_id: str) -> Response:
    page = _page_of(collection, stix_id, paging.records)
    return _told(page, "versions", lambda row: f'"{row.version}"')


@_at("/leads/collections/<collection>/objects/", "POST")
def add_objects(collection: str) -> NoReturn:
    _view(collection)
    raise Refused


@_at("/leads/collections/<collection>/objects/<stix_id>/", "DELETE")
def delete_object(collection: str, stix_id: str) -> NoReturn:
    _view(collection)
    raise Refused


@_at("/<path:anything>", "GET", "POST", "PUT", "PATCH", "DELETE")
def anything_else(anything: str) -> NoReturn:
    """Answer in TAXII's form also where nothing is, such as the status of a request that nobody can make."""
    if request.method in ("GET", "HEAD"):
        raise NotFound
    abort(405)


def _view(collection: str) -> collections.View:
    return collections.find(reader(), collection)


def _list(collection: str, look: Look, write: Callable[[Any], str]) -> Response:
    """Answer a page of a list; nothing but that it is the same, where the client has it already."""
    view, asked, number = _view(collection), asking.read(request.args), reader().last_added
    if request.if_none_match.contains(f"{number:x}"):
        return answers.unchanged(number)
    with parts().store.read() as session:
        page = look(session, view, asked)
    return answers.kept(_told(page, "objects", write), number)


def _page_of(collection: str, stix_id: str, look: Look) -> paging.Page:
    view, asked = _view(collection), asking.only(asking.read(request.args), stix_id)
    with parts().store.read() as session:
        page = look(session, view, asked)
        if not page.rows and not paging.holds(session, view, stix_id):
            raise NotFound
    return page


def _told(page: paging.Page, name: str, write: Callable[[Any], str]) -> Response:
    """Return the answer of *page*, having written down that the agency is about to read it."""
    charge(reader(), len(page.rows), at=asked_at())
    if page.rows:
        store = parts().store
        fetching.note(store, reader(), "taxii", page.first, page.last, at=asked_at())
    return answers.envelope(page, name, map(write, page.rows))


def _body(row: Any) -> str:
    return str(row.body)


def _record(row: Any) -> str:
    """Return a record of the manifest; our ids and times have no character that JSON would escape."""
    return (
        f'{{"id":"{row.stix_id}","date_added":"{paging.date_added(row.added)}",'
        f'"version":"{row.version}","media_type":"{collections.STIX_TYPE}"}}'
    )
