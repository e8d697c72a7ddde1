"""Come back with the code: read what was answered, write more.

The code travels in the bodies of forms only: in an address the browser would remember it, and in a cookie
it would stay after the page. A code that opens nothing gets one answer, after the same work and the same
time, whatever is wrong with it.
"""

from contextlib import suppress
from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as Answer

from hotline.channels.web import asking, copies, erasing, forbidding, grants, nearby, reaching
from hotline.channels.web.body import Sent, read_form
from hotline.channels.web.desk import Desk, desk
from hotline.channels.web.door import away, is_leaving, web
from hotline.channels.web.new import keep_further, resume
from hotline.channels.web.pages import best_locale, day_in, named, offered, show, when_read
from hotline.channels.web.reaching import Reached
from hotline.channels.web.returning import (
    Conversation,
    mark_read,
    open_conversation,
    tell_of_forged,
)
from hotline.channels.web.slip import mark_of, new_slip
from hotline.channels.web.typed_code import Fault, fault_of
from hotline.domain.report import Channel, IncomingMessage
from hotline.errors import Unavailable
from hotline.leads.outcomes import something_came
from hotline.pages import is_from_elsewhere
from hotline.parts import here
from hotline.vault.codes import parse
from hotline.vault.drafts import is_drafted
from hotline.vault.reporters import ReporterKey, find_reporter

_BUSY = Fault("busy")
_WITH_WORD = (
    *("word", "ask", "grant", "question", "words"),
    *("how", "number", "hours", "new_word", "not_to"),
)
CLOSES_AFTER = 20 * 60
"""Seconds until a page that a code opened gives way to the first page: long enough to write an answer on it."""


@web.get("/<locale>/again")
def again(locale: str) -> Response:
    """Ask for the code."""
    return _ask(named(locale))


@web.post("/<locale>/again")
def come_back(locale: str) -> Answer:
    """Keep what more was written, and show what the code opens."""
    sent = read_form(request)
    chosen = offered(locale) or best_locale()
    if is_leaving() and not _brings_more(sent):
        return away()
    if is_from_elsewhere():
        return _ask(chosen)
    key = _key_of(sent.text("code"))
    if isinstance(key, Fault):
        return _ask_again(chosen, sent, key)
    saved = resume(chosen, sent, key)
    if saved is not None:
        return saved
    problem = _keep_more(sent, key, chosen) if _brings_more(sent) else ""
    if is_leaving() and not problem:
        return away()
    if not sent.text("word"):
        return _conversation(chosen, sent, _read(key, ""), problem)
    return _with_word(chosen, sent, key, problem)


def _ask(locale: str) -> Response:
    """Return the blank page: what another site had the browser send would bind whoever writes to somebody's code."""
    return show("again_code", locale, typed="", fault=None, sent=Sent(), slip="", carried={})


def _with_word(locale: str, sent: Sent, key: ReporterKey, problem: str) -> Response:
    """Do what is asked on the page that code and word open, and show that page; some things are asked once more."""
    word = sent.text("word")
    if reaching.was_heeded(sent, key):
        word = sent.text("new_word") or word
    found = _read_with_word(key, word)
    if found is None:
        return _ask_again(locale, sent, _BUSY)
    question = _question(locale, sent, found)
    if question is not None:
        return question
    done = _heed(locale, sent, found, key)
    problem = problem or ("" if found.is_whole else "word")
    return _conversation(locale, sent, found, problem, done)


def _question(locale: str, sent: Sent, found: Conversation) -> Response | None:
    """Return the page that asks once more before anything is agreed to, taken back or erased."""
    its: dict[str, Any] = {"code": sent.text("code"), "word": sent.text("word")}
    if erasing.is_unsure(sent, found):
        return _closing(show("erase", locale, **its), locale)
    if grant := grants.to_be_asked(sent, found, locale):
        return _closing(show("grant", locale, grant=grant, **its), locale)
    if every := grants.all_to_be_asked(sent, found, locale):
        given, sees = every
        return _closing(show("grant_all", locale, grants=given, sees=sees, **its), locale)
    if asked := asking.to_be_asked(sent, found, locale):
        question, has_changed = asked
        page = show("say_yes", locale, question=question, has_changed=has_changed, **its)
        return _closing(page, locale)
    return None


def _heed(locale: str, sent: Sent, found: Conversation, key: ReporterKey) -> Reached:
    """Do what is asked; say what came of it, also where nothing could be written just now."""
    try:
        erasing.heed(sent, found)
        outcome = (
            asking.heed(sent, found, locale)
            or grants.heed(sent, found)
            or forbidding.heed(sent, found, key, locale)
            or copies.heed(sent, found)
        )
        return Reached(outcome) if outcome else reaching.heed(sent, found, key, locale)
    except Unavailable:
        return Reached("later")


def _key_of(typed: str) -> ReporterKey | Fault:
    """Return the key of a code that opens something, or what is wrong: as slowly whatever it is."""
    brake = desk().brake
    with brake.turn() as begun:
        if begun is None:
            return _BUSY
        key = here().codes.derive(parse(typed))
    with here().store.read() as session:
        is_known = find_reporter(session, key.lookup) is not None
        is_known = is_known or is_drafted(session, key.lookup)
    if is_known:
        return key
    brake.wait_out(begun)
    return fault_of(typed)


