"""Links by which services say themselves how much room they have: made, shown once with their PIN, and ended."""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.packet_page import page_languages
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.speech import locale
from hotline.domain.staff import Right
from hotline.errors import Conflict, HotlineError, Malformed, NotFound
from hotline.handoff import capacity_links as its
from hotline.parts import here
from hotline.vault.links import lookup, new_link
from referral.capacity import units

capacity_links = room("capacity_links", Right.OVERSEE, Right.STAFF)

_PAGE = 50
_USUAL = 180


@capacity_links.get("/capacity-links")
def show_links() -> Response:
    """Show every link that is not over, what ends first first; ``after`` is the last one of the page before."""
    with here().store.read() as session:
        found = its.links(session, at=g.at, after=request.args.get("after", ""), limit=_PAGE + 1)
    shown = found[:_PAGE]
    following = shown[-1].id if len(found) > _PAGE else ""
    return show("console/capacity_links.html", links=shown, next=following)


@capacity_links.get("/capacity-links/<service_id>")
def show_service(service_id: str) -> Response:
    return _page(service_id)


@capacity_links.post("/capacity-links/<service_id>")
def make(service_id: str) -> Response:
    """Make a link; it and its PIN are shown this once."""
    hotline, keyholder, at, terms = here(), g.keyholder, g.at, _terms()
    token, pin = new_link()
    key = hotline.links.derive(token, pin)
    found = lookup(token)
    hotline.store.write(
        lambda session: its.make(
            session, keyholder, service_id, terms, key=key, token_lookup=found, at=at
        )
    )
    with hotline.store.read() as session:
        named = its.service_named(session, service_id)
    return show(
        "console/capacity_links/once.html",
        service_id=service_id,
        named=named or ("", ""),
        name=terms.name,
        url=f"{hotline.config.public_url}/handoff/{token}",
        pin=pin,
    )


@capacity_links.post("/capacity-links/<service_id>/<link_id>/end")
def end(service_id: str, link_id: str) -> AnyResponse:
    keyholder, at = g.keyholder, g.at
    here().store.write(lambda session: its.end(session, keyholder, link_id, at=at))
    return go("capacity_links.show_service", service_id=service_id)


@capacity_links.errorhandler(Malformed)
@capacity_links.errorhandler(Conflict)
def refuse(error: HotlineError) -> Response:
    """Show the form again with what is wrong with it."""
    service_id = str((request.view_args or {})["service_id"])
    fault = "many" if isinstance(error, Conflict) else "name"
    return _page(service_id, status=422, fault=fault)


def _terms() -> its.Terms:
    days, speaks = request.form.get("days", ""), request.form.get("language", "")
    return its.Terms(
        name=request.form.get("name", "").strip(),
        locale=speaks if speaks in page_languages() else locale(),
        days=next((each for each in its.DAYS if days == str(each)), _USUAL),
    )


def _page(service_id: str, *, status: int = 200, fault: str = "") -> Response:
    with here().store.read() as session:
        named = its.service_named(session, service_id)
        if named is None:
            raise NotFound
        links = its.of_service(session, service_id, at=g.at)
        counted = units(session, service_id)
    return show(
        "console/capacity_links/service.html",
        status=status,
        fault=fault,
        service_id=service_id,
        named=named,
        links=links,
        counted=counted,
        days=its.DAYS,
        usual=_USUAL,
        tongues=page_languages(),
        typed=lambda name: request.form.get(name, ""),
    )
