"""Look at the clean copy of a file: made the first time somebody asks for it, and only opened from then on.

The page shows nothing before it is unfolded, plays nothing by itself, and asks no one else for anything. What it shows
is fetched from here with a ticket, which is worth nothing to anybody else.
"""

from datetime import datetime, timedelta

from flask import Response, g, request
from werkzeug.datastructures import ContentRange
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.files import copy_among, what_it_says
from hotline.console.kinds import Way, may_be_fetched, played_as, way_of
from hotline.console.revealing import (
    approved_for,
    ask_for_words,
    asked_again,
    closing,
    files_asked_for,
    require_here,
)
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.errors import NotFound
from hotline.pages import CONTENT_SECURITY_POLICY, with_headers
from hotline.parts import here
from hotline.triage import taking_down
from hotline.triage.looking import AGAIN
from hotline.vault.copies import open_copy
from hotline.vault.found import Found
from hotline.vault.opening_files import OpenFile
from hotline.vault.revealing import RevealRefused
from hotline.vault.tickets import LONGEST, Ticketed, by_ticket, ticket

looking = room("looking", Right.REVEAL)
looking.register_error_handler(RevealRefused, ask_for_words)

SHOWN = timedelta(minutes=15)
"""For so long a page stays, unless something plays on it: that may take as long as a ticket is good."""

MOST_WORDS = 64 * 1024
"""Bytes of a copy's words that stand in the page; who needs more saves the copy."""


@looking.post("/report/<report_id>/look")
def look(report_id: str) -> Response:
    """Write down the look, make the clean copy if there is none, and show it, or say why there is none."""
    number = request.form.get("file", -1, type=int)
    # What a colleague approved ends, and with it what is seen by it.
    until = approved_for(report_id).ends_at if "request" in request.form else None
    seq, files = files_asked_for(report_id)
    file = next((one for one in files if one.head.number == number), None)
    if file is None or file.head.copy_of:
        raise NotFound(ref=report_id)
    copy, found = _looked_at(report_id, seq, file, copy_among(files, number))
    return _page(report_id, seq, file, copy, found, until)


@looking.get("/report/<report_id>/file/<key>")
def fetch(report_id: str, key: str) -> AnyResponse:
    """Answer with the bytes that a page asks for, and open no more than those."""
    file = ticketed(report_id, key).file
    if not may_be_fetched(file):
        raise NotFound(ref=report_id)
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


@looking.post("/report/<report_id>/file-says")
def keep_what_it_says(report_id: str) -> AnyResponse:
    """Keep what a file says of itself as words of its message: redacted, assessed and sealed like any."""
    hotline, me = here(), g.keyholder
    source = ticketed(report_id, request.form.get("key", ""))
    kept = taking_down.what_a_file_says(
        hotline.store,
        hotline.reception,
        source,
        what_it_says(source.file.found, is_shown=False),
        desk=me.desk,
        by=me.staff_id,
        at=g.at,
    )
    return go("report.show_report", report_id=report_id, _anchor=f"message-{kept}")


def ticketed(report_id: str, key: str) -> Ticketed:
    """Return what the reader's ticket *key* opens, of a report of this desk."""
    require_here(report_id)
    with here().store.read() as session:
        return by_ticket(session, g.keyholder, report_id, key, at=g.at)


def may_play(response: Response) -> Response:
    """Let the page play what comes from here."""
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; media-src 'self'"
    return response


def _looked_at(
    report_id: str, seq: int, file: OpenFile, copy: OpenFile | None
) -> tuple[OpenFile | None, Found]:
    looks, by, at = here().looks, g.keyholder, g.at
    its = file.found
    if its.made or (its.why and its.why not in AGAIN):
        found = looks.check(file, report_id, seq, by=by, at=at)
    else:
        found = looks.first(file, report_id, seq, by=by, at=at)
    if copy is None:
        with here().store.read() as session:
            copy = open_copy(session, file, report_id, seq)
    if copy is not None:
        copy.check(here().store)
    return copy, found


def _page(
    report_id: str,
    seq: int,
    file: OpenFile,
    copy: OpenFile | None,
    found: Found,
    until: datetime | None,
) -> Response:
    says = what_it_says(found)
    key = ticket(g.keyholder, copy, report_id, at=g.at, until=until) if copy else ""
    kept_by = ticket(g.keyholder, file, report_id, at=g.at, until=until) if says else ""
    way = way_of(copy.head.kind) if copy else Way.SAVED
    longest = LONGEST if way in (Way.SOUND, Way.FILM) else SHOWN
    left = min(longest, until - g.at) if until else longest
    seconds = max(1, int(left.total_seconds()))
    response = show(
        "console/looking.html",
        report_id=report_id,
        seq=seq,
        file=file,
        copy=copy,
        found=found,
        says=says,
        key=key,
        kept_by=kept_by,
        kind=played_as(copy.head.kind) if copy else "",
        way=way,
        words=_words_of(copy) if copy and way is Way.WORDS else "",
        is_cut=copy is not None and copy.head.size > MOST_WORDS,
        form=asked_again(),
        again=found.why in AGAIN,
        minutes=max(1, seconds // 60),
        seconds=seconds,
    )
    return may_play(closing(response, report_id, seconds))


def _words_of(copy: OpenFile) -> str:
    """Return how the words of a copy begin. It is a text of ours: only where it is cut a character may be broken."""
    pieces = copy.open_range(here().store, 0, min(copy.head.size, MOST_WORDS))
    return b"".join(pieces).decode("utf-8", "ignore").strip()


def _wanted(size: int) -> tuple[int, int]:
    """Return from where to where a page asks; the same twice where it asks for nothing that there is."""
    if "Range" not in request.headers:
        return 0, size
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return 0, 0
    start, stop = asked.ranges[0]
    if start < 0:
        return max(0, size + start), size
    return start, size if stop is None else min(stop, size)
