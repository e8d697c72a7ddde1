"""Look at a link, open it with its PIN, answer, and say what came of it."""

from datetime import datetime

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.channels.provider import room
from hotline.channels.provider.acts import act_of, ended, fault_of, is_doubted
from hotline.channels.provider.pages import (
    address,
    day_text,
    error_page,
    locale,
    pin_page,
    show,
    standing,
)
from hotline.channels.provider.seat import give_ticket, ticket
from hotline.channels.provider.sheet import sheet
from hotline.errors import Conflict
from hotline.handoff import links
from hotline.handoff.events import OUTCOMES, REASONS, Event
from hotline.handoff.links import Kind, Opened, WrongPin
from hotline.handoff.talking import LONGEST, AllSaid
from hotline.pages import CONTENT_SECURITY_POLICY, is_from_elsewhere, with_headers
from hotline.parts import here
from hotline.vault.links import read_pin
from referral.capacity import NotSaid

_STRICTER = CONTENT_SECURITY_POLICY.replace("script-src 'self'", "script-src 'none'")
_LAST = (Event.DECLINED, Event.NOT_NEEDED, Event.NO_SPACE, Event.LEFT)
"""After these nothing is left to answer: who said so is thanked."""

_LARGEST = 16 * 1024
"""Bytes of a form: the longest words in any of the languages of these pages, and what stands beside them."""

provider = Blueprint("provider", __name__)


@provider.before_request
def keep_small() -> None:
    request.max_content_length = _LARGEST


@provider.after_request
def harden(response: AnyResponse) -> AnyResponse:
    response.headers["Content-Security-Policy"] = _STRICTER
    return with_headers(response)


@provider.get("/handoff.css")
def style() -> AnyResponse:
    """Return the one stylesheet of these pages."""
    return sheet().answer()


@provider.get("/handoff/<path:token>")
def show_link(token: str) -> AnyResponse:
    """Show what this browser may see of a link; nothing is used up by looking."""
    at = here().clock()
    with here().store.read() as session:
        opened = links.resume(session, token, ticket(), at)
        link = None if opened else links.find(session, token, at)
    if opened:
        return _page(token, opened, at)
    return pin_page(token, link) if link else error_page(404)


@provider.post("/handoff/<path:token>")
def answer(token: str) -> AnyResponse:
    """Take a PIN, or what the browser that opened the link answers."""
    if is_from_elsewhere():
        return error_page(403)
    at = here().clock()
    with here().store.read() as session:
        opened = links.resume(session, token, ticket(), at)
    if opened is None:
        return _open(token, at)
    if opened.is_closed:
        return _again(token)
    if opened.link.kind == Kind.CAPACITY:
        return room.say(token, opened, at) if "answer" in request.form else _again(token)
    return _answer(token, opened, at)


@provider.errorhandler(NotSaid)
def show_nothing(_: NotSaid) -> AnyResponse:
    """The directory has this service no more."""
    return error_page(404)


@provider.errorhandler(Conflict)
def show_as_it_is(_: Conflict) -> AnyResponse:
    """Answered twice, or changed meanwhile: the page says how it stands."""
    return _again((request.view_args or {})["token"])


def _open(token: str, at: datetime) -> AnyResponse:
    """Try the PIN; what is no PIN at all is no try."""
    hotline = here()
    with hotline.store.read() as session:
        link = links.find(session, token, at)
    if link is None:
        return error_page(404)
    pin = read_pin(request.form.get("pin", ""))
    if not pin:
        return pin_page(token, link, fault="malformed" if "pin" in request.form else "")
    tried = links.try_pin(hotline.store, hotline.links, token, pin, at)
    if isinstance(tried, Opened):
        response = _again(token)
        give_ticket(response, token, tried.ticket)
        return response
    if isinstance(tried, WrongPin):
        return pin_page(token, link, fault="wrong", left=tried.left)
    return error_page(404)


def _page(token: str, opened: Opened, at: datetime, *, fault: str = "") -> Response:
    if opened.link.kind == Kind.CAPACITY:
        return room.show_room(token, opened, at)
    if opened.is_closed:
        return _thanks(token, opened, ended(opened))
    speaks = locale(opened.link)
    return show(
        "offer",
        speaks,
        status=400 if fault else 200,
        token=token,
        packet=opened.packet,
        stands=standing(opened, speaks, at),
        talk=[_said(one, speaks) for one in opened.talk if one.words],
        reasons=REASONS,
        outcomes=OUTCOMES,
        longest=LONGEST,
        fault=fault,
        words=request.form.get("words", ""),
    )


def _said(one: links.Said, speaks: str) -> dict[str, object]:
    return {"by_provider": one.by_provider, "day": day_text(one.day, speaks), "words": one.words}


def _answer(token: str, opened: Opened, at: datetime) -> AnyResponse:
    """Do what was pressed, if it can be done from this browser; what undoes a yes is asked once more."""
    fault = fault_of(opened, request.form)
    if fault:
        return _page(token, opened, at, fault=fault)
    if is_doubted(opened, request.form):
        return show("sure", locale(opened.link), token=token, outcome=request.form["outcome"])
    act = act_of(here(), opened, request.form, at)
    if act is None:
        return _again(token)
    try:
        happened = here().store.write(act)
    except AllSaid:
        return _page(token, opened, at, fault="much")
    return _thanks(token, opened, happened.event) if happened.event in _LAST else _again(token)


def _thanks(token: str, opened: Opened, event: str) -> Response:
    return show("said", locale(opened.link), token=token, event=event)


def _again(token: str) -> AnyResponse:
    """Go to the page as it now is."""
    return redirect(address(token), 303)
