"""A provider that quotes whatever it is told in all its errors, and writes down every address it was asked for."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

REFUSALS = {
    "wrong number": (400, 21211),
    "closed": (400, 21610),
    "filtered": (400, 30007),
    "not ours": (401, 20003),
    "busy": (429, 20429),
    "broken": (500, 20500),
    "web page": (502, 0),
    "problem document": (400, 21211),
}


@dataclass
class Gossip:
    """*mishaps* befall the next texts that are handed over; *texts* is what it holds, by id."""

    origin: str = ""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    mishaps: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    sent: list[dict[str, str]] = field(default_factory=list)
    texts: dict[str, dict[str, object]] = field(default_factory=dict)

    def holds(self, sid: str, **text: object) -> None:
        now = format_datetime(self.clock())
        dates = {"date_created": now, "date_sent": now, "date_updated": now}
        fixed = {"sid": sid, "num_media": "0", "status": "received", "direction": "inbound"}
        self.texts[sid] = {**fixed, **dates, **text}

    def create(self, form: dict[str, str]) -> dict[str, object]:
        sid = f"SM{len(self.sent) + 1:032x}"
        self.sent.append(form)
        texts = {"from": form["From"], "to": form["To"], "body": form["Body"]}
        self.holds(sid, **texts, status="queued", direction="outbound-api")
        return self.texts[sid]


class _Talk(BaseHTTPRequestHandler):
    gossip: Gossip

    def do_GET(self) -> None:
        self._note()
        path = urlsplit(self.path).path
        if path.endswith("/Messages.json"):
            query = dict(parse_qsl(urlsplit(self.path).query))
            wanted = [
                text
                for text in self.gossip.texts.values()
                if query.get("To", text["to"]) == text["to"]
            ]
            return self._say(200, {"messages": wanted[::-1], "next_page_uri": None})
        if path.endswith((".json",)) and self._sid() in self.gossip.texts:
            return self._say(200, self.gossip.texts[self._sid()])
        for name in ("calls", "recordings", "media_list"):
            if path.lower().endswith(f"/{name.removesuffix('_list')}.json"):
                return self._say(200, {name: [], "next_page_uri": None})
        return self._quote(404, 20404)

    def do_POST(self) -> None:
        self._note()
        length = int(self.headers.get("Content-Length", 0))
        form = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
        if self._sid() in self.gossip.texts:
            self.gossip.texts[self._sid()].update(body=form.get("Body", ""))
            return self._say(200, self.gossip.texts[self._sid()])
        mishap = self.gossip.mishaps.pop(0) if self.gossip.mishaps else ""
        if mishap in REFUSALS:
            return self._quote(*REFUSALS[mishap], form, mishap)
        created = self.gossip.create(form)
        if mishap == "hangs up":
            self.close_connection = True
            return self.connection.close()
        return self._say(201, created)

    def do_DELETE(self) -> None:
        self._note()
        if self.gossip.texts.pop(self._sid(), None) is None:
            return self._quote(404, 20404)
        return self._say(204, None)

    def _note(self) -> None:
        headers = {name: value for name, value in self.headers.items() if name != "Authorization"}
        self.gossip.asked.append(f"{self.command} {self.path} {headers}")

    def _sid(self) -> str:
        return urlsplit(self.path).path.rsplit("/", 1)[-1].removesuffix(".json")

    def _quote(self, status: int, code: int, form: object = "", mishap: str = "") -> None:
        said = f"{self.path} {form}"
        if mishap == "web page":
            return self._send(status, "text/html", f"<h1>{said}</h1>".encode())
        if mishap == "problem document":
            problem = {
                "type": "about:blank",
                "title": said,
                "status": status,
                "detail": said,
                "code": code,
            }
            return self._send(status, "application/problem+json", json.dumps(problem).encode())
        return self._say(
            status, {"code": code, "message": said, "more_info": said, "status": status}
        )

    def _say(self, status: int, content: object) -> None:
        self._send(status, "application/json", json.dumps(content).encode() if content else b"")

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def gossiping() -> Iterator[Gossip]:
    """Serve such a provider on this machine meanwhile."""
    gossip = Gossip()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Talk", (_Talk,), {"gossip": gossip}))
    gossip.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield gossip
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
