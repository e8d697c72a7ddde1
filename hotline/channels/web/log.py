"""The log as outsiders see it: how it stood at the last fixed time, signed, and that it only grew until then.

It tells how many acts there were an hour, and nothing else. What nobody has signed yet is not told: the size at
this moment would show at what minute staff act.
"""

import re

from flask import Response, abort, jsonify, request

from hotline import audit
from hotline.audit import Kept
from hotline.audit.tiles import WIDTH, TileMissing, tile_of
from hotline.channels.web.door import web
from hotline.channels.web.pages import best_locale, show
from hotline.parts import here
from hotline.vault.logkey import LogVerifier

_SIZE = re.compile("[1-9][0-9]{0,9}")
_PLACE = re.compile(
    r"((?:x[0-9]{3}/){0,2}[0-9]{3})(?:\.p/([1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
)
_TEXT = "text/plain; charset=utf-8"


@web.get("/log/")
def log() -> Response:
    """Say what the log is and how to hold the house to it."""
    newest = _newest()
    return show(
        "log",
        best_locale(),
        checkpoint=newest.note if newest else "",
        key=_key().text,
        minutes=here().config.checkpoint_minutes,
    )


@web.get("/log/checkpoint")
def checkpoint() -> Response:
    newest = _newest() or abort(404)
    return Response(newest.note, content_type=_TEXT)


@web.get("/log/key")
def key() -> Response:
    """Return the key as tools for signed notes take it."""
    return Response(_key().text + "\n", content_type=_TEXT)


@web.get("/log/proof")
def proof() -> Response:
    """Return the proof that the log of *to* entries begins with the log of *from* entries."""
    old, new = _size("from"), _size("to")
    newest = _newest()
    if newest is None or not old <= new <= newest.size:
        abort(404)
    with here().store.read() as session:
        path = audit.consistency(session, old, new)
    return jsonify({"from": old, "to": new, "path": [one.hex() for one in path]})


@web.get("/log/tile/<int:level>/<path:place>")
def tile(level: int, place: str) -> Response:
    """Return a tile of hashes at the address that C2SP's tlog-tiles gives it: ``x001/x234/067`` or ``000.p/7``."""
    number, width = _place(place)
    newest = _newest()
    if newest is None or level > 3 or not _is_signed(level, number, width, newest.size):
        abort(404)
    with here().store.read() as session:
        try:
            hashes = tile_of(session, level, number)
        except TileMissing:
            abort(404)
    return Response(hashes[: width * 32], content_type="application/octet-stream")


def _newest() -> Kept | None:
    with here().store.read() as session:
        return audit.newest_checkpoint(session)


def _key() -> LogVerifier:
    return LogVerifier(here().config.log_name, here().log_key.public)


def _size(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if _SIZE.fullmatch(text) else abort(400)


def _place(place: str) -> tuple[int, int]:
    """Read ``x001/x234/067.p/112`` as number and width; a whole tile is 256 wide."""
    found = _PLACE.fullmatch(place) or abort(404)
    number = int(found[1].replace("x", "").replace("/", ""))
    return number, int(found[2] or WIDTH)


def _is_signed(level: int, number: int, width: int, size: int) -> bool:
    """Tell whether every hash of that tile belongs to the *size* entries that were signed."""
    hashes = size >> 8 * level
    return number * WIDTH + width <= hashes
