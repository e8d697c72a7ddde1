"""The OpenAPI document says what is answered, no more and no less."""

import pytest

from tests.referral.test_api import COLLECTIONS, NOBODY, client_of


@pytest.fixture
def reader(ansel):
    return client_of(ansel)


@pytest.fixture
def document(reader):
    return reader.get("/directory/openapi.json").get_json()


def faults(document, path, answer, method="get"):
    """Return what is wrong with *answer* by the document's word."""
    from jsonschema import Draft202012Validator, FormatChecker  # takes seconds to load

    said = document["paths"][path][method]["responses"][str(answer.status_code)]
    schema = said["content"][answer.mimetype]["schema"] | {"components": document["components"]}
    checked = Draft202012Validator(schema, format_checker=FormatChecker())
    return [error.message for error in checked.iter_errors(answer.get_json())]


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_answer_is_as_described(reader, document, name):
    for query in ("per_page=100", "per_page=100&full=true", "minimal=true", "page=999", "page=x"):
        assert faults(document, f"/{name}", reader.get(f"/directory/{name}?{query}")) == []
        posted = reader.post(f"/directory/{name}", data=dict([query.split("&")[0].split("=")]))
        assert faults(document, f"/{name}", posted, "post") == []
    for each in reader.get(f"/directory/{name}?per_page=8").get_json()["contents"]:
        one = reader.get(f"/directory/{name}/{each['id']}")
        assert faults(document, f"/{name}/{{id}}", one) == []
    assert faults(document, f"/{name}/{{id}}", reader.get(f"/directory/{name}/{NOBODY}")) == []


def test_the_front_page_is_as_described(reader, document):
    assert faults(document, "/", reader.get("/directory/")) == []
    assert document["servers"] == [{"url": "http://localhost/directory"}]
    assert set(document["paths"]) == {
        "/",
        *(f"/{name}" for name in COLLECTIONS),
        *(f"/{name}/{{id}}" for name in COLLECTIONS),
    }


def test_every_name_in_it_leads_somewhere(document):
    operations = [one for path in document["paths"].values() for one in path.values()]
    ids = [one["operationId"] for one in operations]
    assert len(ids) == len(set(ids))

    def references(node):
        if isinstance(node, dict):
            yield from ([node["$ref"]] if "$ref" in node else [])
            for each in node.values():
                yield from references(each)
        elif isinstance(node, list):
            for each in node:
                yield from references(each)

    found = set(references(document))
    assert found
    assert found <= {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}


def test_every_parameter_in_it_is_read(reader, document):
    for path, operations in document["paths"].items():
        for each in operations["get"].get("parameters", []):
            if each["in"] != "query" or "{" in path:
                continue
            odd = {each["name"]: "\x01"}
            answer = reader.get(f"/directory{path}", query_string=odd)
            assert (answer.status_code, answer.get_json()["parameter"]) == (400, each["name"])
