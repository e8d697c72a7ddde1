"""Hear a recording: written down before it opens, played piece by piece, and typed by whoever listens.

Nothing plays by itself. The page needs no script: a browser's own player asks for the pieces that it needs, and only
the chunks that hold them are opened.
"""

from flask import Response, g, request
from werkzeug.datastructures import ContentRange
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.revealing import approved_for, ask_for_words, files_asked_for, require_here
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.sounds import can_be_heard, played_as
from hotline.domain.staff import Right
from hotline.errors import NotFound
from hotline.pages import CONTENT_SECURITY_POLICY, with_headers
from hotline.parts import here
from hotline.triage import heard
from hotline.vault.listening import Hearing, TicketOver, by_ticket, ticket
from hotline.vault.revealing import RevealRefused

listening = room("listening", Right.REVEAL)
listening.register_error_handler(RevealRefused, ask_for_words)


@listening.post("/report/<report_id>/listen")
def listen(report_id: str) -> Response:
    """Write down the look, and show the recording: it stays open for a while, and its player fetches it itself."""
    number = request.form.get("file", -1, type=int)
    # What a colleague approved ends, and with it what is heard by it.
    until = approved_for(report_id).ends_at if "request" in request.form else None
    _, files = files_asked_for(report_id)
    file = next((one for one in files if one.head.number == number), None)
    if file is None or not can_be_heard(file.head.kind):
        raise NotFound(ref=report_id)
    file.check(here().store)
    return _page(report_id, ticket(g.keyholder, file, report_id, at=g.at, until=until))


@listening.get("/report/<report_id>/recording/<key>")
def play(report_id: str, key: str) -> AnyResponse:
    """Answer with the bytes that a player asks for, and open no more than those."""
    file = _hearing(report_id, key).file
    size = file.head.size
    start, stop = _wanted(size)
    if start >= stop and size:
        response = Response(status=416)
        response.headers["Content-Range"] = f"bytes */{size}"
        return with_headers(response)
    pieces = file.open_range(here().store, start, stop)
    response = Response(pieces, mimetype=played_as(file.head.kind))
    response.headers["Content-Length"] = str(stop - start)
    response.headers["Accept-Ranges"] = "bytes"
    if "Range" in request.headers:
        response.status_code = 206
        response.content_range = ContentRange("bytes", start, stop, size)
    return with_headers(response)


@listening.post("/report/<report_id>/heard")
def keep_what_was_said(report_id: str) -> AnyResponse:
    """Keep what the listener typed as the caller's words; without words the page comes again.

    So it does, with the words, where the time to listen was over before they were typed: none of them is lost.
    """
    hotline, me = here(), g.keyholder
    text, key = request.form.get("said", ""), request.form.get("key", "")
    try:
        hearing = _hearing(report_id, key)
    except TicketOver:
        return _shown(report_id, status=403, fault="over", said=text[: heard.LONGEST])
    if not text.strip():
        return _page(report_id, key, status=422, fault="empty")
    kept = heard.take_down(
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
    return _shown(report_id, _hearing(report_id, key), key, status=status, fault=fault)


def _shown(
    report_id: str,
    hearing: Hearing | None = None,
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
        longest=heard.LONGEST,
        fault=fault,
        said=said,
    )
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; media-src 'self'"
    return response


def _hearing(report_id: str, key: str) -> Hearing:
    require_here(report_id)
    with here().store.read() as session:
        return by_ticket(session, g.keyholder, report_id, key, at=g.at)


def _wanted(size: int) -> tuple[int, int]:
    """Return from where to where the player asks; the same twice where it asks for nothing that there is."""
    if "Range" not in request.headers:
        return 0, size
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return 0, 0
    start, stop = asked.ranges[0]
    if start < 0:
        return max(0, size + start), size
    return start, size if stop is None else min(stop, size)