def _brings_more(sent: Sent) -> bool:
    return bool(sent.text("more") or sent.files)


def _keep_more(sent: Sent, key: ReporterKey, locale: str) -> str:
    """Keep what more was sent, once; return the name of what went wrong, or nothing.

    Files for which there is no room are left out, and the words beside them stay.
    """
    mark = mark_of(desk().secret, sent, key.lookup)
    if mark and desk().sent.recall(mark) is not None:
        return ""
    message = IncomingMessage(
        channel=Channel.WEB,
        text=sent.text("more"),
        locale=locale,
        locale_is_chosen=True,
        media=len(sent.files),
    )
    try:
        receipt = keep_further(message, key, sent.files)
    except Unavailable:
        return "full"
    desk().sent.remember(mark)
    return "no_room" if receipt.files_left_out else ""


def _read_with_word(key: ReporterKey, word: str) -> Conversation | None:
    """Open what *key* and *word* open; None where too many wrong words were tried for this report.

    People choose words that can be guessed: whoever found a code must not try a dictionary of them.
    """
    with desk().words.turn(key.lookup) as was_right:
        if was_right is None:
            return None
        conversation = _read(key, word)
        if conversation.is_whole:
            was_right()
        return conversation


def _read(key: ReporterKey, word: str) -> Conversation:
    """Open what *key* opens, and remember that it was read."""
    memory: Desk = desk()
    with here().store.read() as session:
        found = open_conversation(
            session,
            key,
            authors=here().authors,
            word=word,
            also_after=memory.read.recall(key.lookup),
        )
    if found is None:
        return Conversation("", (), is_whole=False)
    if found.forged:
        _tell_of_forged(found)
    if found.first_new is not None:
        memory.read.remember(key.lookup, found.first_new - 1)
        # An answer that stays new is read twice, which harms less than one that is not read.
        with suppress(Unavailable):
            here().store.write(lambda session: mark_read(session, found))
    return found


def _tell_of_forged(found: Conversation) -> None:
    """Put before the supervisors that somebody slipped in what reads like an answer of ours."""
    at = here().clock()
    # The reporter gets their genuine answers even when nothing can be written.
    with suppress(Unavailable):
        here().store.write(lambda session: tell_of_forged(session, found, at=at))


def _ask_again(locale: str, sent: Sent, fault: Fault) -> Response:
    status = 503 if fault is _BUSY else 422
    slip = sent.text("slip") or new_slip(desk().secret, here().clock().timestamp())
    typed = sent.text("code")[:400]
    # Nobody need choose and type anew because others were trying at that moment.
    carried = {name: sent.text(name) for name in _WITH_WORD if fault is _BUSY and sent.text(name)}
    return show(
        "again_code",
        locale,
        status=status,
        typed=typed,
        fault=fault,
        sent=sent,
        slip=slip,
        carried=carried,
    )


def _closing(page: Response, locale: str) -> Response:
    """Return *page* so that the browser goes to the first page when nobody does anything on it."""
    page.headers["Refresh"] = f"{CLOSES_AFTER}; url={url_for('web.home', locale=locale)}"
    return page


def _conversation(
    locale: str, sent: Sent, found: Conversation, problem: str, done: Reached | None = None
) -> Response:
    said = [
        {
            "is_ours": one.account is not None,
            "is_new": one.is_new,
            "by": str(one.account.details.get("by", "")) if one.account else "",
            "day": day_in(one.day, locale),
            "paragraphs": list(filter(None, one.account.text.splitlines())) if one.account else [],
        }
        for one in found.said
    ]
    is_refused = problem == "full"
    kept_slip = sent.text("slip") if is_refused else ""
    done = done or Reached()
    page = show(
        "again",
        locale,
        status=_status(is_refused, done),
        said=said,
        has_new=found.first_new is not None,
        is_whole=found.is_whole,
        is_kept=_brings_more(sent) and not is_refused,
        is_cut=sent.is_cut,
        files_left_out=sent.files_left_out,
        had_files=bool(sent.files),
        problem=problem,
        code=sent.text("code"),
        more=sent.text("more") if is_refused else "",
        slip=kept_slip or new_slip(desk().secret, here().clock().timestamp()),
        done=done.outcome,
        is_new_word=bool(done.word),
        form=sent if done.is_fault else Sent(),
        minutes=CLOSES_AFTER // 60,
        read_from=when_read(locale),
        question=asking.question(found, locale),
        is_later=sent.text("ask") == asking.LATER,
        grants=grants.grants(found, locale),
        has_come=_has_come_of_it(found),
        disclosures=grants.disclosures(found, locale),
        copy_day=copies.asked_day(found, locale),
        numbers=nearby.shown(sent, found.report_id, locale) if found.is_whole else None,
        **forbidding.told(found, locale),
        **erasing.erasing(sent, found, locale, word=done.word or sent.text("word")),
    )
    return _closing(page, locale)


def _has_come_of_it(found: Conversation) -> bool:
    """Tell whether the page says that something came of it: only with the code word, as with who may know what."""
    if not found.is_whole:
        return False
    with here().store.read() as session:
        return something_came(session, found.report_id, at=here().clock())


def _status(is_refused: bool, done: Reached) -> int:
    if is_refused or done.outcome == "later":
        return 503
    return 422 if done.is_fault else 200
