"""Every record of the directory is valid under the schemas of HSDS, read from the folder that HOTLINE_REFERENCE names."""

import json
import os
from pathlib import Path

import pytest

from tests.referral.conftest import ansel, directory, empty_file  # noqa: F401 - fixtures.
from tests.referral.test_api import COLLECTIONS, contents, reader  # noqa: F401 - a fixture.


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_record_is_valid_under_the_schemas_of_hsds(reader, name):  # noqa: F811 - the fixture.
    validator = schema_of({"taxonomies": "taxonomy"}.get(name, name.removesuffix("s")))

    for query in ({"per_page": 25}, {"per_page": 10, "full": "true"}):
        for each in contents(reader, name, **query):
            assert [error.message for error in validator.iter_errors(each)] == []


def schema_of(kind):
    from jsonschema import Draft202012Validator, FormatChecker
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    registry = Registry()
    for path in Path(os.environ["HOTLINE_REFERENCE"], "hsds", "schema").glob("*.json"):
        held = Resource(json.loads(path.read_text(encoding="utf-8")), DRAFT202012)
        registry = registry.with_resource(path.name, held)
    return Draft202012Validator(
        {"$ref": f"{kind}.json"}, registry=registry, format_checker=FormatChecker()
    )
