"""A page that answered a form, at an address of its own, so that a browser can load it cold and look at it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse, run_wsgi_app

PREFIX = "/replayed/"


@dataclass
class Replays:
    """The application, and what it answered to forms.

    Whoever is leaving, or comes with the Back key, gets what the application answers them on any of its pages:
    a replayed page is first asked for as the page that it stands for. Its status is always 200, because a
    browser complains of any other one; what the status is, other tests say.
    """

    app: Flask
    kept: dict[str, tuple[str, TestResponse]] = field(default_factory=dict)

    def keep(self, answer: TestResponse, *, stands_for: str) -> str:
        """Keep *answer* and return the address at which it is shown."""
        assert answer.mimetype == "text/html", answer.status
        path = f"{PREFIX}{len(self.kept)}"
        self.kept[path] = (stands_for, answer)
        return path

    def source(self, path: str) -> str:
        """Return the page that is shown at *path*."""
        _, answer = self.kept.get(path, ("", None))
        return (answer or self.app.test_client().get(path)).text

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] not in self.kept:
            return self.app(environ, start_response)
        asked, answer = self.kept[environ["PATH_INFO"]]
        body, status, headers = run_wsgi_app(self.app, {**environ, "PATH_INFO": asked})
        if not status.startswith("200"):
            start_response(status, list(headers))
            return body
        b"".join(body)
        start_response("200 OK", list(answer.headers))
        return [answer.data]
