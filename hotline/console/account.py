"""One's own account: passphrase, authenticator, recovery codes, browsers, sessions, and what one should hear of."""

import base64
import binascii
from collections.abc import Callable

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.qr import qr
from hotline.console.rooms import go, room, take_key
from hotline.console.showing import show
from hotline.console.speaking import spoken
from hotline.errors import HotlineError, Malformed
from hotline.parts import here
from hotline.store import Session
from hotline.vault import devices, sessions
from hotline.vault.own import (
    CodeWrong,
    OwnKeys,
    PassphraseWrong,
    forget_browser,
    sign_out_everywhere,
)
from hotline.vault.recovery import codes_left
from hotline.vault.strength import BEST, SHORTEST, TooWeak
from hotline.vault.totp import totp_address, totp_text
from hotline.vault.tries import TooSoon, lookup_of, wrong_tries

account = room("account")

_FAULTS: dict[type[HotlineError], tuple[int, str]] = {
    PassphraseWrong: (422, "wrong"),
    TooSoon: (429, "too_soon"),
}


@account.get("/account")
def show_account() -> Response:
    return _page()


@account.post("/account/passphrase")
def change_passphrase() -> Response:
    form = request.form
    if form.get("passphrase", "") != form.get("again", ""):
        return _page(status=422, fault="differ", at="passphrase")
    try:
        codes = _own().change_passphrase(form.get("old", ""), form.get("passphrase", ""))
    except TooWeak as weak:
        return _page(status=422, rated=weak.strength, at="passphrase")
    return show("console/codes_once.html", codes=codes, why="passphrase")


@account.post("/account/codes")
def renew_codes() -> Response:
    codes = _own().renew_codes(request.form.get("old", ""))
    return show("console/codes_once.html", codes=codes, why="codes")


@account.post("/account/authenticator")
def offer_authenticator() -> Response:
    """Show a new authenticator's secret; the old one counts until the new one has shown that it works."""
    secret, sealed = _own().offer_authenticator()
    return _authenticator_page(secret, sealed)


@account.post("/account/authenticator/confirm")
def take_authenticator() -> AnyResponse:
    form = request.form
    sealed = _bytes(form.get("offer", ""))
    own = _own()
    try:
        own.take_authenticator(form.get("old", ""), sealed, form.get("totp", ""))
    except CodeWrong:
        return _authenticator_page(own.open_offer(sealed), sealed, status=422, fault="digits")
    except (PassphraseWrong, TooSoon) as error:
        status, fault = _FAULTS[type(error)]
        return _authenticator_page(own.open_offer(sealed), sealed, status=status, fault=fault)
    return go("account.show_account")


@account.post("/account/device/label")
def label_device() -> AnyResponse:
    device_id, label = request.form.get("device", ""), request.form.get("label", "")
    return _write(devices.label_device, device_id, label)


@account.post("/account/device/forget")
def forget_device() -> AnyResponse:
    me, at, device_id = g.keyholder, g.at, request.form.get("device", "")
    here().store.write(lambda session: forget_browser(session, me, device_id, at=at))
    return go("account.show_account")


@account.post("/account/session/end")
def end_session() -> AnyResponse:
    return _write(sessions.end_session, request.form.get("session", ""))


@account.post("/account/signout")
def leave_everywhere() -> AnyResponse:
    """End every session of one's own, this one too."""
    me, at = g.keyholder, g.at
    here().store.write(lambda session: sign_out_everywhere(session, me, at=at))
    response = go("door.show_form")
    take_key(response)
    return response


@account.post("/account/seen")
def settle_notices() -> AnyResponse:
    seen, cookie = request.form.getlist("notice"), g.cookie
    member_id = g.keyholder.staff_id
    here().store.write(lambda session: devices.settle_notices(session, member_id, cookie, seen))
    return go("account.show_account")


@account.errorhandler(PassphraseWrong)
@account.errorhandler(TooSoon)
def refuse(error: HotlineError) -> Response:
    """Show the page again with the fault at the form that was sent."""
    status, fault = _FAULTS[type(error)]
    form = "passphrase" if request.path.endswith("/passphrase") else "codes"
    return _page(status=status, fault=fault, at=form)


def _own() -> OwnKeys:
    return OwnKeys(here().store, here().door, g.keyholder, g.cookie, g.at)


def _write(what: Callable[..., None], *facts: str) -> AnyResponse:
    """Call *what* for the member who is signed in, in a transaction, and go back to the page."""
    member_id = g.keyholder.staff_id
    here().store.write(lambda session: what(session, member_id, *facts))
    return go("account.show_account")


def _page(*, status: int = 200, **facts: object) -> Response:
    me = g.keyholder
    with here().store.read() as session:
        found = _found(session, me.staff_id, me.username)
    tried: dict[str, object] = {"fault": "", "at": "", "rated": None}
    return show(
        "console/account.html",
        status=status,
        labels=devices.LABELS,
        best=BEST,
        shortest=SHORTEST,
        **{**found, **tried, **facts},
    )


def _found(session: Session, member_id: str, username: str) -> dict[str, object]:
    return {
        "sessions": sessions.sessions_of(session, member_id, at=g.at),
        "this": sessions.handle_of(sessions.Cookie(g.cookie).id),
        "devices": devices.devices_of(session, member_id),
        "this_device": sessions.device_of(session, g.cookie),
        "codes_left": codes_left(session, member_id),
        "spoken": spoken(session, member_id),
        "wrong_tries": wrong_tries(session, lookup_of("name", username)),
    }


def _authenticator_page(
    secret: bytes, sealed: bytes, *, status: int = 200, fault: str = ""
) -> Response:
    return show(
        "console/authenticator.html",
        status=status,
        qr=qr(totp_address(secret, g.keyholder.username)),
        secret=totp_text(secret),
        offer=base64.b64encode(sealed).decode(),
        fault=fault,
        shortest=SHORTEST,
    )


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed from None
