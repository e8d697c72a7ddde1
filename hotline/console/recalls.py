"""Recalls that an agency has to follow: its investigators say here that a lead is out of their own systems."""

import re

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.following import following, our_agency
from hotline.console.rooms import go
from hotline.console.showing import show
from hotline.leads import notices
from hotline.parts import here

recalls = following("recalls")

_PAGE = 25
_PLACE = re.compile(r"(\d{4}-\d\d-\d\d)\.([0-9a-f]{32})")


@recalls.get("/recalls")
def show_recalls() -> Response:
    """Show what is still to be acknowledged, oldest first; ``after`` is where the page before ended."""
    place = _PLACE.fullmatch(request.args.get("after", ""))
    after = (place[1], place[2]) if place else ("", "")
    with here().store.read() as session:
        found = notices.open_for(session, our_agency().id, after=after, limit=_PAGE + 1)
    shown = found[:_PAGE]
    last = shown[-1] if len(found) > _PAGE else None
    return show(
        "console/recalls.html",
        recalled=shown,
        after=bool(place),
        done=request.args.get("done", ""),
        next=f"{last.day}.{last.lead_id}" if last else "",
    )


@recalls.post("/recalls/<lead_id>")
def acknowledge(lead_id: str) -> AnyResponse:
    agency, at, by = our_agency(), g.at, g.keyholder.staff_id
    here().store.write(
        lambda session: notices.acknowledge(session, agency.id, lead_id, by=by, at=at)
    )
    return go("recalls.show_recalls", done="kept")
