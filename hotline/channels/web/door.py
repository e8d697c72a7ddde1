"""The first page, the languages, and the way out.

The first page is harmless by itself, because the Back key may show it. Leaving is a link: a policy on
forms would stop a form from going to another site. For a minute after it, every page of ours leads away
too, so that the Back key shows nothing of us even without a script; and later whatever the Back key asks for.
"""

from flask import Response, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from hotline.channels.web import going
from hotline.channels.web.desk import Desk
from hotline.channels.web.headers import harden
from hotline.channels.web.look import Dressed, look
from hotline.channels.web.pages import (
    asked_for,
    best_locale,
    error_page,
    languages_from,
    named,
    show,
)
from hotline.pages import is_encrypted, with_headers
from hotline.parts import here

AWAY_SECONDS = 60
_FEW = 24
_AWAY = "away"
# Cookies of the desk: they end by name, because clearing all cookies would also end the one that leads away.
_OURS = ("key", "__Host-key", going.GOES_ON)

web = Dressed("web", __name__)
web.after_request(harden)


@web.record_once
def _set_up(state: BlueprintSetupState) -> None:
    state.app.extensions["web"] = Desk()


@web.after_app_request
def harden_the_rest(response: Answer) -> Answer:
    """Give every answer the headers of every page, also one to a machine, or to who asks what may be asked."""
    return with_headers(response)


@web.before_request
def lead_away() -> Answer | None:
    """Answer a page with the way out while someone is leaving, and ever after where the Back key asks for it."""
    if request.method not in ("GET", "HEAD") or request.endpoint in _NOT_PAGES:
        return None
    if has_just_left():
        return away()
    if request.endpoint in _FIRST:
        return None
    if going.is_sent_by_nobody():
        return redirect(url_for("web.home", locale=best_locale()), 303)
    return away() if going.is_brought_back() else None


@web.after_request
def remember_going_on(response: Answer) -> Answer:
    """Keep for this session that somebody went beyond the first page: their Back key works until they leave."""
    is_step = request.endpoint not in _FIRST | _NOT_PAGES and not is_leaving()
    if is_step and going.goes_on():
        response.set_cookie(
            going.GOES_ON, "1", secure=is_encrypted(), httponly=True, samesite="Lax"
        )
    return response


def is_leaving() -> bool:
    """Tell whether this browser left: a moment ago, or before it sent this form once more."""
    return has_just_left() or going.is_sent_anew()


def has_just_left() -> bool:
    """Tell whether this browser left a moment ago."""
    return _AWAY in request.cookies


def away() -> Answer:
    """Return the way to the page that we leave to; a script, which cannot go there, gets nothing and asks again."""
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return Answer(status=204)
    return redirect(here().config.leave_to, 303)


@web.route("/leave", methods=["GET", "POST"])
def leave() -> Answer:
    """Leave: by the link, or told by the script, which goes away by itself."""
    response = Answer(status=204) if request.method == "POST" else away()
    response.headers["Clear-Site-Data"] = '"storage"'
    secure = is_encrypted()
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


_FIRST = {"web.home"}
_NOT_PAGES = {"web.leave", "web.icon", "web.robots", "web.sheet", "web.script"}
