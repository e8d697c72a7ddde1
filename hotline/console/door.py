"""Sign in and sign out. Nothing on the page says what the desk is for."""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.cookies import desk_cookie, device_cookie, give_device
from hotline.console.rooms import cookie_name, give_key, go, landing, outside, take_key
from hotline.console.showing import OPENED, show
from hotline.parts import here
from hotline.vault.staff import SignInRefused, TooSoon

door = outside("door")


@door.get("/signin")
def show_form() -> Response:
    return show("console/signin.html", name="", fault="")


@door.post("/signin")
def come_in() -> AnyResponse:
    hotline = here()
    entrance = hotline.door.sign_in(
        hotline.store,
        username=request.form.get("name", ""),
        passphrase=request.form.get("passphrase", ""),
        totp=request.form.get("totp", ""),
        device=device_cookie(),
        at=g.at,
    )
    response = go(landing(entrance.role))
    give_key(response, entrance.cookie)
    give_device(response, entrance.device)
    desk_cookie(response, OPENED, "0", max_age=None)
    return response


@door.post("/signout")
def leave() -> AnyResponse:
    here().door.sign_out(here().store, request.cookies.get(cookie_name(), ""), at=g.at)
    response = go("door.show_form")
    take_key(response)
    return response


@door.errorhandler(SignInRefused)
def refuse(error: SignInRefused) -> Response:
    """Show the form again with the name that was typed; which of the three was wrong is not said."""
    fault = "too_soon" if isinstance(error, TooSoon) else "wrong"
    name = request.form.get("name", "")[:64]
    return show("console/signin.html", status=403, name=name, fault=fault)
