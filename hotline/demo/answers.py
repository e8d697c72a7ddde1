"""Answers of the provider's interface: resources, pages of them, and every way in which it can fail."""

import socket
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol, TypeVar, cast
from urllib.parse import urlencode

from flask import Response, current_app, g, jsonify, request

from hotline.demo.network import Network
from hotline.demo.shelf import Kept
from hotline.demo.texts import VERSION

LARGEST_PAGE = 1000
PREFIX = "/demo/twilio"

T = TypeVar("T", bound=Kept)


def network() -> Network:
    return cast(Network, current_app.extensions["network"])


def account_sid() -> str:
    return network().settings.account_sid


def shown(resource: dict[str, object], status: int = 200) -> Response:
    response = jsonify(resource)
    response.status_code = status
    return response


def gone() -> Response:
    return Response(status=204)


def error(status: int, code: int, message: str) -> Response:
    return shown(
        {
            "code": code,
            "message": message,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        },
        status,
    )


def problem(status: int, code: int, title: str) -> Response:
    """Return an error in the newer shape, that of RFC 9457."""
    response = shown(
        {
            "type": f"https://www.twilio.com/docs/api/errors/{code}",
            "title": title,
            "status": status,
            "code": code,
            "detail": title,
            "instance": request.path.removeprefix(PREFIX),
        },
        status,
    )
    response.mimetype = "application/problem+json"
    return response


def not_found() -> Response:
    place = request.path.removeprefix(PREFIX)
    return error(404, 20404, f"The requested resource {place} was not found")


def not_finished() -> Response:
    return error(409, 20009, "Cannot delete this resource before it has finished")


class Erasable(Protocol):
    """Something whose deletion may be put off."""

    put_off: int


def put_off(thing: Erasable, word: str, *, is_live: bool = False) -> Response | None:
    """Refuse to delete what has not finished, or is to be stubborn for a while; None when it may go."""
    is_stubborn = word == "not yet" and thing.put_off < network().weather.stubbornness
    if not (is_live or is_stubborn):
        return None
    thing.put_off += 1
    return not_finished()


def silence() -> Response:
    """End the connection without an answer, where the server lets us; some cannot, and answer 502."""
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    return Response(status=502)


def mishap(word: str) -> Response | None:
    """Return how the interface answers when *word* happens and nothing is done; None when it is done."""
    if word == "busy":
        return error(429, 20429, "Too Many Requests")
    if word == "down":
        return error(503, 20503, "Service Unavailable")
    if word == "problem":
        return problem(503, 20503, "Service Unavailable")
    return silence() if word == "refused" else None


def aftermath(word: str, answer: Response) -> Response:
    """Return how the interface answers when *word* happens and everything was done all the same."""
    if word == "hangs":
        time.sleep(network().weather.hang)
    if word in ("taken and silent", "gone and silent"):
        return error(500, 20500, "Internal Server Error")
    return silence() if word == "taken and refused" else answer


def page(
    key: str, place: str, things: Sequence[T], show: Callable[[T], dict[str, object]]
) -> Response:
    """Return one page of *things*, newest first; a token names the thing that the page before ended with."""
    size = max(1, min(request.args.get("PageSize", 50, type=int), LARGEST_PAGE))
    number = request.args.get("Page", 0, type=int)
    before = int(request.args.get("PageToken", "").removeprefix("PA") or 0)
    rest = [thing for thing in things if not before or thing.number < before]
    found, more = rest[:size], len(rest) > size
    path = f"/{VERSION}/Accounts/{account_sid()}/{place}.json"
    return shown(
        {
            "end": number * size + max(len(found) - 1, 0),
            "first_page_uri": _address(path, 0, size),
            "next_page_uri": _address(path, number + 1, size, found[-1].number) if more else None,
            "page": number,
            "page_size": size,
            "previous_page_uri": _address(path, number - 1, size) if number else None,
            "start": number * size,
            "uri": _address(path, number, size),
            key: [show(thing) for thing in found],
        }
    )


def _address(path: str, number: int, size: int, before: int = 0) -> str:
    query = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if name not in ("Page", "PageSize", "PageToken")
    ]
    query += [("PageSize", str(size)), ("Page", str(number))]
    query += [("PageToken", f"PA{before}")] if before else []
    return f"{path}?{urlencode(query)}"


def is_within(moment: datetime | None, name: str) -> bool:
    """Tell whether *moment* lies where the query's ``name``, ``name<`` and ``name>`` want it."""
    day, before, after = (request.args.get(name + sign) for sign in ("", "<", ">"))
    if not (day or before or after):
        return True
    if moment is None:
        # What has no date yet, such as a text that waits to be sent, no question about dates finds.
        return False
    return not (
        (day and moment.date() != _moment(day).date())
        or (after and moment < _moment(after))
        or (before and moment > _moment(before))
    )


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def is_asked(name: str, value: str) -> bool:
    """Tell whether the query leaves *name* open, or wants this *value*."""
    return request.args.get(name, value) == value


def remember_account(_: str | None, values: dict[str, object] | None) -> None:
    """Take the account out of the address, so that no view has to."""
    g.account = (values or {}).pop("account", "")
