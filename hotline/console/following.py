"""The rooms of investigators: each page there is one of the agency that they belong to."""

from typing import cast

from flask import Blueprint, Response, g, request

from hotline.console.rooms import room
from hotline.console.showing import show
from hotline.domain.staff import Right, Role
from hotline.leads import agencies
from hotline.leads.agency import Agency
from hotline.parts import here


def following(name: str) -> Blueprint:
    """Return a blueprint for investigators; whoever belongs to no agency hears there whom to ask."""
    blueprint = room(name, Right.FOLLOW)
    blueprint.before_request(_of_an_agency)
    return blueprint


def our_agency() -> Agency:
    """Return the agency of who is signed in."""
    return cast(Agency, g.agency)


def _of_an_agency() -> Response | None:
    with here().store.read() as session:
        found = agencies.of_member(session, g.keyholder.staff_id)
    if found is not None:
        g.agency = found
        return None
    may_ask = [one for one in here().keyring.members if one.role is Role.ADMINISTRATOR]
    # What stands under an address with an id is not there for them, whatever it is.
    status = 404 if request.view_args else 200 if request.method == "GET" else 409
    names = [one.pseudonym for one in may_ask]
    return show("console/released/nowhere.html", status=status, administrators=names)
