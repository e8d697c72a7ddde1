"""The provider's REST interface on loopback: create, fetch, list, redact and delete texts."""

import hmac
import time
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, request

from hotline.demo.network import Network, Weather
from hotline.demo.texts import Text

provider = Blueprint("provider", __name__, url_prefix="/demo/twilio/2010-04-01/Accounts")

_LARGEST_PAGE = 1000


def network() -> Network:
    return cast(Network, current_app.extensions["network"])


@provider.before_request
def refuse_strangers() -> Response | None:
    """Ask for the account's own name and token, as basic authentication."""
    account, given = network().settings, request.authorization
    is_theirs = (
        given is not None
        and given.type == "basic"
        and given.username == account.account_sid
        and hmac.compare_digest((given.password or "").encode(), account.auth_token.encode())
        and (request.view_args or {}).get("account") == account.account_sid
    )
    return None if is_theirs else _error(401, 20003, "Authenticate")


@provider.post("/<account>/Messages.json")
def create(account: str) -> Response:
    mishap = Weather.next_of(network().weather.requests)
    if mishap == "busy":
        return _error(429, 20429, "Too Many Requests")
    if mishap == "down":
        return _error(503, 20503, "Service Unavailable")
    to, body = request.form.get("To", ""), request.form.get("Body", "")
    if not to.removeprefix("whatsapp:").startswith("+"):
        return _error(400, 21211, f"The 'To' number {to} is not a valid phone number.")
    if len(body) > 1600:
        return _error(400, 21617, "The concatenated message body exceeds the 1600 character limit")
    text = network().create(
        to=to,
        sender=request.form.get("From", ""),
        body=body,
        status_callback=request.form.get("StatusCallback", ""),
    )
    if text is None:
        return _error(400, 21610, f"Attempt to send to unsubscribed recipient {to}")
    if mishap == "hangs":
        time.sleep(network().weather.hang)
    if mishap == "taken and silent":
        return _error(500, 20500, "Internal Server Error")
    return _shown(text, 201)


@provider.get("/<account>/Messages.json")
def list_texts(account: str) -> Response:
    """List texts, newest first; a page token names the text that the page before ended with."""
    size = min(request.args.get("PageSize", 50, type=int), _LARGEST_PAGE)
    before = request.args.get("PageToken", 0, type=int)
    found = network().texts(lambda text: _is_wanted(text) and (not before or text.number < before))
    page, more = found[:size], len(found) > size
    return jsonify(
        {
            "messages": [text.shown(account) for text in page],
            "page_size": size,
            "page": request.args.get("Page", 0, type=int),
            "uri": request.full_path.removeprefix("/demo/twilio"),
            "next_page_uri": _next_page(account, page[-1].number) if more else None,
        }
    )


@provider.get("/<account>/Messages/<sid>.json")
def fetch(account: str, sid: str) -> Response:
    text = network().find(sid)
    return _shown(text) if text else _not_found()


@provider.post("/<account>/Messages/<sid>.json")
def redact(account: str, sid: str) -> Response:
    """Empty a text's body; nothing else may be changed about it."""
    text = network().find(sid)
    if text is None:
        return _not_found()
    if request.form.get("Body") != "" or "Status" in request.form:
        return _error(400, 30400, "Only an empty body is accepted")
    text.body = ""
    return _shown(text)


@provider.delete("/<account>/Messages/<sid>.json")
def delete(account: str, sid: str) -> Response:
    text = network().find(sid)
    if text is None:
        return _not_found()
    if not text.is_final:
        return _error(409, 20009, "Cannot delete this message: it has not finished")
    network().forget(sid)
    return Response(status=204)


def _is_wanted(text: Text) -> bool:
    """Tell whether the query asks for *text*."""
    wanted = request.args
    return (
        wanted.get("To", text.to) == text.to
        and wanted.get("From", text.sender) == text.sender
        and _is_within(text.sent, wanted.get("DateSent>"), wanted.get("DateSent<"))
    )


def _is_within(sent: datetime | None, after: str | None, before: str | None) -> bool:
    if not after and not before:
        return True
    # A text that waits to be sent has no date yet, and no question about dates finds it.
    return sent is not None and not (
        (after and sent < _moment(after)) or (before and sent > _moment(before))
    )


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _next_page(account: str, number: int) -> str:
    query = request.args.to_dict() | {"PageToken": str(number)}
    query["Page"] = str(int(query.get("Page", "0")) + 1)
    return f"/2010-04-01/Accounts/{account}/Messages.json?{urlencode(query)}"


def _shown(text: Text, status: int = 200) -> Response:
    response = jsonify(text.shown(network().settings.account_sid))
    response.status_code = status
    return response


def _not_found() -> Response:
    return _error(404, 20404, "The requested resource was not found")


def _error(status: int, code: int, message: str) -> Response:
    response = jsonify(
        {
            "code": code,
            "message": message,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }
    )
    response.status_code = status
    return response
