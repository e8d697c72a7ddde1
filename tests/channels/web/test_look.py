"""A page brings one stylesheet and one script along: small, without our remarks, kept by no browser."""

import gzip
import re

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["/page.css", "/page.js", "/favicon.ico"])
def test_what_a_page_brings_along_is_kept_nowhere(sam: FlaskClient, path: str) -> None:
    answer = sam.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("path", ["/page.css", "/page.js"])
def test_it_is_packed_for_browsers_that_take_it_so(sam: FlaskClient, path: str) -> None:
    plain = sam.get(path)
    packed = sam.get(path, headers={"Accept-Encoding": "br, gzip"})
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    refused = sam.get(path, headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert refused.data == plain.data


def test_it_says_nothing_of_what_pages_are_for(sam: FlaskClient) -> None:
    sheet, script = sam.get("/page.css").text, sam.get("/page.js").text
    assert "/*" not in sheet
    assert not re.search(r"^\s*//", script, re.MULTILINE)
    assert ".leave__go" in sheet
    assert ":lang(am)" in sheet
    assert "location.replace" in script


def test_a_page_asks_for_three_things_and_is_not_packed_itself(sam: FlaskClient) -> None:
    page = sam.get("/en/new", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in page.headers
    asked = re.findall(r'<(?:link|script)[^>]+(?:href|src)="([^"?]+)', page.text)
    assert asked == ["/favicon.ico", "/page.css", "/page.js"]


def test_what_a_page_brings_along_comes_also_while_somebody_leaves(sam: FlaskClient) -> None:
    sam.get("/leave")
    assert sam.get("/page.css").status_code == 200
