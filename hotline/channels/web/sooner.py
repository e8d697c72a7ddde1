"""To be read sooner: who solves a small puzzle on the page of their code is taken out of the quarantine.

What was written is kept either way, and nothing is ever locked. The page shows the code again: it may not be written
down yet. As it says that we have what was written, only a puzzle that we sealed for this very code brings it back,
and nothing that another site sends: nobody is shown a receipt for what does not exist.
"""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from hotline.channels.web.body import read_form
from hotline.channels.web.desk import desk
from hotline.channels.web.door import away, is_leaving, web
from hotline.channels.web.new import code_page
from hotline.channels.web.pages import best_locale, offered
from hotline.channels.web.puzzle import Puzzle, unsealed
from hotline.errors import Unavailable
from hotline.pages import is_from_elsewhere
from hotline.parts import here
from hotline.triage import quarantine
from hotline.vault.codes import ReturnCode, parse
from hotline.vault.reporters import find_reporter


@web.post("/<locale>/sooner")
def sooner(locale: str) -> Answer:
    """Take the answer to a puzzle."""
    sent = read_form(request)
    if is_leaving():
        return away()
    chosen = offered(locale) or best_locale()
    code = parse(sent.text("code"))
    puzzle = unsealed(desk().secret, code, sent.text("puzzle")) if code else None
    if code is None or puzzle is None or is_from_elsewhere():
        return redirect(url_for("web.home", locale=chosen), 303)
    now = here().clock().timestamp()
    outcome = _outcome(code, puzzle, sent.text("sum"), now)
    is_asked_anew = outcome != "busy" or puzzle.is_too_late(now)
    return code_page(
        chosen,
        sent,
        code,
        sooner=outcome,
        puzzle=None if is_asked_anew else puzzle,
        proof=sent.text("proof"),
    )


def _outcome(code: ReturnCode, puzzle: Puzzle, answer: str, now: float) -> str:
    """Return what the page says of *answer*; of a right one that is not in time never that it was wrong."""
    if not puzzle.is_right(answer):
        return "again"
    if puzzle.is_too_soon(now) or puzzle.is_too_late(now):
        return "busy"
    return "done" if _is_let_in(code) else "busy"


def _is_let_in(code: ReturnCode) -> bool:
    """Let the report of *code* into the queue, if there is one; False where too many ask at this moment."""
    brake = desk().sooner
    with brake.turn() as begun:
        if begun is None:
            return False
        key = here().codes.derive(code)
    with here().store.read() as session:
        found = find_reporter(session, key.lookup)
    if found is not None:
        report_id, at = found.report_id, here().clock()
        try:
            here().store.write(lambda session: quarantine.release(session, report_id, at=at))
        except Unavailable:
            return False
    brake.wait_out(begun)
    return True
