"""What someone sets for their own browser."""

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.cookies import desk_cookie
from hotline.console.rooms import go, outside
from hotline.console.showing import KEYS

habits = outside("habits")


@habits.post("/keys")
def switch_keys() -> AnyResponse:
    """Switch single keys off or on: a voice that dictates may press them by chance (WCAG 2.1.4)."""
    response = go("queue.show_queue")
    desk_cookie(response, KEYS, "off" if request.form.get("keys") == "off" else "on")
    return response
