"""The loopback provider by itself: for tests, and for whoever wants to try a line without an account.

``python -m hotline.demo.loopback --port 8001 --settings provider.toml`` serves it until it is stopped.
"""

import argparse
import signal
import sys
import threading
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from hotline.config import TwilioSettings
from hotline.demo.installing import install
from hotline.demo.network import Network

HOST = "127.0.0.1"
STATIC = Path(__file__).parent.parent / "static"


def loopback(
    settings: TwilioSettings, public_url: str, *, lines: Iterable[str] = ()
) -> tuple[Flask, Network]:
    """Return a provider whose account is *settings* and whose webhooks go to *public_url*."""
    network = Network(settings, public_url=public_url, lines=lines)
    app = Flask("loopback", static_folder=str(STATIC), static_url_path="/static")
    install(app, network)
    return app, network


@contextmanager
def serving(app: Flask, port: int) -> Iterator[str]:
    """Serve *app* on this machine's *port* meanwhile, and yield its address."""
    server = _server(app, port)
    # Looks often whether it is to end: tests open and close many.
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Silent(WSGIRequestHandler):
    """Says nothing of requests: their addresses hold numbers and ids."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - its parent's name.
        pass


def _server(app: Flask, port: int) -> BaseWSGIServer:
    # One thread for each connection: some answers wait on purpose, and must not keep others waiting.
    return make_server(HOST, port, app, threaded=True, request_handler=_Silent)


def read_settings(path: Path) -> tuple[TwilioSettings, str, Mapping[str, Any]]:
    """Return the account, the hotline's address and the weather that a TOML file at *path* describes."""
    read = tomllib.loads(path.read_text("utf-8"))
    return (
        TwilioSettings(**read["account"]),
        read["public_url"].rstrip("/"),
        read.get("weather", {}),
    )


def main(given: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m hotline.demo.loopback", description=__doc__)
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--settings", type=Path, required=True)
    asked = parser.parse_args(given)
    settings, public_url, weather = read_settings(asked.settings)
    app, network = loopback(settings, public_url)
    network.weather.becomes(weather)
    server = _server(app, asked.port)
    print(f"http://{HOST}:{server.server_port}/demo/weather", flush=True)  # noqa: T201 - a command.
    # A shell that starts it in the background lets it ignore this; whoever stops it means it all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
