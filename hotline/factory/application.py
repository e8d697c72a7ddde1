"""The web application: every room with addresses, and what is asked and answered in one way for all of them."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, url_for

from hotline import console
from hotline.channels import voice
from hotline.channels.provider import provider
from hotline.channels.sms import sms
from hotline.channels.transparency import transparency
from hotline.channels.web import web
from hotline.errors import HotlineError
from hotline.factory.answering import answer_to_error, answer_to_http_error
from hotline.factory.door import FrontDoor, MemoryRequest, QuietFlask
from hotline.factory.health import health, health_of_work
from hotline.leads.feeds import feeds
from hotline.leads.taxii import taxii
from hotline.leads.webhooks.views import webhooks
from hotline.parts import Hotline
from referral.api import directory
from referral.door import Door

_INSIDE = Path(__file__).parents[1]
LARGEST_BODY = 8 * 1024 * 1024


def create_app(hotline: Hotline) -> Flask:
    """Return the web application of *hotline*; what it answers depends on these parts alone."""
    app = QuietFlask("hotline", static_folder=str(_INSIDE / "static"), static_url_path="/static")
    app.request_class = MemoryRequest
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, SEND_FILE_MAX_AGE_DEFAULT=3600)
    app.extensions["hotline"] = hotline
    app.extensions["directory"] = hotline.store
    app.extensions["directory_door"] = Door.of(
        hotline.config.directory_tokens, origin=hotline.config.public_url
    )
    let_templates_know(hotline)
    for room in (
        web,
        sms,
        transparency,
        provider,
        *voice.blueprints,
        *console.blueprints,
        taxii,
        feeds,
        webhooks,
        directory,
    ):
        app.register_blueprint(room)
    app.add_url_rule("/healthz", view_func=health)
    app.add_url_rule("/healthz/work", view_func=health_of_work)
    app.register_error_handler(HotlineError, answer_to_error)
    for code in (400, 403, 404, 405, 413, 415, 500):
        app.register_error_handler(code, answer_to_http_error)
    app.wsgi_app = FrontDoor(app.wsgi_app)  # type: ignore[method-assign]
    return app


def let_templates_know(hotline: Hotline) -> None:
    """Let the templates of *hotline* use what depends on the web application."""
    is_demo = hotline.config.demo is not None
    hotline.languages.share(url_for=url_for, static=_static, is_demo=is_demo)


def _static(name: str) -> str:
    """Return the address of a static file; it changes when the file does."""
    return f"/static/{name}?{_digest(name)}"


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((_INSIDE / "static" / name).read_bytes()).hexdigest()[:12]
