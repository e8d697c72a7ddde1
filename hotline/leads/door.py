"""Who knocks at the feeds: the token of an agency, as a bearer token or as a Basic password."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, cast

from flask import Response, current_app, g, request

from hotline.config import Config
from hotline.errors import HotlineError, Malformed, NotFound, Refused, Unavailable
from hotline.leads.agencies import Agency, by_token
from hotline.leads.pacing import Pacing
from hotline.leads.tokens import id_of
from hotline.store import Store
from hotline.vault.logkey import LogKey

_CHALLENGES = ('Basic realm="leads", charset="UTF-8"', 'Bearer realm="leads"')


class Parts(Protocol):
    """What the feeds need of the hotline's parts."""

    @property
    def store(self) -> Store: ...

    @property
    def config(self) -> Config: ...

    @property
    def clock(self) -> Callable[[], datetime]: ...

    @property
    def log_key(self) -> LogKey: ...


class NotAdmitted(Refused):
    """No token, or one that opens nothing."""

    default_message = "a token of an admitted agency is needed"


class TooMany(Refused):
    """More requests than were agreed on; after *seconds* there may be one again."""

    default_message = "wait before you ask again"

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


_STATUS: dict[type[Exception], int] = {
    NotAdmitted: 401,
    TooMany: 429,
    NotFound: 404,
    Refused: 403,
    Malformed: 400,
    Unavailable: 503,
    HotlineError: 500,
}


def parts() -> Parts:
    return cast(Parts, current_app.extensions["hotline"])


def admit_reader() -> None:
    """Find the agency that asks, before any view runs.

    Raises:
        NotAdmitted: the token is missing, opens nothing or has ended; which of these is not told.
        TooMany: the agency asks more often than was agreed on.
    """
    token, g.at = _token(), parts().clock()
    with parts().store.read() as session:
        agency = by_token(session, token, at=g.at) if token else None
    if agency is None:
        raise NotAdmitted
    take_turn(agency, at=g.at)
    g.agency, g.token_id = agency, id_of(token)


def take_turn(agency: Agency, *, at: datetime) -> None:
    """Take one of the requests that *agency* may make.

    Raises:
        TooMany: it asks more often than was agreed on.
    """
    seconds = _pacing().take(agency.id, rate=agency.rate, at=at)
    if seconds:
        raise TooMany(seconds)


def charge(agency: Agency, held: int, *, at: datetime) -> None:
    """Let *agency* wait the longer before it asks again, the more its answer *held*."""
    _pacing().charge(agency.id, held, rate=agency.rate, at=at)


def reader() -> Agency:
    """Return the agency that asks."""
    return cast(Agency, g.agency)


def shown_token() -> str:
    """Return the id of the token with which it asks."""
    return cast(str, g.token_id)


def asked_at() -> datetime:
    """Return when it asks."""
    return cast(datetime, g.at)


def status_of(error: HotlineError) -> int:
    """Return the HTTP status that tells a machine about *error*."""
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def challenge(response: Response) -> Response:
    """Say in *response* how a token may be shown."""
    for way in _CHALLENGES:
        response.headers.add("WWW-Authenticate", way)
    return response


def explained(response: Response, error: Exception) -> Response:
    """Say in the head of *response* what a client may do about *error*: show a token, or wait."""
    if isinstance(error, NotAdmitted):
        challenge(response)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def _pacing() -> Pacing:
    pacing: Pacing = current_app.extensions.setdefault("pacing of leads", Pacing())
    return pacing


def _token() -> str:
    """Return the token of the request. Clients differ: ``Bearer``, ``Token``, or Basic with any user name."""
    try:
        given = request.authorization
    except ValueError:  # Letters beyond ASCII, in Basic.
        return ""
    if given is None:
        return ""
    if given.type == "basic":
        return given.password or ""
    return given.token or "" if given.type in ("bearer", "token") else ""
