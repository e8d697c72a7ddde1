"""What every request passes on its way in and out, before any room sees it."""

import logging
import os
import re
import secrets
from collections.abc import Iterable
from io import BytesIO
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Request
from werkzeug.routing import RequestRedirect

from hotline import logs
from hotline.errors import HotlineError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.exceptions import HTTPException

ExcInfo = tuple[type, BaseException, TracebackType] | tuple[None, None, None]

log = logging.getLogger(__name__)

_HOST = re.compile(
    r"(?:[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,9}\.?|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?"
)


class FrontDoor:
    """Takes out of each request what the server copied into it from the process environment, and a host that is none."""

    def __init__(self, inside: WSGIApplication) -> None:
        self._inside = inside
        self._ours = frozenset(os.environ) - {"SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL"}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        for name in self._ours:
            environ.pop(name, None)
        # With such a one no address of ours can be made, not even on the page that says so.
        if not _HOST.fullmatch(environ.get("HTTP_HOST", "")):
            environ.pop("HTTP_HOST", None)
        with logs.about(secrets.token_hex(4)) as name:
            return self._inside(environ, _telling(start_response, environ["PATH_INFO"], name))


def _telling(start_response: StartResponse, path: str, name: str) -> StartResponse:
    """Log what we fail to answer, and let the answer say under which *name*."""

    def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        if status.startswith("5"):
            asker = "provider" if path.startswith("/twilio/") else "page"
            log.warning("not answered", extra={"status": status[:3], "channel": asker})
            headers = [*headers, ("X-Request-Id", name)]
        return start_response(status, headers, *rest)

    return begin


class QuietFlask(Flask):
    """Logs of a fault its kind alone: the address of a request names a report, or what someone typed."""

    def handle_user_exception(self, e: Exception) -> "HTTPException | ResponseReturnValue":
        """Explain an error; where the page that explains it cannot be made (no such report), explain that."""
        if isinstance(e, RequestRedirect):
            e.new_url = _here(e.new_url)
        try:
            return super().handle_user_exception(e)
        except HotlineError as error:
            if error is e:
                raise
            return super().handle_user_exception(error)

    def log_exception(self, exc_info: ExcInfo) -> None:
        log.error("request failed", exc_info=exc_info)


def _here(url: str) -> str:
    """Return *url* without who it names: what a request calls us is not where anybody is led."""
    its = urlsplit(url)
    path = f"/{its.path.lstrip('/')}"
    return f"{path}?{its.query}" if its.query else path


class MemoryRequest(Request):
    """A request whose uploads never touch a temporary file; the body limit bounds them."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()
