"""The way in for whoever was invited: a code, a passphrase of their own, an authenticator. Nothing says for what."""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.cookies import forget_joining, give_joining, joining_cookie
from hotline.console.qr import qr
from hotline.console.rooms import go, outside
from hotline.console.showing import show
from hotline.errors import HotlineError
from hotline.parts import here
from hotline.vault import joining as steps
from hotline.vault.candidates import BEGUN, WAITING
from hotline.vault.own import CodeWrong
from hotline.vault.strength import BEST, SHORTEST, Strength, TooWeak
from hotline.vault.totp import totp_address, totp_text
from hotline.vault.tries import TooSoon

joining = outside("joining")

_FAULTS: dict[type[HotlineError], tuple[int, str]] = {
    steps.CodeUnknown: (404, "unknown"),
    steps.InvitationOver: (410, "over"),
    steps.InvitationUsed: (409, "used"),
    TooSoon: (429, "too_soon"),
}


@joining.get("/join")
def show_code() -> AnyResponse:
    """Ask for the code; to whoever waits to be let in, show the words again."""
    if not joining_cookie():
        return _page("code")
    try:
        so_far = steps.find(here().store, joining_cookie(), at=g.at)
    except steps.CodeUnknown:
        return _page("code")
    if so_far.state == WAITING:
        return _page("waiting", words=so_far.words)
    return go("joining.show_authenticator" if so_far.state == BEGUN else "joining.show_passphrase")


@joining.post("/join")
def take_code() -> AnyResponse:
    typed = request.form.get("code", "")
    cookie = steps.begin(here().store, here().door, typed, at=g.at)
    response = go("joining.show_passphrase")
    give_joining(response, cookie)
    return response


@joining.post("/join/again")
def begin_anew() -> AnyResponse:
    """Forget this browser's way in, for whoever has another code."""
    response = go("joining.show_code")
    forget_joining(response)
    return response


@joining.get("/join/passphrase")
def show_passphrase() -> Response:
    return _passphrase_page()


@joining.post("/join/passphrase")
def take_passphrase() -> AnyResponse:
    typed = request.form.get("passphrase", "")
    if typed != request.form.get("again", ""):
        return _passphrase_page(status=422, fault="differ")
    try:
        steps.choose_passphrase(here().store, here().door, joining_cookie(), typed, at=g.at)
    except TooWeak as weak:
        return _passphrase_page(status=422, rated=weak.strength)
    return go("joining.show_authenticator")


@joining.get("/join/authenticator")
def show_authenticator() -> AnyResponse:
    return _authenticator_page()


@joining.post("/join/authenticator")
def take_authenticator() -> AnyResponse:
    """Answer with what is shown once: nothing else ever has the recovery codes."""
    try:
        joined = steps.confirm(
            here().store, joining_cookie(), request.form.get("totp", ""), at=g.at
        )
    except CodeWrong:
        return _authenticator_page(status=422, fault="digits")
    return _page("codes", codes=joined.codes, words=joined.words)


@joining.errorhandler(HotlineError)
def refuse(error: HotlineError) -> Response:
    """Ask for the code again, and say what became of the invitation."""
    kind = next((kind for kind in type(error).__mro__ if kind in _FAULTS), None)
    status, fault = _FAULTS[kind] if kind else (403, "refused")
    response = _page("code", status=status, fault=fault)
    if status in (404, 410, 409):
        forget_joining(response)
    return response


def _passphrase_page(
    *, status: int = 200, rated: Strength | None = None, fault: str = ""
) -> Response:
    so_far = steps.find(here().store, joining_cookie(), at=g.at)
    return _page("passphrase", status=status, so_far=so_far, rated=rated, fault=fault)


def _authenticator_page(*, status: int = 200, fault: str = "") -> AnyResponse:
    so_far = steps.find(here().store, joining_cookie(), at=g.at)
    secret = so_far.totp_secret
    if not secret:
        return go("joining.show_code")
    return _page(
        "authenticator",
        status=status,
        so_far=so_far,
        qr=qr(totp_address(secret, so_far.username)),
        secret=totp_text(secret),
        fault=fault,
    )


def _page(step: str, *, status: int = 200, **facts: object) -> Response:
    asked: dict[str, object] = {"fault": "", "rated": None, "best": BEST, "shortest": SHORTEST}
    return show("console/join.html", status=status, step=step, **{**asked, **facts})
