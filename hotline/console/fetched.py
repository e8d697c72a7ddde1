"""What an agency was sent, and how: the same trace that the hotline keeps of it."""

import re

from flask import Response, request

from hotline.console.following import following, our_agency
from hotline.console.showing import show
from hotline.leads import received
from hotline.parts import here

fetched = following("fetched")

_PAGE = 50
_PLACE = re.compile(r"(\d{1,15})-([0-9a-f]{32})")


@fetched.get("/fetched")
def show_fetched() -> Response:
    """Show what was read, newest first; ``before`` is where the page before ended."""
    place = _PLACE.fullmatch(request.args.get("before", ""))
    before = (int(place[1]), place[2]) if place else None
    with here().store.read() as session:
        found = received.fetched(session, our_agency(), before=before, limit=_PAGE + 1)
    shown = found[:_PAGE]
    return show(
        "console/fetched.html",
        fetches=shown,
        before=bool(place),
        next=shown[-1].place if len(found) > _PAGE else "",
    )
