"""The tokens with which an agency's tools read leads: its investigators make and end them."""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.following import following, our_agency
from hotline.console.rooms import go
from hotline.console.showing import show
from hotline.errors import Conflict, HotlineError, Malformed
from hotline.leads import agencies
from hotline.parts import here

tokens = following("tokens")


@tokens.get("/tokens")
def show_tokens() -> Response:
    return _page()


@tokens.post("/tokens")
def make() -> Response:
    """Make a token; it is shown now and never again."""
    agency, at, by = our_agency(), g.at, g.keyholder.staff_id
    name, ends_day = request.form.get("token", ""), request.form.get("ends_day", "")
    token = here().store.write(
        lambda session: agencies.add_token(session, agency.id, name, ends_day, at=at, by=by)
    )
    return show("console/tokens/once.html", token=token, origin=here().config.public_url)


@tokens.post("/tokens/<token_id>/end")
def end(token_id: str) -> AnyResponse:
    agency, at, by = our_agency(), g.at, g.keyholder.staff_id
    here().store.write(
        lambda session: agencies.end_token(session, agency.id, token_id, at=at, by=by)
    )
    return go("tokens.show_tokens")


@tokens.errorhandler(Malformed)
@tokens.errorhandler(Conflict)
def refuse(error: HotlineError) -> Response:
    """Show the form again with what is wrong with it."""
    return _page(status=422, fault="full" if isinstance(error, Conflict) else "token")


def _page(*, status: int = 200, fault: str = "") -> Response:
    with here().store.read() as session:
        its = agencies.tokens(session, our_agency().id)
    return show(
        "console/tokens.html",
        status=status,
        fault=fault,
        agency=our_agency(),
        tokens=its,
        typed=lambda name: request.form.get(name, ""),
    )
