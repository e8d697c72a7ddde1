"""The OpenAPI document of the directory, made from what answers: tables, shapes and the limits of a query.

HSDS publishes one; its schemas refer to another version, and it leaves open what of a page is always there.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column

from referral.asked import (
    ALL_STAMPS,
    FARTHEST,
    LAST_PAGE,
    LONGEST,
    MOST_PER_PAGE,
    MOST_WORDS,
    PER_PAGE,
)
from referral.directory import Collection, shapes
from referral.nesting import TERM, Shape
from referral.tables import TABLES, Kind
from referral.withheld import LINKS

Json = dict[str, Any]

_FORMATS = {
    Kind.KEY: "uuid",
    Kind.URI: "uri",
    Kind.EMAIL: "email",
    Kind.DATE: "date",
    Kind.DATETIME: "date-time",
}
_NO_CONTROL = r"[^\u0000-\u001f\u007f]"
_TEXT: Json = {"type": "string", "maxLength": LONGEST, "pattern": f"^{_NO_CONTROL}*$"}
_NOT_SAID: Json = {"const": ""}
_FLAG: Json = {"anyOf": [{"type": "boolean"}, _NOT_SAID], "default": False}
_WORDS = rf"^(?!{_NO_CONTROL}*[\u0000-\u001f\u007f])\s*(\S+\s+){{0,{MOST_WORDS - 1}}}\S*\s*$"

_PARAMETERS: dict[str, tuple[str, Json]] = {
    "search": (
        f"Up to {MOST_WORDS} words that must all stand in the name, alternate name or description; of a service also in the name of its organization, or mean a need that it answers.",
        _TEXT | {"pattern": _WORDS},
    ),
    "taxonomy_term_id": (
        "The id or the code of a taxonomy term that classifies the record.",
        _TEXT,
    ),
    "taxonomy_id": ("Classified by any term of this taxonomy; of terms, a term of it.", _TEXT),
    "organization_id": ("Of this organization.", _TEXT),
    "modified_after": (
        "Changed at this instant or day, or later.",
        {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}, _NOT_SAID]},
    ),
    "postcode": (
        "At a public address with this postal code. Confidential locations are never found by it.",
        _TEXT,
    ),
    "proximity": (
        "Metres around the middle of the postcode, in place of inside it; without a postcode it says nothing.",
        {"anyOf": [{"type": "number", "minimum": 0, "maximum": FARTHEST}, _NOT_SAID]},
    ),
    "minimal": (
        f"Tell the id and last_modified only; up to {ALL_STAMPS} on a page unless per_page says less.",
        _FLAG,
    ),
    "full": ("Nest everything that belongs to each record.", _FLAG),
    "full_service": ("Full, and with the services of an organization in full.", _FLAG),
    "top_only": ("Only terms without a parent.", _FLAG),
    "parent_id": ("Only terms under this term.", _TEXT),
    "page": (
        "The page, counted from 1.",
        {
            "anyOf": [{"type": "integer", "minimum": 1, "maximum": LAST_PAGE}, _NOT_SAID],
            "default": 1,
        },
    ),
    "per_page": (
        f"Records of one page; {PER_PAGE} unless minimal.",
        {"anyOf": [{"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE}, _NOT_SAID]},
    ),
    "format": (
        "json gives pages; ndjson gives everything, one record a line, without pages.",
        {"type": "string", "enum": ["json", "ndjson", ""], "default": "json"},
    ),
}
_PAGING = ("page", "per_page", "format")
_CLASSED = ("search", "taxonomy_term_id", "taxonomy_id")
_PLACED = ("postcode", "proximity", "full")
_ASKED: dict[Collection, tuple[str, ...]] = {
    Collection.SERVICES: (*_CLASSED, "organization_id", "modified_after", *_PLACED, "minimal"),
    Collection.ORGANIZATIONS: (*_CLASSED, "full", "full_service"),
    Collection.LOCATIONS: ("search", "organization_id", *_PLACED),
    Collection.SERVICE_AT_LOCATIONS: (*_CLASSED, "organization_id", "modified_after", *_PLACED),
    Collection.TAXONOMIES: ("search",),
    Collection.TAXONOMY_TERMS: ("search", "taxonomy_id", "top_only", "parent_id"),
}
_COUNTS = ("total_items", "total_pages", "page_number", "size")
_ANSWERS_YES_OR_NO = ("first_page", "last_page", "empty")


def described(server: str, *, by_token: bool) -> Json:
    """Return the OpenAPI 3.1 document of the directory at the address *server*."""
    paths: Json = {"/": {"get": _front_page()}}
    for collection in Collection:
        paths[f"/{collection}"] = {
            "get": _list(collection, by_token, {"parameters": _parameters(collection)}),
            "post": _list(collection, by_token, {"requestBody": _form(collection)}, "query"),
        }
        paths[f"/{collection}/{{id}}"] = {"get": _record(collection, by_token)}
    document: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": "Directory of services",
            "version": "3.1",
            "summary": "Human Services Data Specification 3.1, read only",
        },
        "externalDocs": {"url": "https://docs.openreferral.org/"},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {"schemas": _schemas()},
    }
    if by_token:
        document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"token": []}]
    return document


def _front_page() -> Json:
    address = {"type": "string", "format": "uri"}
    names = {"version": {"type": "string"}, "profile": address, "openapi_url": address}
    return {
        "operationId": "describe",
        "summary": "Which version of HSDS this is",
        "security": [],
        "responses": {"200": _json("The version, and where it is described.", _object(names))},
    }


def _list(collection: Collection, by_token: bool, asked: Json, verb: str = "list") -> Json:
    record: Json = {"$ref": f"#/components/schemas/{_kind(collection)}"}
    if collection is Collection.SERVICES:
        record = {"anyOf": [record, {"$ref": "#/components/schemas/service_stamp"}]}
    contents: Json = {"contents": {"type": "array", "items": record}}
    counts = {name: {"type": "integer", "minimum": 0} for name in _COUNTS}
    flags = {name: {"type": "boolean"} for name in _ANSWERS_YES_OR_NO}
    found = _json("A page, or everything.", _object(counts | flags | contents))
    found["content"]["application/x-ndjson"] = {"schema": {"type": "string"}}
    responses = {"200": found, "400": _problem("A parameter cannot be read.")}
    if verb == "query":
        responses["415"] = _problem("The query is not a form.")
    return {
        "operationId": f"{verb}_{collection}",
        "summary": f"A page of {collection}",
        **asked,
        "responses": responses | _guarded(by_token),
    }


def _record(collection: Collection, by_token: bool) -> Json:
    key = {"type": "string", "format": "uuid"}
    parameters = [{"name": "id", "in": "path", "required": True, "schema": key}]
    responses = {"200": _json("The record.", {"$ref": f"#/components/schemas/{_kind(collection)}"})}
    if collection is Collection.ORGANIZATIONS:
        parameters.append(_parameter("full_service"))
        responses["400"] = _problem("A parameter cannot be read.")
    responses["404"] = _problem("There is no such record.")
    return {
        "operationId": f"get_{_kind(collection)}",
        "summary": f"One {_kind(collection)} with everything that belongs to it",
        "parameters": parameters,
        "responses": responses | _guarded(by_token),
    }


def _guarded(by_token: bool) -> Json:
    return {"401": _problem("A token is to be shown.")} if by_token else {}


def _parameters(collection: Collection) -> list[Json]:
    return [_parameter(name) for name in (*_ASKED[collection], *_PAGING)]


def _parameter(name: str) -> Json:
    what, schema = _PARAMETERS[name]
    return {"name": name, "in": "query", "required": False, "description": what, "schema": schema}


def _form(collection: Collection) -> Json:
    names = (*_ASKED[collection], *_PAGING)
    fields = {name: _PARAMETERS[name][1] for name in names}
    schema = {"type": "object", "properties": fields}
    return {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}


def _json(what: str, schema: Json) -> Json:
    return {"description": what, "content": {"application/json": {"schema": schema}}}


def _problem(what: str) -> Json:
    schema = {"$ref": "#/components/schemas/problem"}
    return {"description": what, "content": {"application/problem+json": {"schema": schema}}}


def _object(properties: Json, required: Iterable[str] | None = None) -> Json:
    return {
        "type": "object",
        "required": sorted(properties if required is None else required),
        "properties": properties,
        "additionalProperties": False,
    }


def _schemas() -> Json:
    found: dict[str, Json] = {}
    for collection in Collection:
        for shape in shapes(collection):
            _add(found, shape)
    for name in ("attribute", "metadata"):
        found[name] = _of_columns(name, frozenset())
    _add(found, TERM)
    found["attribute"]["taxonomy_term"] = {"$ref": "#/components/schemas/taxonomy_term"}
    schemas = {name: _object(fields, _required(name)) for name, fields in found.items()}
    stamp = {name: found["service"][name] for name in ("id", "last_modified")}
    text = {name: {"type": "string"} for name in ("type", "title", "detail", "parameter")}
    problem = _object(text | {"status": {"type": "integer"}}, ("type", "title", "status"))
    return schemas | {"service_stamp": _object(stamp, ("id",)), "problem": problem}


def _add(found: dict[str, Json], shape: Shape) -> None:
    """Add to the schemas *found* what *shape* tells."""
    fields = found.setdefault(shape.table, {})
    fields |= _of_columns(shape.table, shape.keeps)
    for name, inner in shape.one:
        fields[name] = {"$ref": f"#/components/schemas/{inner.table}"}
        _add(found, inner)
    for name, inner in shape.many:
        fields[name] = _several(inner.table)
        _add(found, inner)
    fields |= {"attributes": _several("attribute"), "metadata": _several("metadata")}


def _of_columns(table: str, keeps: frozenset[str]) -> Json:
    columns = (c for c in TABLES[table].c if "to" not in c.info or c.name in keeps)
    hidden = {"link_id", "resource_id", "resource_type"}
    return {c.name: _of_column(c) for c in columns if c.name not in hidden}


def _of_column(column: Column[Any]) -> Json:
    kind = column.info["kind"]
    if kind is Kind.NUMBER:
        return {"type": "number"}
    schema: Json = {"type": "string"}
    if kind in _FORMATS:
        schema["format"] = _FORMATS[kind]
    if column.info["choices"]:
        schema["enum"] = list(column.info["choices"])
    return schema


def _several(table: str) -> Json:
    items = {"$ref": f"#/components/schemas/{table}"}
    return {"type": "array", "minItems": 1, "items": items}


def _required(table: str) -> list[str]:
    """Return the fields that are always there; a link that gives a confidential location away is left out."""
    columns = (c for c in TABLES[table].c if not c.nullable and "to" not in c.info)
    hidden = {"link_id", "resource_id", "resource_type"} | LINKS
    return [c.name for c in columns if c.name not in hidden]


def _kind(collection: Collection) -> str:
    return shapes(collection)[0].table
