"""What was not possible, why, and what can be done about it: a page, never an error's own words."""

from flask import Response

from hotline.console.showing import show
from hotline.errors import Conflict, HotlineError, Malformed, NotFound, Refused, Unavailable
from hotline.leads.door import TooMany, explained
from hotline.triage import Held
from hotline.vault.envelope import SealBroken

_FAULTS: dict[type[HotlineError], tuple[int, str]] = {
    Held: (409, "held"),
    TooMany: (429, "often"),
    Conflict: (409, "conflict"),
    NotFound: (404, "not_found"),
    Refused: (403, "refused"),
    Malformed: (400, "malformed"),
    Unavailable: (503, "unavailable"),
    SealBroken: (500, "seal"),
    HotlineError: (500, "broken"),
}


def show_fault(error: HotlineError) -> Response:
    """Return the page for *error*, by the nearest class that has one."""
    kind = next(kind for kind in type(error).__mro__ if kind in _FAULTS)
    status, name = _FAULTS[kind]
    response = show("console/fault.html", status=status, fault=name)
    return explained(response, error)
