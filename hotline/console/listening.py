"""Hear a recording: written down before it opens, played piece by piece, and typed by whoever listens.

Nothing plays by itself. The page needs no script: a browser's own player asks for the pieces that it needs, and only
the chunks that hold them are opened.
"""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.kinds import can_be_heard, played_as
from hotline.console.looking import may_play, ticketed
from hotline.console.revealing import approved_for, ask_for_words, files_asked_for, warn_of
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.errors import NotFound
from hotline.parts import here
from hotline.triage import taking_down
from hotline.vault.revealing import RevealRefused
from hotline.vault.tickets import Ticketed, TicketOver, ticket

listening = room("listening", Right.REVEAL)
listening.register_error_handler(RevealRefused, ask_for_words)


@listening.post("/report/<report_id>/listen")
def listen(report_id: str) -> Response:
    """Write down the look, and show the recording: it stays open for a while, and its player fetches it itself."""
    number = request.form.get("file", -1, type=int)
    # What a colleague approved ends, and with it what is heard by it.
    until = approved_for(report_id).ends_at if "request" in request.form else None
    seq, files = files_asked_for(report_id)
    file = next((one for one in files if one.head.number == number), None)
    if file is None or not can_be_heard(file.head.kind):
        raise NotFound(ref=report_id)
    found = here().looks.check(file, report_id, seq, by=g.keyholder, at=g.at)
    if found.is_harmful:
        return warn_of(report_id, file, found)
    return _page(report_id, ticket(g.keyholder, file, report_id, at=g.at, until=until))


@listening.post("/report/<report_id>/heard")
def keep_what_was_said(report_id: str) -> AnyResponse:
    """Keep what the listener typed as the caller's words; without words the page comes again.

    So it does, with the words, where the time to listen was over before they were typed: none of them is lost.
    """
    hotline, me = here(), g.keyholder
    text, key = request.form.get("said", ""), request.form.get("key", "")
    try:
        hearing = ticketed(report_id, key)
    except TicketOver:
        return _shown(report_id, status=403, fault="over", said=text[: taking_down.LONGEST])
    if not text.strip():
        return _page(report_id, key, status=422, fault="empty")
    kept = taking_down.what_was_said(
        hotline.store,
        hotline.reception,
        hearing,
        text,
        desk=me.desk,
        by=me.staff_id,
        at=g.at,
    )
    return go("report.show_report", report_id=report_id, _anchor=f"message-{kept}")


def _page(report_id: str, key: str, *, status: int = 200, fault: str = "") -> Response:
    return _shown(report_id, ticketed(report_id, key), key, status=status, fault=fault)


def _shown(
    report_id: str,
    hearing: Ticketed | None = None,
    key: str = "",
    *,
    status: int,
    fault: str,
    said: str = "",
) -> Response:
    response = show(
        "console/listening.html",
        status=status,
        report_id=report_id,
        hearing=hearing,
        kind=played_as(hearing.file.head.kind) if hearing else "",
        key=key,
        longest=taking_down.LONGEST,
        fault=fault,
        said=said,
    )
    return may_play(response)
