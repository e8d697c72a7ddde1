"""Who reads for an agency: its people who sign in here, and the tokens of its tools."""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import audit
from hotline.console.agencies import agency_page, investigators
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.errors import Conflict, HotlineError, Malformed, NotFound
from hotline.leads import agencies
from hotline.parts import here
from hotline.store import Session

admitting = room("admitting", Right.STAFF)


@admitting.post("/agencies/<agency_id>/join")
def join(agency_id: str) -> AnyResponse:
    """Let an investigator of this house read for an agency, and for no other."""
    member, at, by = request.form.get("member", ""), g.at, g.keyholder.staff_id
    if member not in investigators():
        raise NotFound(ref=member)

    def write(session: Session) -> None:
        agencies.join(session, agency_id, member)
        audit.record(session, at=at, who=by, did="agency_joined", what=f"{member} {agency_id}")

    here().store.write(write)
    return go("agencies.show_agency", agency_id=agency_id)


@admitting.post("/agencies/<agency_id>/leave")
def leave(agency_id: str) -> AnyResponse:
    member, at, by = request.form.get("member", ""), g.at, g.keyholder.staff_id

    def write(session: Session) -> None:
        agency = agencies.of_member(session, member)
        if agency is None or agency.id != agency_id:
            raise NotFound(ref=member)
        agencies.leave(session, member)
        audit.record(session, at=at, who=by, did="agency_left", what=f"{member} {agency_id}")

    here().store.write(write)
    return go("agencies.show_agency", agency_id=agency_id)


@admitting.post("/agencies/<agency_id>/tokens")
def add_token(agency_id: str) -> Response:
    """Make one more token; it is shown now and never again."""
    at, by = g.at, g.keyholder.staff_id
    name, ends_day = request.form.get("token", ""), request.form.get("ends_day", "")

    def write(session: Session) -> tuple[str, agencies.Agency]:
        token = agencies.add_token(session, agency_id, name, ends_day, at=at, by=by)
        return token, agencies.find(session, agency_id)

    token, agency = here().store.write(write)
    return show(
        "console/agencies/once.html", agency=agency, token=token, origin=here().config.public_url
    )


@admitting.post("/agencies/<agency_id>/tokens/<token_id>/end")
def end_token(agency_id: str, token_id: str) -> AnyResponse:
    at, by = g.at, g.keyholder.staff_id
    here().store.write(
        lambda session: agencies.end_token(session, agency_id, token_id, at=at, by=by)
    )
    return go("agencies.show_agency", agency_id=agency_id)


@admitting.errorhandler(Malformed)
@admitting.errorhandler(Conflict)
def refuse(error: HotlineError) -> Response:
    """Show the page again with what is wrong with the token that was asked for."""
    fault = "full" if isinstance(error, Conflict) else "token"
    agency_id = (request.view_args or {})["agency_id"]
    return agency_page(agency_id, status=422, fault=fault)
