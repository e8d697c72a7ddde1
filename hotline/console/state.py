"""How many reports came since a page was made: a number, asked for every few seconds, that costs one look into four rows."""

from flask import Response, g, request

from hotline.console.rooms import room
from hotline.console.speech import locale
from hotline.domain.staff import Right
from hotline.i18n import CONSOLE
from hotline.pages import with_headers
from hotline.parts import here
from hotline.reports.counting import came

state = room("state", Right.READ, keeps_awake=False)

_LONGEST = 12


@state.get("/state")
def tell() -> Response:
    """Say in words how many came since the number in the address; nothing at all where none did since the last answer."""
    with here().store.read() as session:
        now = came(session, g.keyholder.desk)
    new = max(0, now - _since(now))
    words = here().languages.render("console/queue/news.txt", locale(), CONSOLE, new=new)
    response = Response(words.strip(), mimetype="text/plain")
    response.set_etag(str(now))
    response.make_conditional(request)
    with_headers(response)
    return response


def _since(now: int) -> int:
    """Return the number that the page was made at; one that cannot be is now."""
    since = request.args.get("since", "")
    is_number = since.isascii() and since.isdigit() and len(since) <= _LONGEST
    return int(since) if is_number else now
