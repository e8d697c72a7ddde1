"""The first page, the languages, and the way out.

The first page is harmless by itself, because the Back key may show it. Leaving is a link: a policy on
forms would stop a form from going to another site. For a minute after it, every page of ours leads away
too, so that the Back key shows nothing of us even without a script.
"""

from flask import Response, redirect, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from hotline.channels.web.desk import Desk
from hotline.channels.web.headers import harden
from hotline.channels.web.look import Dressed, look
from hotline.channels.web.pages import asked_for, error_page, languages_from, named, show
from hotline.parts import here

AWAY_SECONDS = 60
_FEW = 8
_AWAY = "away"
# Cookies of the desk: they end by name, because clearing all cookies would also end the one that leads away.
_OURS = ("key", "__Host-key")

web = Dressed("web", __name__)
web.after_request(harden)


@web.record_once
def _set_up(state: BlueprintSetupState) -> None:
    state.app.extensions["web"] = Desk()


@web.before_request
def lead_away() -> Answer | None:
    """Answer every page with the way out while someone is leaving."""
    is_page = request.method in ("GET", "HEAD") and request.endpoint not in _NOT_PAGES
    return away() if is_page and is_leaving() else None


def is_leaving() -> bool:
    """Tell whether this browser left a moment ago."""
    return _AWAY in request.cookies


def away() -> Answer:
    """Return the way to the page that we leave to."""
    return redirect(here().config.leave_to, 303)


@web.route("/leave", methods=["GET", "POST"])
def leave() -> Answer:
    """Leave: by the link, or told by the script, which goes away by itself."""
    response = Answer(status=204) if request.method == "POST" else away()
    response.headers["Clear-Site-Data"] = '"storage"'
    secure = here().config.is_https
    for name in filter(request.cookies.__contains__, _OURS):
        response.delete_cookie(name, secure=secure, httponly=True, samesite="Strict")
    response.set_cookie(
        _AWAY, "1", max_age=AWAY_SECONDS, secure=secure, httponly=True, samesite="Lax"
    )
    return response


@web.get("/", defaults={"locale": None})
@web.get("/<locale>/")
def home(locale: str | None) -> Response:
    """Show the first page."""
    chosen = named(locale)
    listed = languages_from(chosen)
    return show("landing", chosen, few=listed[:_FEW], has_more=len(listed) > _FEW)


@web.get("/languages", defaults={"locale": None})
@web.get("/<locale>/languages")
def languages(locale: str | None) -> Response:
    """Show every language by its own name, first those that the browser asks for."""
    chosen = named(locale)
    listed = languages_from(chosen)
    wanted = {chosen, *(here().languages.best([name]) for name in asked_for())}
    likely = [language for language in listed if language.code in wanted]
    others = [language for language in listed if language.code not in wanted]
    return show("languages", chosen, likely=likely, others=others)


@web.get("/favicon.ico")
def icon() -> Response:
    return Response(look().icon, mimetype="image/png")


@web.get("/page.css")
def sheet() -> Response:
    """Return the one stylesheet of the reporters' pages."""
    return look().sheet.answer()


@web.get("/page.js")
def script() -> Response:
    """Return their one script; each page works without it."""
    return look().script.answer()


@web.get("/robots.txt")
def robots() -> Response:
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")


@web.errorhandler(HTTPException)
def show_fault(error: HTTPException) -> Response:
    return error_page(error.code or 500)


_NOT_PAGES = {"web.leave", "web.icon", "web.robots", "web.sheet", "web.script"}
