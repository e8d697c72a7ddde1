"""Come back with the code: read what was answered, write more.

The code travels in the bodies of forms only: in an address the browser would remember it, and in a cookie
it would stay after the page. A code that opens nothing gets one answer, after the same work and the same
time, whatever is wrong with it.
"""

from contextlib import suppress

from flask import Response, request
from werkzeug.wrappers import Response as Answer

from hotline.channels.web.body import Sent, read_form
from hotline.channels.web.desk import Desk, desk
from hotline.channels.web.door import away, is_leaving, web
from hotline.channels.web.pages import best_locale, day_in, named, offered, show
from hotline.channels.web.returning import Conversation, mark_read, open_conversation
from hotline.channels.web.slip import mark_of, new_slip
from hotline.channels.web.typed_code import Fault, fault_of
from hotline.domain.report import Channel, IncomingMessage
from hotline.errors import Unavailable
from hotline.parts import here
from hotline.vault.codes import parse
from hotline.vault.reporters import ReporterKey, find_reporter

_BUSY = Fault("busy")


@web.get("/<locale>/again")
def again(locale: str) -> Response:
    """Ask for the code."""
    return show("again_code", named(locale), typed="", fault=None, sent=Sent(), slip="")


@web.post("/<locale>/again")
def come_back(locale: str) -> Answer:
    """Keep what more was written, and show what the code opens."""
    sent = read_form(request)
    chosen = offered(locale) or best_locale()
    if is_leaving() and not sent.text("more"):
        return away()
    key = _key_of(sent.text("code"))
    if isinstance(key, Fault):
        return _ask_again(chosen, sent, key)
    problem = _keep_more(sent, key, chosen) if sent.text("more") else ""
    if not sent.text("word"):
        return _conversation(chosen, sent, _read(key, ""), problem)
    conversation = _read_with_word(key, sent.text("word"))
    if conversation is None:
        return _ask_again(chosen, sent, _BUSY)
    return _conversation(
        chosen, sent, conversation, problem or ("" if conversation.is_whole else "word")
    )


def _key_of(typed: str) -> ReporterKey | Fault:
    """Return the key of a code that opens something, or what is wrong: as slowly whatever it is."""
    brake = desk().brake
    with brake.turn() as begun:
        if begun is None:
            return _BUSY
        key = here().codes.derive(parse(typed))
        with here().store.read() as session:
            is_known = find_reporter(session, key.lookup) is not None
    if is_known:
        return key
    return fault_of(typed) if brake.wait_out(begun) else _BUSY


def _keep_more(sent: Sent, key: ReporterKey, locale: str) -> str:
    """Keep what more was written, once; return the name of what went wrong, or nothing."""
    mark = mark_of(desk().secret, sent, key.lookup)
    if mark and desk().sent.recall(mark) is not None:
        return ""
    message = IncomingMessage(
        channel=Channel.WEB, text=sent.text("more"), locale=locale, locale_is_chosen=True
    )
    try:
        here().reception.again(message, key, at=here().clock())
    except Unavailable:
        return "full"
    desk().sent.remember(mark)
    return ""


def _read_with_word(key: ReporterKey, word: str) -> Conversation | None:
    """Open what *key* and *word* open; None where too many try words.

    People choose words that can be guessed: whoever found a code must not try a dictionary of them.
    """
    brake = desk().words
    with brake.turn() as begun:
        if begun is None:
            return None
        conversation = _read(key, word)
        if not conversation.is_whole:
            brake.wait_out(begun)
        return conversation


def _read(key: ReporterKey, word: str) -> Conversation:
    """Open what *key* opens, and remember that it was read."""
    memory: Desk = desk()
    with here().store.read() as session:
        found = open_conversation(
            session, key, word=word, also_after=memory.read.recall(key.lookup)
        )
    if found is None:
        return Conversation("", (), is_whole=False)
    if found.first_new is not None:
        memory.read.remember(key.lookup, found.first_new - 1)
        # An answer that stays new is read twice, which harms less than one that is not read.
        with suppress(Unavailable):
            here().store.write(lambda session: mark_read(session, found))
    return found


def _ask_again(locale: str, sent: Sent, fault: Fault) -> Response:
    status = 503 if fault is _BUSY else 422
    slip = sent.text("slip") or new_slip()
    typed = sent.text("code")[:400]
    return show("again_code", locale, status=status, typed=typed, fault=fault, sent=sent, slip=slip)


def _conversation(locale: str, sent: Sent, found: Conversation, problem: str) -> Response:
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
    return show(
        "again",
        locale,
        status=503 if is_refused else 200,
        said=said,
        has_new=found.first_new is not None,
        is_whole=found.is_whole,
        is_kept=bool(sent.text("more")) and not is_refused,
        is_cut=sent.is_cut,
        problem=problem,
        code=sent.text("code"),
        more=sent.text("more") if is_refused else "",
        slip=sent.text("slip") if is_refused else new_slip(),
    )
