"""The addresses of the TAXII server."""

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import HTTPException

from hotline.errors import HotlineError, NotFound, Refused
from hotline.leads.agencies import Agency
from hotline.leads.door import admit_reader, parts, reader
from hotline.leads.taxii import answers, asking, paging

ROOT = "/taxii2/leads/"
ALIAS = "leads"
_LARGEST = 64 * 1024

V = TypeVar("V", bound=Callable[..., Any])

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
def collections() -> Response:
    return answers.answer({"collections": [_described(reader())]})


@_at("/leads/collections/<collection>/")
def collection(collection: str) -> Response:
    _own(collection)
    return answers.answer(_described(reader()))


@_at("/leads/collections/<collection>/manifest/")
def manifest(collection: str) -> Response:
    asked = asking.read(request.args)
    with parts().store.read() as session:
        page = paging.records(session, _own(collection), asked)
    return answers.envelope(page, "objects", map(_record, page.rows))


@_at("/leads/collections/<collection>/objects/")
def objects(collection: str) -> Response:
    asked = asking.read(request.args)
    with parts().store.read() as session:
        page = paging.bodies(session, _own(collection), asked)
    return answers.envelope(page, "objects", (row.body for row in page.rows))


@_at("/leads/collections/<collection>/objects/<stix_id>/")
def one_object(collection: str, stix_id: str) -> Response:
    page = _page_of(collection, stix_id, paging.bodies)
    return answers.envelope(page, "objects", (row.body for row in page.rows))


@_at("/leads/collections/<collection>/objects/<stix_id>/versions/")
def versions(collection: str, stix_id: str) -> Response:
    page = _page_of(collection, stix_id, paging.records)
    return answers.envelope(page, "versions", (f'"{row.version}"' for row in page.rows))


@_at("/leads/collections/<collection>/objects/", "POST")
def add_objects(collection: str) -> NoReturn:
    _own(collection)
    raise Refused


@_at("/leads/collections/<collection>/objects/<stix_id>/", "DELETE")
def delete_object(collection: str, stix_id: str) -> NoReturn:
    _own(collection)
    raise Refused


@_at("/<path:anything>", "GET", "POST", "PUT", "PATCH", "DELETE")
def anything_else(anything: str) -> NoReturn:
    """Answer in TAXII's form also where nothing is, such as the status of a request that nobody can make."""
    if request.method in ("GET", "HEAD"):
        raise NotFound
    abort(405)


def _described(agency: Agency) -> dict[str, object]:
    return {
        "id": agency.collection,
        "title": f"Leads for {agency.name}",
        "description": f"Countries: {', '.join(agency.countries)}",
        "alias": ALIAS,
        "can_read": True,
        "can_write": False,
        "media_types": [answers.STIX_TYPE],
    }


def _own(collection: str) -> str:
    """Return the id of the reader's own collection.

    Raises:
        NotFound: it is another; whether that one exists is not told.
    """
    if collection.lower() not in (reader().collection, ALIAS):
        raise NotFound
    return reader().collection


def _page_of(collection: str, stix_id: str, look: Callable[..., paging.Page]) -> paging.Page:
    asked = asking.only(asking.read(request.args), stix_id)
    with parts().store.read() as session:
        page = look(session, _own(collection), asked)
        if not page.rows and not paging.holds(session, _own(collection), stix_id):
            raise NotFound
    return page


def _record(row: Any) -> str:
    """Return a record of the manifest; our ids and times have no character that JSON would escape."""
    return (
        f'{{"id":"{row.stix_id}","date_added":"{paging.date_added(row.added)}",'
        f'"version":"{row.version}","media_type":"{answers.STIX_TYPE}"}}'
    )
