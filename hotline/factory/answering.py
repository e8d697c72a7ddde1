"""Errors turned into answers, in the form that who asks can read."""

from typing import TYPE_CHECKING

from flask import Response, request

from hotline.channels.provider import error_page as provider_error
from hotline.channels.web.pages import error_page as reporter_error
from hotline.errors import Conflict, HotlineError, Malformed, NotFound, Refused, Unavailable
from referral.answers import problem

if TYPE_CHECKING:
    from werkzeug.exceptions import HTTPException

STATUS: dict[type[HotlineError], int] = {
    NotFound: 404,
    Refused: 403,
    Conflict: 409,
    Malformed: 400,
    Unavailable: 503,
    HotlineError: 500,
}


def status_of(error: HotlineError) -> int:
    """Return the HTTP status of the nearest class of *error* that has one."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def answer_to_error(error: HotlineError) -> Response:
    return _answer(status_of(error))


def answer_to_http_error(error: "HTTPException") -> Response:
    answer = _answer(getattr(error, "code", None) or 500)
    if methods := getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(methods))
    return answer


def _answer(status: int) -> Response:
    """Answer in the form that who asks can read; never with words of the error."""
    if request.path.startswith("/twilio/"):
        body = "" if status >= 400 else "<Response/>"
        # A provider repeats after 503, and after nothing else.
        return Response(body, 503 if status == 500 else status, mimetype="text/xml")
    if request.path.startswith("/directory/"):
        return problem(status)
    if request.path.startswith("/handoff/"):
        return provider_error(status)
    return reporter_error(status)
