"""The directory holds to HSDS: to its schemas in the folder that HOTLINE_REFERENCE names, and to the check beside it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

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


@pytest.fixture
def origin(reader):  # noqa: F811 - the fixture.
    server = make_server("127.0.0.1", 0, reader.application, threaded=True)
    serving = Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    serving.join()


@pytest.mark.parametrize("profile", [[], ["--profile", "uk"]])
def test_it_conforms_to_hsds(origin, profile):
    reference = Path(os.environ["HOTLINE_REFERENCE"])
    tool = reference.parent / "tools" / "hsds_conformance.py"
    schemas = ["--schema-dir", str(reference / "hsds" / "schema")]
    command = [sys.executable, str(tool), "--url", f"{origin}/directory", *schemas, *profile]
    result = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert result.returncode == 0, result.stdout + result.stderr
