"""Hear a recording: written down before it opens, played piece by piece, and typed by whoever listens.

Nothing plays by itself. The page needs no script: a browser's own player asks for the pieces that it needs, and only
the chunks that hold them are opened.
"""

from flask import Response, g, request
from werkzeug.datastructures import ContentRange
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.numbers import number_in
from hotline.console.revealing import ask_for_words, files_asked_for, require_here
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.sounds import can_be_heard, played_as
from hotline.domain.staff import Right
from hotline.errors import Malformed, NotFound
from hotline.pages import CONTENT_SECURITY_POLICY, with_headers
from hotline.parts import here
from hotline.triage import heard
from hotline.vault.listening import by_ticket, ticket
from hotline.vault.opening_files import OpenFile
from hotline.vault.revealing import RevealRefused

listening = room("listening", Right.REVEAL)
listening.register_error_handler(RevealRefused, ask_for_words)


@listening.post("/report/<report_id>/listen")
def listen(report_id: str) -> Response:
    """Write down the look, and show the recording: it stays open for two hours, and its player fetches it itself."""
    number = request.form.get("file", -1, type=int)
    seq, files = files_asked_for(report_id)
    file = next((one for one in files if one.head.number == number), None)
    if file is None or not can_be_heard(file.head.kind):
        raise NotFound(ref=report_id)
    file.check(here().store)
    return _page(report_id, seq, file, ticket(g.keyholder, file, report_id, at=g.at))


@listening.get("/report/<report_id>/recording/<key>")
def play(report_id: str, key: str) -> AnyResponse:
    """Answer with the bytes that a player asks for, and open no more than those."""
    file = _file(report_id, key)
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
    """Keep what the listener typed as the caller's words; without words the page comes again."""
    hotline, me, text = here(), g.keyholder, request.form.get("said", "")
    seq = number_in(request.form, "seq")
    if seq is None:
        raise Malformed(ref=report_id)
    if not text.strip():
        key = request.form.get("key", "")
        return _page(report_id, seq, _file(report_id, key), key, status=422)
    kept = heard.take_down(
        hotline.store,
        hotline.reception,
        report_id,
        seq,
        text,
        desk=me.desk,
        by=me.staff_id,
        at=g.at,
    )
    return go("report.show_report", report_id=report_id, _anchor=f"message-{kept}")


def _page(report_id: str, seq: int, file: OpenFile, key: str, *, status: int = 200) -> Response:
    response = show(
        "console/listening.html",
        status=status,
        report_id=report_id,
        seq=seq,
        kind=played_as(file.head.kind),
        key=key,
        longest=heard.LONGEST,
        is_empty=status != 200,
    )
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; media-src 'self'"
    return response


def _file(report_id: str, key: str) -> OpenFile:
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
