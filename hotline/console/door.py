"""Sign in and sign out. Nothing on the page says what the desk is for."""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.cookies import desk_cookie
from hotline.console.rooms import cookie_name, give_key, go, outside, take_key
from hotline.console.showing import OPENED, show
from hotline.parts import here
from hotline.vault.staff import SignInRefused, TooSoon, sign_out

door = outside("door")


@door.get("/signin")
def show_form() -> Response:
    return show("console/signin.html", name="", fault="")


@door.post("/signin")
def come_in() -> AnyResponse:
    hotline = here()
    cookie = hotline.door.sign_in(
        hotline.store,
        username=request.form.get("name", ""),
        passphrase=request.form.get("passphrase", ""),
        totp=request.form.get("totp", ""),
        at=g.at,
    )
    response = go("queue.show_queue")
    give_key(response, cookie)
    desk_cookie(response, OPENED, "0", max_age=None)
    return response


@door.post("/signout")
def leave() -> AnyResponse:
    cookie = request.cookies.get(cookie_name(), "")
    here().store.write(lambda session: sign_out(session, cookie))
    response = go("door.show_form")
    take_key(response)
    return response


@door.errorhandler(SignInRefused)
def refuse(error: SignInRefused) -> Response:
    """Show the form again with the name that was typed; which of the three was wrong is not said."""
    fault = "too_soon" if isinstance(error, TooSoon) else "wrong"
    name = request.form.get("name", "")[:64]
    return show("console/signin.html", status=403, name=name, fault=fault)
