"""The reporters' pages, served over plain http between two other sites: one before, and one that people leave to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server

from hotline.config import Config
from hotline.vault.codes import parse
from hotline.vault.opening import Keyholder
from hotline.vault.reporters import find_reporter
from tests.channels.web.answering import answers
from tests.contact.conftest import signs_in
from tests.house import House, found_house
from tests.servers import free_port


@dataclass
class Elsewhere:
    """Another site; it remembers what it was told of where people came from, and may be slow to answer."""

    referrers: list[str] = field(default_factory=list)
    answers: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.answers.set()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if (request := Request(environ)).path == "/":
            self.referrers.append(request.headers.get("Referer", ""))
            self.answers.wait(10)
        page = Response("<!doctype html><title>Weather</title><p>Rain", mimetype="text/html")
        return page(environ, start_response)


@dataclass
class Site:
    """Where our pages are, what lies before them and where leaving leads."""

    house: House
    url: str
    elsewhere: Elsewhere
    weather: str

    @property
    def before(self) -> str:
        return f"{self.weather}before"

    def answers(self, code: str, text: str) -> None:
        """Let Noor answer the report behind *code*."""
        key = self.house.hotline.codes.derive(parse(code))
        with self.house.hotline.store.read() as session:
            found = find_reporter(session, key.lookup)
        assert found
        answers(self.house, self.noor, found.report_id, text)

    @cached_property
    def noor(self) -> Keyholder:
        """Noor, signed in."""
        return signs_in(self.house, "noor")


class _Quiet(WSGIRequestHandler):
    def log(self, *args: object) -> None:
        pass


@contextmanager
def served(
    folder: Path, *, adjust: Callable[[Config], Config] = lambda config: config
) -> Iterator[Site]:
    """Serve a whole house in *folder*."""
    ports = free_port(), free_port()
    ours, theirs = (f"http://127.0.0.1:{port}" for port in ports)
    house = found_house(
        folder,
        adjust=lambda config: adjust(replace(config, public_url=ours, leave_to=f"{theirs}/")),
    )
    elsewhere = Elsewhere()
    servers = [
        make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
        for port, app in zip(ports, (house.app, elsewhere), strict=True)
    ]
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Site(house, ours, elsewhere, f"{theirs}/")
    for server in servers:
        server.shutdown()
        server.server_close()
    house.close()
