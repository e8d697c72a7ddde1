"""A line whose documents are written by hand, one for each path."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import requests
from flask import Flask, Response, request

from hotline.demo.calling import Handset
from hotline.demo.loopback import loopback, serving
from hotline.demo.network import Network, signature
from hotline.demo.terms import Door, Line
from tests.demo.station import ACCOUNT, MARIA, TOKEN, VOICE, settings

NOOR = "+15005550160"
INES = "+15005550161"


@dataclass
class Asked:
    """One webhook as it came."""

    path: str
    form: dict[str, str]
    method: str
    signed: bool
    token: str


@dataclass
class Switchboard:
    """Everything of one test. *documents* are bodies by path; a list of them is answered one by one."""

    network: Network | None = None
    url: str = ""
    provider: str = ""
    documents: dict[str, str | list] = field(default_factory=dict)
    sounds: dict[str, bytes] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def app(self) -> Flask:
        app = Flask("board", static_folder=None)
        app.add_url_rule("/<path:path>", view_func=self.answers, methods=["GET", "POST"])
        return app

    def answers(self, path: str) -> Response:
        if path in self.sounds:
            return Response(self.sounds[path], mimetype="audio/x-wav")
        target = request.full_path.rstrip("?")
        form = request.form.to_dict()
        signed = signature(TOKEN, self.url + target, form)
        with self.guard:
            is_signed = request.headers.get("X-Twilio-Signature") == signed
            token = request.headers.get("I-Twilio-Idempotency-Token", "")
            fields = form or request.args.to_dict()
            self.asked.append(Asked("/" + path, fields, request.method, is_signed, token))
            written = self.documents.get(path)
            if isinstance(written, list):
                written = written.pop(0) if len(written) > 1 else written[0]
        if isinstance(written, int):
            return Response("", written)
        if written is None:
            return Response("", 404)
        body = written if written.lstrip().startswith("<?") else f"<Response>{written}</Response>"
        return Response(body, mimetype="text/xml")

    def writes(self, verbs: str, **documents: str) -> None:
        """Let the call begin with *verbs*; further documents stand at the paths of their names."""
        self.documents["start"] = verbs
        self.documents.update(documents)

    def dials(self, sender: str = MARIA) -> Handset:
        return self.network.dial(sender=sender, line=VOICE)

    def forms(self, path: str) -> list[dict[str, str]]:
        return [one.form for one in self.asked if one.path == f"/{path}"]

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]

    def alerts(self) -> list[int]:
        return [alert.code for alert in self.network.webhooks.alerts]

    def asks(self, method: str, place: str, **options) -> requests.Response:
        url = f"{self.provider}/demo/twilio/2010-04-01/Accounts/{ACCOUNT}/{place}"
        return requests.request(method, url, auth=(ACCOUNT, TOKEN), timeout=5, **options)

    def calls(self, to: str = NOOR, **form: str) -> requests.Response:
        form = {"To": to, "From": VOICE, "Url": f"{self.url}/start", **form}
        return self.asks("POST", "Calls.json", data={k: v for k, v in form.items() if v})


@contextmanager
def opened(**changed) -> Iterator[Switchboard]:
    board = Switchboard()
    with serving(board.app(), 0) as board.url:
        app, board.network = loopback(settings(**changed), board.url, lines=[VOICE])
        board.network.finds_line = lambda _: Line(
            Door(f"{board.url}/start#rc=1&rp=5xx,ct,rt", f"{board.url}/fallback"),
            f"{board.url}/over",
        )
        with serving(app, 0) as board.provider:
            yield board
            board.network.exchange.ends_all()
            board.network.settle()
