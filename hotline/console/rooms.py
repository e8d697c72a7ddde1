"""The guard: who is signed in, what they may do, and that it was they who asked."""

from collections.abc import Callable, Collection
from typing import Any

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.faults import show_fault
from hotline.console.speech import remember_language
from hotline.domain.staff import RIGHTS, Right, Role
from hotline.errors import HotlineError, Refused
from hotline.pages import is_from_elsewhere, with_headers
from hotline.parts import here
from hotline.triage.access import require_seen
from hotline.vault.opening import Keyholder

_SESSION = 12 * 60 * 60
_FIRST = "queue.show_queue"
_ARRIVALS: tuple[tuple[Right, str], ...] = (
    (Right.READ, _FIRST),
    (Right.AUDIT, "auditing.show_audit"),
    (Right.STAFF, "staffing.show_staff"),
    (Right.FOLLOW, "released.show_released"),
    (Right.INTERPRET, "assigned.show_assigned"),
)


def room(name: str, *rights: Right, keeps_awake: bool = True) -> Blueprint:
    """Return a blueprint whose every route asks for someone signed in who has one of *rights* (none: anybody).

    What a page asks for by itself does not keep a session awake that its person has left.
    Whoever may not see the queue, where everyone arrives, is shown on to where their work is.
    """
    blueprint = outside(name)
    blueprint.before_request(_asks_for(rights, keeps_awake))
    return blueprint


def landing(role: Role) -> str:
    """Return the endpoint where someone of *role* arrives."""
    return next(endpoint for right, endpoint in _ARRIVALS if right in RIGHTS[role])


def outside(name: str) -> Blueprint:
    """Return a blueprint for whoever is at the door: no session, and still nothing from other sites."""
    blueprint = Blueprint(name, __name__, url_prefix="/console")
    blueprint.before_request(_begin)
    blueprint.after_request(remember_language)
    blueprint.register_error_handler(HotlineError, show_fault)
    return blueprint


def cookie_name() -> str:
    """Return the cookie's name; over https its prefix makes browsers refuse it from anyone but this host."""
    return "__Host-key" if here().config.is_https else "key"


def give_key(response: AnyResponse, cookie: str) -> None:
    """Let the browser keep the secret that opens the session, for this site only and out of scripts' reach."""
    response.set_cookie(
        cookie_name(),
        cookie,
        max_age=_SESSION,
        path="/",
        secure=here().config.is_https,
        httponly=True,
        samesite="Strict",
    )


def take_key(response: AnyResponse) -> None:
    response.delete_cookie(
        cookie_name(), path="/", secure=here().config.is_https, httponly=True, samesite="Strict"
    )


def go(endpoint: str, **facts: Any) -> AnyResponse:
    """Send the browser on to another page after something was done."""
    return with_headers(redirect(url_for(endpoint, **facts), 303))


def _begin() -> None:
    g.at = here().clock()
    if request.method != "GET" and is_from_elsewhere():
        raise Refused


def _asks_for(rights: Collection[Right], keeps_awake: bool) -> Callable[[], AnyResponse | None]:
    def ask() -> AnyResponse | None:
        hotline = here()
        cookie = request.cookies.get(cookie_name(), "")
        keyholder = (
            hotline.door.resume(hotline.store, cookie, at=g.at, keeps_awake=keeps_awake)
            if cookie
            else None
        )
        if keyholder is None:
            return go("door.show_form")
        g.keyholder, g.cookie = keyholder, cookie
        if not rights or any(keyholder.may(right) for right in rights):
            _only_if_seen(keyholder)
            return None
        if request.path == url_for(_FIRST):
            return go(landing(keyholder.role))
        raise Refused

    return ask


def _only_if_seen(keyholder: Keyholder) -> None:
    """Do nothing where the address names no report, or one that *keyholder* may see; else there is none for them."""
    report_id = (request.view_args or {}).get("report_id")
    if report_id is not None:
        me, desk = keyholder.staff_id, keyholder.desk
        with here().store.read() as session:
            require_seen(session, report_id, desk=desk, staff_id=me)
