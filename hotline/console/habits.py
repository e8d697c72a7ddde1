"""What someone sets for their own browser."""

from dataclasses import replace

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.cookies import desk_cookie
from hotline.console.rooms import go, outside
from hotline.console.showing import KEYS, keyboard

habits = outside("habits")


@habits.post("/keys")
def switch_keys() -> AnyResponse:
    """Switch single keys off or on: a voice that dictates may press them by chance (WCAG 2.1.4)."""
    response = go("queue.show_queue")
    is_off = request.form.get("keys") == "off"
    desk_cookie(response, KEYS, replace(keyboard(), is_off=is_off).to_cookie())
    return response
