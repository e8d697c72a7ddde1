"""Write: one page and one sending, looked over or saved first by whoever wants to, and the code to come back with."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from hotline.channels.web import nearby, saving
from hotline.channels.web.body import Sent, read_form
from hotline.channels.web.desk import desk
from hotline.channels.web.dialling import whom_to_dial
from hotline.channels.web.door import away, has_just_left, is_leaving, web
from hotline.channels.web.nearby import Numbers
from hotline.channels.web.pages import best_locale, named, offered, show, when_read
from hotline.channels.web.proof import proof_of
from hotline.channels.web.puzzle import Puzzle, new_puzzle
from hotline.channels.web.saving import Resumed
from hotline.channels.web.slip import code_for, mark_of, new_slip
from hotline.dialogue.form import HOW, NOT_TO, TYPED, answers
from hotline.domain.numbers import phone_number
from hotline.domain.report import Channel, IncomingMessage, Receipt
from hotline.errors import Conflict, NotFound, Unavailable
from hotline.pages import is_from_elsewhere
from hotline.parts import here
from hotline.vault.attachments import HeldFile
from hotline.vault.codes import ReturnCode
from hotline.vault.drafts import Locked
from hotline.vault.reporters import ReporterKey, find_reporter

LOOK_OVER, CHANGE, SAVE, THROW_AWAY = "look", "change", "save", "throw"
"""What the form is sent for, where it is not to be kept: Enter in a field sends it."""


@web.get("/<locale>/new")
def new(locale: str) -> Response:
    """Show the form, blank."""
    return form_page(named(locale), Sent())


@web.post("/<locale>/new")
def write(locale: str) -> Answer:
    """Keep what was written and show its code; an unknown locale is answered in the best one."""
    sent = read_form(request)
    if is_from_elsewhere():
        sent = _unplanted(sent)
        if "Sec-Fetch-Site" in request.headers:
            return form_page(offered(locale) or best_locale(), sent)
    message = read_message(sent, offered(locale))
    # It stands in the address and so comes first: what breaks off was not sent by that.
    act = request.args.get("act", "")
    if act in (CHANGE, LOOK_OVER) and has_just_left():
        return away()
    if act == CHANGE:
        return form_page(message.locale, sent)
    is_something = says_anything(message) or (act == LOOK_OVER and _had_files(sent))
    if act != THROW_AWAY and not is_something:
        return form_page(message.locale, sent, problem="empty")
    if act == LOOK_OVER:
        return _check(message.locale, sent)
    try:
        return _done(act, message, sent)
    except Unavailable:
        return form_page(message.locale, sent, problem="full")


def _unplanted(sent: Sent) -> Sent:
    """Return the words of a form that another site may have filled in, without what would bind them to somebody's code.

    An old browser may only seem to come from elsewhere, as by another name of ours: its words are kept, and bound to none.
    """
    bound = ("code", "locked", "word", "slip")
    values = {name: given for name, given in sent.values.items() if name not in bound}
    return replace(sent, values=values)


def resume(locale: str, sent: Sent, key: ReporterKey) -> Response | None:
    """Return the form as it was saved under the code of *key*, or ask for its word; None where nothing was saved."""
    word, code = sent.text("word"), sent.text("code")
    try:
        found = saving.opened(key, word)
    except Unavailable:
        return show("draft_word", locale, status=503, code=code, problem="busy")
    if found is None:
        return None
    if isinstance(found, Locked):
        status, problem = (422, "word") if word else (200, "")
        return show("draft_word", locale, status=status, code=code, problem=problem)
    return form_page(locale, _with_more(found, sent.text("more")), code=code, locked=word)


def _with_more(saved: Sent, more: str) -> Sent:
    """Return the form as it was *saved*, with words that were written for an answer to it."""
    if not more:
        return saved
    account = "\n\n".join(filter(None, (saved.text("account"), more)))
    return Sent({**saved.values, "account": (account,)})


def form_page(
    locale: str, sent: Sent, *, problem: str = "", code: str = "", locked: str = ""
) -> Response:
    """Return the form with what was *sent*; *code*, and the word *locked*, under which it was saved."""
    status = {"empty": 422, "full": 503}.get(problem, 200)
    return show(
        "new",
        locale,
        status=status,
        form=sent,
        slip=sent.text("slip") or new_slip(desk().secret, here().clock().timestamp()),
        code=code or sent.text("code"),
        locked=locked or sent.text("locked"),
        problem=problem,
        had_files=_had_files(sent),
        must_tell=here().law.must_tell_of_children(here().clock().date()),
    )


def read_message(sent: Sent, chosen: str | None) -> IncomingMessage:
    """Return what was *sent* as a message; what was typed outside the account is identity, choices are codes."""
    contact = {name: sent.text(name) for name in TYPED if sent.text(name)}
    if sent.text("how") in HOW:
        contact["how"] = sent.text("how")
    return IncomingMessage(
        channel=Channel.WEB,
        text=sent.text("account"),
        locale=chosen or best_locale(),
        locale_is_chosen=chosen is not None,
        answers=answers(sent.all),
        contact=contact,
        media=len(sent.files),
        not_to=sent.text(NOT_TO),
    )


def _had_files(sent: Sent) -> bool:
    """Tell whether files were chosen, also where a script keeps them in the browser until all is sent."""
    return bool(sent.files or sent.files_left_out or sent.text("had_files"))


def says_anything(message: IncomingMessage) -> bool:
    """Tell whether there is anything to keep; a way to answer alone is not, a single choice is."""
    typed = any(message.contact.get(name) for name in TYPED)
    return bool(message.text or message.answers or message.media or message.not_to or typed)


def _done(act: str, message: IncomingMessage, sent: Sent) -> Answer:
    """Do what the form was sent for.

    Raises:
        Unavailable: it could not be done; the form must come back.
    """
    before = saving.resumed(sent)
    if act == THROW_AWAY:
        if before and not before.is_sent:
            saving.throw_away(before)
        return form_page(message.locale, Sent())
    if act == SAVE:
        code = saving.save(sent, before, lambda: code_for(desk().secret, sent))
        return code_page(message.locale, sent, code, is_saved=True)
    if before and before.is_sent:
        return _send_further(message, sent, before)
    return _send(message, sent, before)


def _send(message: IncomingMessage, sent: Sent, before: Resumed | None) -> Answer:
    code = before.code if before else code_for(desk().secret, sent)
    key = before.key if before else here().codes.derive_new(code)
    is_late, mark = _is_late(key), mark_of(desk().secret, sent, key.lookup)
    desk().sent.remember(key.lookup)
    if sent.files and desk().sent.recall(mark) is None and _is_kept(key):
        # The words were kept before, when these files broke off on their way.
        receipt = keep_further(_files_alone(message), key, sent.files)
    else:
        receipt = keep_once(message, key, sent.files)
    desk().sent.remember(mark)
    if is_late:
        return redirect(url_for("web.home", locale=message.locale), 303)
    return code_page(
        message.locale,
        sent,
        code,
        has_no_room=receipt.files_left_out > 0,
        sooner="offered" if receipt.is_aside else "",
        proof="" if sent.text("word") else proof_of(code),
        shown=proof_of(code),
    )


def _files_alone(message: IncomingMessage) -> IncomingMessage:
    """Return *message* without the words that are kept already."""
    return replace(message, text="", answers={}, contact={}, not_to="")


def keep_once(
    message: IncomingMessage, key: ReporterKey, files: Sequence[HeldFile] = ()
) -> Receipt:
    """Keep *message* unless its code tells that it is kept.

    Raises:
        Unavailable: it could not be kept.
    """
    kept = Receipt("", "", is_new_report=False)
    if _is_kept(key):
        return kept
    try:
        return here().reception.receive(message, at=here().clock(), reporter=key, files=files)
    except (Conflict, Unavailable):
        # The same form may have been sent twice at the same moment.
        if not _is_kept(key):
            raise Unavailable from None
        return kept


def _send_further(message: IncomingMessage, sent: Sent, before: Resumed) -> Answer:
    """Keep, once, what was written in a form that had been sent meanwhile."""
    mark, left_out = mark_of(desk().secret, sent, before.key.lookup), 0
    if not mark or desk().sent.recall(mark) is None:
        left_out = keep_further(message, before.key, sent.files).files_left_out
        desk().sent.remember(mark)
    if is_leaving():
        return redirect(url_for("web.home", locale=message.locale), 303)
    return code_page(message.locale, sent, before.code, has_no_room=left_out > 0)


def keep_further(message: IncomingMessage, key: ReporterKey, files: Sequence[HeldFile]) -> Receipt:
    """Keep *message* in the report of *key*; as a new one that has the same code, if that was just erased.

    Raises:
        Unavailable: it could not be kept.
    """
    reception, at = here().reception, here().clock()
    try:
        return reception.again(message, key, at=at, files=files)
    except NotFound:
        return reception.receive(message, at=at, reporter=key, files=files)


def _is_late(key: ReporterKey) -> bool:
    """Tell whether a form that is kept already comes once more by the Back key, and not from a slow network."""
    return (is_leaving() or desk().sent.recall(key.lookup) is None) and _is_kept(key)


def _is_kept(key: ReporterKey) -> bool:
    with here().store.read() as session:
        return find_reporter(session, key.lookup) is not None


def _check(locale: str, sent: Sent) -> Response:
    return show(
        "check",
        locale,
        form=sent,
        slip=sent.text("slip") or new_slip(desk().secret, here().clock().timestamp()),
        had_files=_had_files(sent),
        lacks_number=_lacks_number(sent),
    )


def _lacks_number(sent: Sent) -> bool:
    """Tell whether somebody wants a text or a call, and left no number that can be reached."""
    return sent.text("how") in ("text", "call") and not phone_number(sent.text("number"))


def code_page(
    locale: str,
    sent: Sent,
    code: ReturnCode,
    *,
    is_saved: bool = False,
    has_no_room: bool = False,
    sooner: str = "",
    puzzle: Puzzle | None = None,
    proof: str = "",
    worded: str = "",
    shown: str = "",
    numbers: Numbers | None = None,
) -> Response:
    """Return the page that shows *code*; *sooner* says how far whoever waits in quarantine is with the *puzzle*.

    With a *proof* a code word can be made up on it; *worded* says what came of that. With a proof of any kind, as
    *shown*, numbers to call can be asked for; *numbers* are those that were.
    """
    shown = shown or proof
    return show(
        "code",
        locale,
        digits=code.digits.split(),
        words=code.words.split(),
        code=code.digits,
        word=sent.text("word"),
        is_saved=is_saved,
        had_files=_had_files(sent),
        has_files=bool(sent.files),
        lacks_number=_lacks_number(sent),
        is_in_danger=sent.text("safe") == "no",
        dials=whom_to_dial(locale, sent),
        read_from=when_read(locale),
        sooner=sooner,
        proof=proof,
        worded=worded,
        shown=shown,
        numbers=numbers or (nearby.offered(sent) if shown else None),
        puzzle=puzzle or new_puzzle(desk().secret, code, now=here().clock().timestamp()),
        files_left_out=frozenset() if is_saved else sent.files_left_out,
        has_no_room=has_no_room,
        is_cut=sent.is_cut,
    )
