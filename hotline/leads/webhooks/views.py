"""What an agency's own tool asks of its webhooks, as JSON and with its token; errors are problem details (RFC 9457)."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

from hotline.errors import HotlineError, Malformed
from hotline.leads.door import admit_reader, asked_at, parts, reader, shown_token
from hotline.leads.feeds import answers
from hotline.leads.stix import stix_id_of
from hotline.leads.webhooks import subscribing
from hotline.leads.webhooks.addresses import AddressRefused
from hotline.leads.webhooks.subscribing import Receipt, Webhook
from hotline.store import Session
from hotline.vault.keys import PublicKey

MOST = 500
_LARGEST = 4096
_NUMBER = 2**53

webhooks = Blueprint("webhooks", __name__, url_prefix="/feeds/webhooks")
webhooks.before_request(admit_reader)
webhooks.register_error_handler(HotlineError, answers.refusal)
webhooks.register_error_handler(HTTPException, answers.http_refusal)


@webhooks.before_request
def take_json_alone() -> None:
    """Refuse what a page of another site could send with a token that a browser remembers."""
    request.max_content_length = _LARGEST
    if request.method == "POST" and not request.is_json:
        raise Malformed


@webhooks.get("")
def show_all() -> Response:
    with parts().store.read() as session:
        found = subscribing.of_agency(session, reader().id)
    return _answer({"webhooks": [_shown(one) for one in found]})


@webhooks.post("")
def subscribe() -> Response:
    """Subscribe the ``url`` that is given; the answer shows the secret, this once. Where it leads is looked up later."""
    url = _given("url")
    if not isinstance(url, str):
        raise Malformed
    agency, public = reader(), _relay_public()
    how: dict[str, Any] = {"at": asked_at(), "token_id": shown_token()}
    also = parts().config.webhook_networks

    def keep(session: Session) -> tuple[Webhook, str]:
        webhook_id, secret = subscribing.subscribe(session, public, agency, url, also=also, **how)
        return subscribing.find(session, agency.id, webhook_id), secret

    webhook, secret = parts().store.write(keep)
    return _answer({**_shown(webhook), "secret": secret}, status=201)


@webhooks.get("/<webhook_id>")
def show_one(webhook_id: str) -> Response:
    with parts().store.read() as session:
        return _answer(_shown(subscribing.find(session, reader().id, webhook_id)))


@webhooks.delete("/<webhook_id>")
def end(webhook_id: str) -> Response:
    agency_id, at = reader().id, asked_at()
    parts().store.write(lambda session: subscribing.end(session, agency_id, webhook_id, at=at))
    return _quiet(Response(status=204))


@webhooks.post("/<webhook_id>/pause")
def pause(webhook_id: str) -> Response:
    agency_id, at = reader().id, asked_at()
    parts().store.write(lambda session: subscribing.pause(session, agency_id, webhook_id, at=at))
    return show_one(webhook_id)


@webhooks.post("/<webhook_id>/resume")
def resume(webhook_id: str) -> Response:
    agency_id, at = reader().id, asked_at()
    parts().store.write(lambda session: subscribing.resume(session, agency_id, webhook_id, at=at))
    return show_one(webhook_id)


@webhooks.post("/<webhook_id>/replay")
def replay(webhook_id: str) -> Response:
    """Bring all again that came after ``since``, a cursor as the list of webhooks shows one; 0 is everything."""
    agency_id, at, since = reader().id, asked_at(), _given("since")
    # A bool is an int, too.
    if type(since) is not int or not 0 <= since < _NUMBER:
        raise Malformed
    parts().store.write(
        lambda session: subscribing.replay(session, agency_id, webhook_id, since, at=at)
    )
    return show_one(webhook_id)


@webhooks.post("/<webhook_id>/secret")
def renew(webhook_id: str) -> Response:
    """Answer a new secret, this once; the old one signs nothing any more."""
    agency_id, at, public = reader().id, asked_at(), _relay_public()
    secret = parts().store.write(
        lambda session: subscribing.renew(session, public, agency_id, webhook_id, at=at)
    )
    return _answer({"id": webhook_id, "secret": secret})


@webhooks.get("/<webhook_id>/receipts")
def receipts(webhook_id: str) -> Response:
    """Answer what was tried, the newest first; ``before`` is the id of the last receipt of the page before."""
    limit = request.args.get("limit", "50")
    if not (limit.isascii() and limit.isdigit() and len(limit) < 6 and int(limit)):
        raise Malformed
    many, before = min(int(limit), MOST), request.args.get("before", "")
    with parts().store.read() as session:
        found = subscribing.receipts(
            session, reader().id, webhook_id, before=before, limit=many + 1
        )
    shown = found[:many]
    page: dict[str, Any] = {"receipts": [_receipt(one) for one in shown]}
    if len(found) > many:
        page["before"] = shown[-1].id
    return _answer(page)


@webhooks.errorhandler(AddressRefused)
def refused_address(error: AddressRefused) -> Response:
    """Say in ``fault``, a fixed code, why an address is not called."""
    response = answers.refusal(error)
    response.set_data(current_app.json.dumps({**_problem(response), "fault": error.fault}))
    return response


def _problem(response: Response) -> dict[str, Any]:
    problem: dict[str, Any] = response.get_json(force=True)
    return problem


def _relay_public() -> PublicKey:
    public: PublicKey = current_app.extensions["hotline"].relay_public
    return public


def _given(name: str) -> object:
    """Return the one member that the request's JSON object has, which is *name*."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or list(body) != [name]:
        raise Malformed
    return body[name]


def _shown(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "url": webhook.url,
        "state": webhook.state,
        "why": webhook.why,
        "cursor": webhook.cursor,
        "failures": webhook.failures,
        "next_try": webhook.due.isoformat() if webhook.due else None,
        "since": webhook.day,
    }


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "webhook_id": receipt.id,
        "lead": stix_id_of(receipt.lead_id),
        "at": receipt.at.isoformat(),
        "status": receipt.status,
    }


def _answer(found: dict[str, Any], *, status: int = 200) -> Response:
    response = jsonify(found)
    response.status_code = status
    return _quiet(response)


def _quiet(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
