"""How the desk looks and answers in someone's own browser: by day or by night, and by which keys."""

from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.cookies import desk_cookie
from hotline.console.keyboard import ACTS, Keyboard, KeyTaken
from hotline.console.rooms import go, room
from hotline.console.showing import KEYS, THEME, THEMES, keyboard, show

settings = room("settings")


@settings.get("/settings")
def show_settings() -> Response:
    return _page(is_kept="kept" in request.args)


@settings.post("/settings")
def change() -> AnyResponse:
    """Keep what was chosen in this browser."""
    form = request.form
    chosen = Keyboard.of(form, is_off=form.get("single") == "off")
    response = go("settings.show_settings", kept=1)
    desk_cookie(response, KEYS, chosen.to_cookie())
    theme = form.get("theme", "")
    desk_cookie(response, THEME, theme if theme in THEMES else "")
    return response


@settings.errorhandler(KeyTaken)
def explain(_error: KeyTaken) -> Response:
    """Show the form again as it was filled in: nothing was changed."""
    return _page(status=422, fault="key", tried=request.form)


def _page(*, status: int = 200, **facts: Any) -> Response:
    tried = facts.pop("tried", None)
    theme = tried.get("theme", "") if tried else request.cookies.get(THEME, "")
    is_off = tried.get("single") == "off" if tried else keyboard().is_off
    return show(
        "console/settings.html",
        status=status,
        acts=ACTS,
        typed=tried.get if tried else keyboard().key,
        themes=THEMES,
        theme=theme,
        is_off=is_off,
        **{"fault": "", "is_kept": False, **facts},
    )
