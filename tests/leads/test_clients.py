"""A real client, OASIS's own, against a real server."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from taxii2client.common import TokenAuth
from taxii2client.v21 import Collection, Server, as_pages
from werkzeug.serving import make_server

from hotline.leads import agencies
from tests.leads.desk import Desk


@pytest.fixture
def origin(app: Flask) -> Iterator[str]:
    """The address at which the application is served, on a free port of the loopback."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A desk that has let out several leads and recalled one."""
    desk.admits("National unit", "RO")
    desk.admits("New unit", "BG")
    for number in range(5):
        desk.publishes(area=("", "RO-CT")[number % 2], links=(f"https://ads.example.com/{number}",))
        desk.at += timedelta(minutes=1)
    desk.recalls(desk.publishes())
    return desk


def _collections(desk: Desk) -> dict[str, str]:
    with desk.store.read() as session:
        return {agency.name: agency.collection for agency in agencies.everyone(session)}


def test_taxii2_client_reads_every_lead(busy: Desk, origin: str) -> None:
    dele = busy.admits("Second unit", "RO")
    for _ in range(3):
        busy.publishes()
    with Server(f"{origin}/taxii2/", user="dele", password=dele.token) as server:
        collection = server.default.collections[0]
        objects = [
            found
            for page in as_pages(collection.get_objects, per_request=4)
            for found in page["objects"]
        ]
        listed = [
            found
            for page in as_pages(collection.get_manifest, per_request=5)
            for found in page["objects"]
        ]
        server.default.close()
    assert [found["id"] for found in objects] == [found["id"] for found in listed]
    reports = [found for found in objects if found["type"] == "report"]
    assert len(reports) == 3
    with Collection(collection.url, auth=TokenAuth(dele.token)) as again:
        assert again.get_object(reports[0]["id"])["objects"] == [reports[0]]
        filtered = again.get_objects(type="report", added_after=listed[-4]["date_added"])
        assert len(filtered["objects"]) == 1
