"""`/metrics`, in the text form of Prometheus: for whoever keeps the house running, with a token, and without anybody in it.

Nothing is there unless METRICS_TOKEN_FILE is set, nor for who shows no token. No number has a label that says a desk, a
language, a country or an id, and what people did is handed out in fives, as it stood at the last full quarter of an
hour: whoever reads along cannot tell at which minute somebody wrote. What is of one process says which; what is of the
house is read from the database and the same whichever process is asked.
"""

import hashlib
import hmac
from collections.abc import Sequence

from flask import Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from hotline.errors import NotFound
from hotline.operate.metrics.collecting import House
from hotline.operate.metrics.meter import Meter
from hotline.parts import here

__all__ = ["House", "Meter", "attach"]

_PREFIX = "Bearer "


def attach(app: Flask) -> None:
    """Let *app* count what the provider asks of it and tell how its house is, if its settings name a token."""
    hotline = app.extensions["hotline"]
    if not hotline.config.metrics_tokens:
        return
    meter = Meter(app.wsgi_app)
    app.wsgi_app = meter  # type: ignore[method-assign]
    registry = CollectorRegistry(auto_describe=False)
    registry.register(House(hotline, meter))

    def tell() -> Response:
        if not _may_read(request.headers.get("Authorization", ""), here().config.metrics_tokens):
            raise NotFound
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    app.add_url_rule("/metrics", view_func=tell)


def _may_read(said: str, tokens: Sequence[str]) -> bool:
    """Compare in a time that tells nothing of the tokens."""
    shown = hashlib.sha256(said.removeprefix(_PREFIX).encode()).digest()
    same = [hmac.compare_digest(shown, hashlib.sha256(one.encode()).digest()) for one in tokens]
    return said.startswith(_PREFIX) and any(same)
