"""The provider's published schemas, and the checks of our own that they leave out."""

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

FILE = Path(__file__).parent / "openapi" / "twilio_api_v2010.json"
ROOT = "urn:twilio"


def check(kind: str, thing: dict, file: Path = FILE) -> None:
    """Check *thing* against the schema *kind*, and that it has exactly the schema's keys."""
    _validator(kind, file).validate(thing)
    keys = set(published(file)["components"]["schemas"][kind]["properties"])
    assert set(thing) == keys, (kind, set(thing) ^ keys)


def check_form(kind: str, form: dict) -> None:
    """Check a form as it is sent: every value is text, so numbers and claims are read first."""
    properties = published()["components"]["schemas"][kind]["properties"]
    assert set(form) <= set(properties), set(form) - set(properties)
    read = {name: _read(properties[name].get("type"), value) for name, value in form.items()}
    _validator(kind).validate(read)


def check_list(kind: str, key: str, item: str, page: dict) -> None:
    """Check one page, and everything on it."""
    check(kind, page)
    for thing in page[key]:
        check(item, thing)


def query_of(path: str) -> set[str]:
    return set(published()["paths"][path]["get"]["parameters"])


@cache
def published(file: Path = FILE) -> dict:
    return _current(json.loads(file.read_text("utf-8")))


@cache
def _validator(kind: str, file: Path = FILE) -> "Draft202012Validator":
    # They take seconds to load: only who needs them does.
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    resource = Resource.from_contents(published(file), default_specification=DRAFT202012)
    registry = Registry().with_resource(ROOT, resource)
    schema = {"$ref": f"{ROOT}#/components/schemas/{kind}"}
    return Draft202012Validator(schema, registry=registry)


def _current(schema):
    """Say ``nullable`` of OpenAPI 3.0 in the words of JSON Schema; the claim widens the type beside it only."""
    if isinstance(schema, list):
        return [_current(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    read = {name: _current(part) for name, part in schema.items() if name != "nullable"}
    if schema.get("nullable") is True and isinstance(read.get("type"), str):
        read["type"] = [read["type"], "null"]
        if "enum" in read:
            read["enum"] = [*read["enum"], None]
    return read


def _read(kind, value: str):
    if kind == "integer":
        return int(value)
    if kind == "boolean":
        return {"true": True, "false": False}[value.lower()]
    return [value] if kind == "array" else value
