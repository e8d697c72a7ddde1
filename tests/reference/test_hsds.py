"""The directory holds to HSDS: to its schemas in the folder that HOTLINE_REFERENCE names, and to the check beside it."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

from hotline.operate import directory as office
from hotline.store import Store
from referral.fields import Fault
from referral.load import SAMPLE_CITY
from referral.tables import metadata
from tests.referral.conftest import Directory, ansel, empty_file  # noqa: F401 - fixtures.
from tests.referral.test_api import COLLECTIONS, client_of, contents, reader  # noqa: F401 - a fixture.
from tests.referral.test_export import held
from tests.sharing import every_table


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


@pytest.fixture(params=["sqlite", "postgresql"])
def origin(request):
    """Where the fictional city's directory answers, on either database."""
    with ExitStack() as closing:
        if request.param == "sqlite":
            city = request.getfixturevalue("ansel")
        else:
            city = Directory(request.getfixturevalue("postgres_url"))
            closing.callback(city.engine.dispose)
            with city.engine.begin() as connection:
                metadata.create_all(connection)
            assert city.load(SAMPLE_CITY).bad == []
        server = make_server("127.0.0.1", 0, client_of(city).application, threaded=True)
        serving = Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.port}"
        server.shutdown()
        serving.join()


def test_it_conforms_to_hsds(origin):
    reference = Path(os.environ["HOTLINE_REFERENCE"])
    tool = reference.parent / "tools" / "hsds_conformance.py"
    schemas = ["--schema-dir", str(reference / "hsds" / "schema")]
    for profile in ([], ["--profile", "uk"]):
        command = [sys.executable, str(tool), "--url", f"{origin}/directory", *schemas, *profile]
        result = subprocess.run(command, capture_output=True, text=True, timeout=200)
        assert result.returncode == 0, result.stdout + result.stderr


NO_RECORD = "base.json"
"""What an API says of itself: among the examples, it alone holds no record."""


def examples():
    folder = Path(os.environ["HOTLINE_REFERENCE"], "hsds", "examples")
    return [folder, folder / "csv", *sorted(folder.glob("*.json"))]


@pytest.mark.parametrize("example", examples(), ids=lambda path: path.name)
def test_the_examples_of_hsds_go_out_and_come_in_the_same(example, store, tmp_path):
    report = office.load(store, example)
    before = held(store)

    assert any(before.values()) == (example.name != NO_RECORD)
    assert {bad.fault for bad in report.bad} <= {
        Fault.POINTS_NOWHERE,
        Fault.OUT_OF_RANGE,
        Fault.TWO_OWNERS,
        Fault.NOT_HSDS_FILE,
    }
    for form in ("csv", "json"):
        office.hand_out(store, tmp_path / form, form=form)
        other = Store(f"sqlite:///{shutil.copy(every_table(), tmp_path / f'{form}.db')}")
        assert office.load(other, tmp_path / form).bad == []
        assert held(other) == before
        other.close()
