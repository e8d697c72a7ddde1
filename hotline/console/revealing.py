"""Reveal who stands behind a message: what and why are asked in place and written down, and then it opens.

On a desk with four eyes a reveal is a question to a colleague first; what saves a life stands in `urgent`. Nothing of
what opens stands in an address, and the page closes by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, g, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.console.files import Listed, listed
from hotline.console.kinds import saved_as
from hotline.console.numbers import number_in
from hotline.console.report import report_page
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.errors import Malformed, NotFound
from hotline.pages import with_headers
from hotline.parts import here
from hotline.triage import revealing as looks
from hotline.triage.revealing import Look, SecondNeeded
from hotline.vault.contents import Identity
from hotline.vault.found import Found
from hotline.vault.opening_files import OpenFile
from hotline.vault.requests import NotGranted, Request, of_requester
from hotline.vault.revealing import ATTACHMENTS, RevealRefused

revealing = room("revealing", Right.REVEAL)

SECONDS_OPEN = 60


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """What a page shows of who someone is, for as long as a look takes; *form* asks for the same again."""

    seq: int
    field: str
    identity: Identity
    form: Mapping[str, str]
    files: Sequence[Listed] = ()
    seconds: int = SECONDS_OPEN


@revealing.post("/report/<report_id>/reveal")
def show_identity(report_id: str) -> AnyResponse:
    """Open one field of one message, or ask a colleague to approve that."""
    asked = asked_for(report_id)
    try:
        opened = open_asked(asked)
    except SecondNeeded:
        return ask_a_colleague(asked)
    return _show(report_id, opened)


@revealing.post("/report/<report_id>/reveal/granted")
def show_granted(report_id: str) -> AnyResponse:
    """Open what a colleague approved."""
    return _show(report_id, open_granted(approved_for(report_id)))


@revealing.post("/report/<report_id>/attachment")
def hand_out(report_id: str) -> AnyResponse:
    """Hand out one attachment to be kept by the browser as a file; each is a look of its own in the audit."""
    number = request.form.get("file", -1, type=int)
    hotline = here()
    seq, files = files_asked_for(report_id)
    file = next((one for one in files if one.head.number == number), None)
    if file is None:
        raise NotFound(ref=report_id)
    # A file that is not whole is refused on a page that says so, before anything of it leaves. One that breaks
    # later ends short of its length, which a browser reports as a download that failed.
    found = hotline.looks.check(file, report_id, seq, by=g.keyholder, at=g.at)
    if found.is_harmful and request.form.get("sure") != "1":
        return warn_of(report_id, file, found)
    response = Response(file.pieces(hotline.store), mimetype="application/octet-stream")
    response.headers["Content-Length"] = str(file.head.size)
    response.headers["Content-Disposition"] = f'attachment; filename="{saved_as(file)}"'
    return with_headers(response)


def warn_of(report_id: str, file: OpenFile, found: Found) -> Response:
    """Show what the scanner found in a file, and hand out nothing before that was read."""
    response = show(
        "console/harmful.html",
        status=409,
        report_id=report_id,
        number=file.head.number,
        threat=found.threat,
        form=asked_again(),
    )
    return closing(response, report_id, SECONDS_OPEN)


def asked_again() -> dict[str, str]:
    """Return what a form sends to ask for the same again."""
    names = ("request",) if "request" in request.form else ("what", "purpose", "why")
    return {name: request.form.get(name, "") for name in names}


@revealing.errorhandler(RevealRefused)
def ask_for_words(_error: RevealRefused) -> Response:
    """Show the report again, with the question why: nothing opened and nothing was written down."""
    report_id = str((request.view_args or {})["report_id"])
    return report_page(report_id, status=422, fault="why_reveal")


def open_asked(asked: Look) -> Opened:
    """Write down what the form asks for, and open it.

    Raises:
        SecondNeeded: a colleague must approve it first; nothing was written down.
    """
    hotline = here()
    form = asked_again()
    if asked.field == ATTACHMENTS:
        files = listed(asked.report_id, files_asked_for(asked.report_id)[1])
        return Opened(asked.seq, ATTACHMENTS, Identity(""), form, files)
    identity = looks.reveal(hotline.store, g.keyholder, hotline.keyring, asked, at=g.at)
    return Opened(asked.seq, asked.field, identity, form)


def open_granted(granted: Request) -> Opened:
    """Write down that what a colleague approved is looked at, and open it."""
    hotline = here()
    form = asked_again()
    if granted.field == ATTACHMENTS:
        opened = files_asked_for(granted.report_id)[1]
        files = listed(granted.report_id, opened, until=granted.ends_at)
        return Opened(granted.seq, ATTACHMENTS, Identity(""), form, files)
    identity = looks.open_granted(
        hotline.store, g.keyholder, hotline.keyring, request_id=granted.id, at=g.at
    )
    return Opened(granted.seq, granted.field, identity, form)


def _show(report_id: str, opened: Opened) -> AnyResponse:
    return closing(report_page(report_id, shown=opened), report_id, opened.seconds)


def closing(response: Response, report_id: str, seconds: int) -> Response:
    """Let the browser leave the page by itself, for one on which nothing is open."""
    response.headers["Refresh"] = f"{seconds}; url=/console/report/{report_id}"
    return response


def asked_for(report_id: str) -> Look:
    """Return what the form asks for, of a report of this desk.

    Raises:
        Malformed: it names no message, or no such field or purpose.
        NotFound: this desk has no such report.
    """
    number, _, field = request.form.get("what", "").partition(" ")
    seq = number_in(MultiDict({"seq": number}), "seq")
    if seq is None:
        raise Malformed(ref=report_id)
    require_here(report_id)
    purpose, why = request.form.get("purpose", ""), request.form.get("why", "")
    return Look(report_id, seq, field, purpose, why)


def require_here(report_id: str) -> None:
    """Do nothing when the report is of this desk, else raise `NotFound`: then nothing is written down of it."""
    with here().store.read() as session:
        triage.report_facts(session, report_id, desk=g.keyholder.desk)


def ask_a_colleague(asked: Look) -> AnyResponse:
    hotline, me, at = here(), g.keyholder, g.at
    hotline.store.write(lambda session: looks.ask(session, me, hotline.keyring, asked, at=at))
    return go("report.show_report", report_id=asked.report_id, _anchor="identity")


def approved_for(report_id: str) -> Request:
    """Return the request that the form names, if it is the reader's own and of this report."""
    with here().store.read() as session:
        mine = of_requester(session, g.keyholder, report_id, at=g.at)
    found = next((one for one in mine if one.id == request.form.get("request", "")), None)
    if found is None:
        raise NotGranted(ref=report_id)
    return found


def files_asked_for(report_id: str) -> tuple[int, list[OpenFile]]:
    """Write down and open the files that the form asks for: at once, or by what a colleague approved.

    Return them with the number of their message.
    """
    hotline = here()
    if "request" in request.form:
        granted = approved_for(report_id)
        files = looks.open_granted_files(
            hotline.store, g.keyholder, hotline.keyring, request_id=granted.id, at=g.at
        )
        return granted.seq, files
    asked = asked_for(report_id)
    files = looks.reveal_files(hotline.store, g.keyholder, hotline.keyring, asked, at=g.at)
    return asked.seq, files
