"""Webhooks of an agency: its investigators name an address to which leads are brought, and see how that goes."""

from collections.abc import Callable

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.following import following, our_agency
from hotline.console.rooms import go
from hotline.console.showing import show
from hotline.errors import Malformed
from hotline.leads.received import since_day
from hotline.leads.webhooks import subscribing
from hotline.leads.webhooks.addresses import AddressRefused
from hotline.leads.webhooks.subscribing import TooMany
from hotline.parts import here

subscriptions = following("subscriptions")

_RECEIPTS = 25
_ACTS: dict[str, Callable[..., None]] = {
    "pause": subscribing.pause,
    "resume": subscribing.resume,
    "end": subscribing.end,
}


@subscriptions.get("/subscriptions")
def show_subscriptions() -> Response:
    return _page()


@subscriptions.post("/subscriptions")
def subscribe() -> Response:
    """Subscribe an address; the secret that signs is shown now and never again."""
    hotline, agency, at, by = here(), our_agency(), g.at, g.keyholder.staff_id
    url, also = request.form.get("url", "").strip(), hotline.config.webhook_networks
    _, secret = hotline.store.write(
        lambda session: subscribing.subscribe(
            session, hotline.relay_public, agency, url, also=also, at=at, by=by
        )
    )
    return show("console/subscriptions/secret.html", url=url, secret=secret)


@subscriptions.get("/subscriptions/<webhook_id>")
def show_receipts(webhook_id: str) -> Response:
    """Show what was brought to one address, newest first; ``before`` is the last receipt of the page before."""
    agency, before = our_agency(), request.args.get("before", "")
    with here().store.read() as session:
        webhook = subscribing.find(session, agency.id, webhook_id)
        found = subscribing.receipts(
            session, agency.id, webhook_id, before=before, limit=_RECEIPTS + 1
        )
    shown = found[:_RECEIPTS]
    return show(
        "console/subscriptions/receipts.html",
        webhook=webhook,
        receipts=shown,
        before=before,
        next=shown[-1].id if len(found) > _RECEIPTS else "",
        done=request.args.get("done", ""),
    )


@subscriptions.post("/subscriptions/<webhook_id>")
def act(webhook_id: str) -> AnyResponse:
    """Pause it, let it go on, or end it."""
    agency, at, by = our_agency(), g.at, g.keyholder.staff_id
    do = _ACTS.get(request.form.get("do", ""))
    if do is None:
        raise Malformed
    here().store.write(lambda session: do(session, agency.id, webhook_id, at=at, by=by))
    return go("subscriptions.show_subscriptions")


@subscriptions.post("/subscriptions/<webhook_id>/secret")
def renew(webhook_id: str) -> Response:
    hotline, agency, at, by = here(), our_agency(), g.at, g.keyholder.staff_id
    with hotline.store.read() as session:
        url = subscribing.find(session, agency.id, webhook_id).url
    secret = hotline.store.write(
        lambda session: subscribing.renew(
            session, hotline.relay_public, agency.id, webhook_id, at=at, by=by
        )
    )
    return show("console/subscriptions/secret.html", url=url, secret=secret)


@subscriptions.post("/subscriptions/<webhook_id>/replay")
def replay(webhook_id: str) -> AnyResponse:
    """Bring all again that was received since a day."""
    agency, at, by, day = our_agency(), g.at, g.keyholder.staff_id, request.form.get("since", "")
    since = since_day(day)
    here().store.write(
        lambda session: subscribing.replay(session, agency.id, webhook_id, since, at=at, by=by)
    )
    return go("subscriptions.show_receipts", webhook_id=webhook_id, done="replay")


@subscriptions.errorhandler(AddressRefused)
def refuse(error: AddressRefused) -> Response:
    """Show the form again with why the address is not called."""
    return _page(status=422, fault=error.fault.value)


@subscriptions.errorhandler(TooMany)
def refuse_more(_error: TooMany) -> Response:
    return _page(status=422, fault="many")


def _page(*, status: int = 200, fault: str = "") -> Response:
    with here().store.read() as session:
        webhooks = subscribing.of_agency(session, our_agency().id)
    return show(
        "console/subscriptions.html",
        status=status,
        fault=fault,
        webhooks=webhooks,
        typed=lambda name: request.form.get(name, ""),
    )
