"""Audio is fetched by its digest: by anybody, for good, and nothing else is."""

import pytest

from tests.channels.voice.sounding import digest_of
from tests.channels.voice.telephone import DOOR, application


@pytest.fixture
def client():
    return application().test_client()


KNOWN = f"{DOOR}/sound/{digest_of('wait', 'ti')}"


def test_a_sound_is_kept_for_good(client):
    response = client.get(KNOWN)
    assert (response.status_code, response.data) == (200, b"audio of ti")
    assert response.mimetype == "audio/mpeg"
    caching = response.headers["Cache-Control"]
    assert {"public", "immutable", "max-age=31536000"} == set(caching.split(", "))
    assert "Set-Cookie" not in response.headers


def test_no_browser_takes_a_sound_for_a_page(client):
    for part in ({}, {"Range": "bytes=0-4"}):
        assert client.get(KNOWN, headers=part).headers["X-Content-Type-Options"] == "nosniff"


def test_who_has_it_is_not_sent_it_again(client):
    etag = client.get(KNOWN).headers["ETag"]
    again = client.get(KNOWN, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_part_of_it_may_be_asked_for(client):
    part = client.get(KNOWN, headers={"Range": "bytes=0-4"})
    assert (part.status_code, part.data) == (206, b"audio")


def test_its_head_tells_how_large_it_is(client):
    head = client.head(KNOWN)
    assert (head.status_code, head.data, head.content_length) == (200, b"", 11)


@pytest.mark.parametrize("digest", ["0" * 64, "x" * 64, "G" * 64])
def test_an_unknown_sound_is_not_there(client, digest):
    assert client.get(f"{DOOR}/sound/{digest}").status_code == 404


@pytest.mark.parametrize("name", ["x", "0" * 63, "0" * 65, "..%2f..%2fapp.py", "%00" * 64])
def test_what_is_no_digest_is_not_there(client, name):
    response = client.get(f"{DOOR}/sound/{name}")
    assert response.status_code == 404
    assert "Location" not in response.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_sound_is_only_fetched(client, method):
    assert client.open(KNOWN, method=method).status_code in (403, 405, 415)
