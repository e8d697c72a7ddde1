"""Who knocks at the feeds: the token of an agency, as a bearer token or as a Basic password."""

from typing import Protocol, cast

from flask import current_app, g, request

from hotline.errors import Refused
from hotline.leads.agencies import Agency, by_token
from hotline.store import Store

CHALLENGES = ('Basic realm="leads", charset="UTF-8"', 'Bearer realm="leads"')


class Parts(Protocol):
    """What the feeds need of the hotline's parts."""

    @property
    def store(self) -> Store: ...


class NotAdmitted(Refused):
    """No token, or one that opens nothing."""

    default_message = "a token of an admitted agency is needed"


def parts() -> Parts:
    return cast(Parts, current_app.extensions["hotline"])


def admit_reader() -> None:
    """Find the agency that asks, before any view runs.

    Raises:
        NotAdmitted: the token is missing or opens nothing; which of both is not told.
    """
    token = _token()
    with parts().store.read() as session:
        agency = by_token(session, token) if token else None
    if agency is None:
        raise NotAdmitted
    g.agency = agency


def reader() -> Agency:
    """Return the agency that asks."""
    return cast(Agency, g.agency)


def _token() -> str:
    """Return the token of the request. Clients differ: ``Bearer``, ``Token``, or Basic with any user name."""
    given = request.authorization
    if given is None:
        return ""
    if given.type == "basic":
        return given.password or ""
    return given.token or "" if given.type in ("bearer", "token") else ""
