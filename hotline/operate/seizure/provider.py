"""The provider of the throwaway house: the demo's loopback network, served from the drill's own process.

What it holds is what a real provider would, so it is one of the things that can be seized.
"""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from hotline.config import TwilioSettings
from hotline.demo.network import Network
from hotline.demo.provider import provider


class _Silent(WSGIRequestHandler):
    def log(self, kind: str, message: str, *args: object) -> None:
        """Say nothing: what it is asked holds ids."""


@contextmanager
def served(settings: TwilioSettings, *, port: int, public_url: str) -> Iterator[Network]:
    """Yield the network whose interface answers at *port* meanwhile."""
    network = Network(settings, public_url=public_url)
    network.weather.pace = 0.05
    app = Flask("provider")
    app.extensions["network"] = network
    app.register_blueprint(provider)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, name="provider", daemon=True)
    thread.start()
    try:
        yield network
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        network.settle()


def new_account(port: int, *, sms: str, whatsapp: str) -> TwilioSettings:
    """Open an account at the provider that answers at *port*."""
    return TwilioSettings(
        account_sid="AC" + secrets.token_hex(16),
        auth_token=secrets.token_hex(16),
        sms_number=sms,
        whatsapp_number=whatsapp,
        api_origin=f"http://127.0.0.1:{port}/demo/twilio",
    )
