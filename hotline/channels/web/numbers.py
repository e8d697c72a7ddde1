"""Show numbers to call on the page of a new code, and the code again: it may not be written down yet.

As with a first code word, only a proof that this process showed that code a while ago brings the page back.
"""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from hotline.channels.web import nearby
from hotline.channels.web.body import Sent, read_form
from hotline.channels.web.desk import desk
from hotline.channels.web.door import away, is_leaving, web
from hotline.channels.web.nearby import Numbers
from hotline.channels.web.new import code_page
from hotline.channels.web.pages import best_locale, offered
from hotline.channels.web.proof import is_proven
from hotline.pages import is_from_elsewhere
from hotline.parts import here
from hotline.vault.codes import ReturnCode, parse
from hotline.vault.reporters import find_reporter


@web.post("/<locale>/numbers")
def numbers(locale: str) -> Answer:
    """Show whom they may call, below the code that was just shown."""
    sent = read_form(request)
    if is_leaving():
        return away()
    chosen, shown = offered(locale) or best_locale(), sent.text("shown")
    code = parse(sent.text("code"))
    if code is None or is_from_elsewhere() or not is_proven(code, shown):
        return redirect(url_for("web.home", locale=chosen), 303)
    return code_page(
        chosen,
        sent,
        code,
        sooner="offered" if sent.text("aside") else "",
        proof=sent.text("proof"),
        shown=shown,
        numbers=_numbers(code, sent, chosen),
    )


def _numbers(code: ReturnCode, sent: Sent, locale: str) -> Numbers | None:
    """Return whom they may call; only the form again where too many try codes at this moment, or none is behind it."""
    with desk().brake.turn() as begun:
        if begun is None:
            return nearby.offered(sent)
        key = here().codes.derive(code)
    with here().store.read() as session:
        found = find_reporter(session, key.lookup)
    report_id = found.report_id if found else ""
    return nearby.shown(sent, report_id, locale)
