"""Take down what someone says on the telephone, at the door, or on paper; then hand over the code."""

from contextlib import suppress

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.console.acting import act_on
from hotline.console.rooms import room
from hotline.console.showing import show
from hotline.dialogue import form as questions
from hotline.domain.report import Channel, IncomingMessage
from hotline.domain.staff import Right
from hotline.errors import HotlineError
from hotline.i18n import SOURCE
from hotline.parts import here
from hotline.vault.codes import mint

taking = room("taking", Right.REPLY)

CHANNELS = (Channel.CALL, Channel.WALK_IN, Channel.PAPER)
_LONGEST = {"account": 20_000, "place": 200, "number": 40, "hours": 200, "word": 100}


@taking.get("/new")
def ask() -> Response:
    return _form()


@taking.post("/new")
def take_down() -> AnyResponse:
    """Keep the account as any other; the code that opens its answers is shown this once."""
    if not _typed("account"):
        return _form(status=422, fault="empty")
    hotline, code = here(), mint()
    receipt = hotline.reception.receive(_message(), at=g.at, reporter=hotline.codes.derive(code))
    # The code is shown this once: whatever hinders the claim, the page must come.
    with suppress(HotlineError):
        act_on(triage.claim, receipt.report_id)
    return show(
        "console/code.html",
        report_id=receipt.report_id,
        digits=code.digits.split(),
        words=code.words.split(),
    )


def _form(*, status: int = 200, fault: str = "") -> Response:
    return show(
        "console/new.html",
        status=status,
        fault=fault,
        typed=_typed,
        chosen=request.form.getlist,
        channels=CHANNELS,
        questions=questions,
        offered=here().languages.offered,
    )


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()[: _LONGEST.get(name, 40)]


def _message() -> IncomingMessage:
    """Read the form: choices as codes, and whatever was typed as identity until it is redacted."""
    channel = request.form.get("channel", "")
    locale = here().languages.best([_typed("language")]) or SOURCE
    contact = {name: _typed(name) for name in ("place", "number", "hours", "word") if _typed(name)}
    how = request.form.get("how", "")
    return IncomingMessage(
        channel=Channel(channel) if channel in CHANNELS else Channel.CALL,
        text=_typed("account"),
        locale=locale,
        answers=questions.answers(request.form.getlist),
        contact={**contact, "how": how if how in questions.HOW else "here"},
        locale_is_chosen=True,
    )
