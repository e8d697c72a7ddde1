"""A code word for whoever made up none: on the page that shows the code, and nowhere else.

Later it would be the word of whoever found the code. So the page carries a proof that this process showed it for this
very code a while ago; a word that stands already is never changed by it.
"""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from hotline.channels.web.body import read_form
from hotline.channels.web.desk import desk
from hotline.channels.web.door import away, is_leaving, web
from hotline.channels.web.new import code_page
from hotline.channels.web.pages import best_locale, offered
from hotline.channels.web.proof import is_proven
from hotline.errors import NotFound, Unavailable
from hotline.intake.reaching import ways_message
from hotline.pages import is_from_elsewhere
from hotline.parts import here
from hotline.vault.codes import ReturnCode, parse
from hotline.vault.reporters import find_reporter, has_word


@web.post("/<locale>/word")
def first_word(locale: str) -> Answer:
    """Keep the first code word of a report whose code was just shown, and show the code again."""
    sent = read_form(request)
    if is_leaving():
        return away()
    chosen, proof = offered(locale) or best_locale(), sent.text("proof")
    code = parse(sent.text("code"))
    if code is None or is_from_elsewhere() or not is_proven(code, proof):
        return redirect(url_for("web.home", locale=chosen), 303)
    worded = _word(code, sent.text("word"), chosen) if sent.text("word") else "empty"
    return code_page(chosen, sent, code, proof=proof, worded=worded)


def _word(code: ReturnCode, word: str, locale: str) -> str:
    """Let *word* be the first of the report of *code*; say what came of it."""
    brake = desk().brake
    with brake.turn() as begun:
        if begun is None:
            return "later"
        key = here().codes.derive(code)
    with here().store.read() as session:
        found = find_reporter(session, key.lookup)
    if found is None or has_word(key, found):
        return "late"
    try:
        here().reception.again(ways_message({"word": word}, locale=locale), key, at=here().clock())
    except Unavailable:
        return "later"
    except NotFound:
        return "late"
    return "set"
