"""Write: one page, one sending, and the code to come back with."""

from collections.abc import Sequence

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from hotline.channels.web.body import Sent, read_form
from hotline.channels.web.desk import desk
from hotline.channels.web.door import is_leaving, web
from hotline.channels.web.pages import best_locale, named, offered, show
from hotline.channels.web.slip import code_for, new_slip
from hotline.dialogue.form import HOW, answers
from hotline.domain.report import Channel, IncomingMessage
from hotline.errors import Conflict, Unavailable
from hotline.parts import here
from hotline.vault.attachments import HeldFile
from hotline.vault.codes import ReturnCode
from hotline.vault.reporters import ReporterKey, find_reporter

_TYPED = ("place", "number", "hours", "word")


@web.get("/<locale>/new")
def new(locale: str) -> Response:
    """Show the form, blank."""
    return _form(named(locale), Sent())


@web.post("/<locale>/new")
def write(locale: str) -> Answer:
    """Keep what was written and show its code; an unknown locale is answered in the best one."""
    sent = read_form(request)
    message = read_message(sent, offered(locale))
    if not says_anything(message):
        return _form(message.locale, sent, problem="empty")
    code = code_for(desk().secret, sent)
    key = here().codes.derive(code)
    try:
        if _is_late(key):
            return redirect(url_for("web.home", locale=message.locale), 303)
        desk().sent.remember(key.lookup)
        left_out = keep_once(message, key, sent.files)
    except Unavailable:
        return _form(message.locale, sent, problem="full")
    return _code(message.locale, sent, code, has_no_room=left_out > 0)


def read_message(sent: Sent, chosen: str | None) -> IncomingMessage:
    """Return what was *sent* as a message; what was typed outside the account is identity, choices are codes."""
    contact = {name: sent.text(name) for name in _TYPED if sent.text(name)}
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
    )


def says_anything(message: IncomingMessage) -> bool:
    """Tell whether there is anything to keep; a way to answer alone is not, a single choice is."""
    typed = any(message.contact.get(name) for name in _TYPED)
    return bool(message.text or message.answers or message.media or typed)


def keep_once(message: IncomingMessage, key: ReporterKey, files: Sequence[HeldFile] = ()) -> int:
    """Keep *message* unless its code tells that it is kept; return how many of its files found no room.

    Raises:
        Unavailable: it could not be kept.
    """
    if _is_kept(key):
        return 0
    try:
        receipt = here().reception.receive(message, at=here().clock(), reporter=key, files=files)
    except (Conflict, Unavailable):
        # The same form may have been sent twice at the same moment.
        if not _is_kept(key):
            raise Unavailable from None
        return 0
    return receipt.files_left_out


def _is_late(key: ReporterKey) -> bool:
    """Tell whether a form that is kept already comes once more by the Back key, and not from a slow network."""
    return (is_leaving() or desk().sent.recall(key.lookup) is None) and _is_kept(key)


def _is_kept(key: ReporterKey) -> bool:
    with here().store.read() as session:
        return find_reporter(session, key.lookup) is not None


def _form(locale: str, sent: Sent, *, problem: str = "") -> Response:
    slip = sent.text("slip") or new_slip()
    status = {"empty": 422, "full": 503}.get(problem, 200)
    return show("new", locale, status=status, form=sent, slip=slip, problem=problem)


def _code(locale: str, sent: Sent, code: ReturnCode, *, has_no_room: bool) -> Response:
    return show(
        "code",
        locale,
        digits=code.digits.split(),
        words=code.words.split(),
        is_for_later=bool(sent.text("keep")),
        files_left_out=sent.files_left_out,
        has_no_room=has_no_room,
        is_cut=sent.is_cut,
    )
