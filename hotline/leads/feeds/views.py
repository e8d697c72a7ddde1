"""The addresses of the feeds."""

import re
import uuid
from datetime import UTC, datetime
from functools import partial
from typing import NoReturn

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import HTTPException

from hotline.errors import HotlineError, NotFound
from hotline.leads.door import admit_reader, parts, reader
from hotline.leads.feeds import answers, asking, contents
from hotline.leads.feeds.answers import Content
from hotline.leads.feeds.asking import Asked
from hotline.leads.shelving import in_milliseconds

NEWEST = 5000
"""How many leads a MISP feed names: whoever wants older ones reads the feed of a year, or of a month."""

_JSON = "application/feed+json; charset=utf-8"
_CSV = "text/csv; charset=utf-8; header=present"
_MISP = "application/json; charset=utf-8"
_FILTERS = ("before", "since", "limit", "country", "theme")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PERIOD = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2]))?")

feeds = Blueprint("feeds", __name__, url_prefix="/feeds")
feeds.before_request(admit_reader)
feeds.register_error_handler(HotlineError, answers.refusal)
feeds.register_error_handler(HTTPException, answers.http_refusal)


@feeds.get("/leads.json")
def leads_json() -> Response:
    """Answer a page of the feed (jsonfeed.org, version 1.1)."""
    asked = asking.read(request.args, reader(), usual=50, most=500, allowed=_FILTERS)
    return answers.sent(_JSON, "json", asked.mark, partial(contents.feed, asked))


@feeds.get("/leads.csv")
def leads_csv() -> Response:
    asked = asking.read(request.args, reader(), usual=500, most=1000, allowed=_FILTERS)
    return answers.sent(_CSV, "csv", asked.mark, partial(contents.table, asked))


@feeds.get("/bundle")
def signed_bundle() -> Response:
    """Answer the oldest leads after ``since``, signed."""
    asked = asking.read(
        request.args, reader(), usual=100, most=500, allowed=("since", "limit", "country", "theme")
    )
    return answers.sent(answers.ARCHIVE, "bundle", asked.mark, partial(contents.archive, asked))


@feeds.get("/key.pem")
def key_pem() -> Response:
    """Answer the key that bundles are signed with; compare it with the one that the hotline gave you itself."""
    return answers.sent("application/x-pem-file", "key", "", lambda: Content(parts().log_key.pem))


@feeds.get("/misp/manifest.json")
@feeds.get("/misp/<period>/manifest.json")
def misp_manifest(period: str = "") -> Response:
    return answers.sent(
        _MISP, "misp", f"manifest-{period}", partial(contents.manifest, _in(period))
    )


@feeds.get("/misp/hashes.csv")
@feeds.get("/misp/<period>/hashes.csv")
def misp_hashes(period: str = "") -> Response:
    return answers.sent(
        "text/csv", "misp", f"hashes-{period}", partial(contents.hashes, _in(period))
    )


@feeds.get("/misp/<uuid:event>.json")
@feeds.get("/misp/<period>/<uuid:event>.json")
def misp_event(event: uuid.UUID, period: str = "") -> Response:
    _in(period)
    return answers.sent(_MISP, "misp", event.hex, partial(contents.event, event.hex))


@feeds.route("/", defaults={"anything": ""}, methods=_METHODS)
@feeds.route("/<path:anything>", methods=_METHODS)
def anything_else(anything: str) -> NoReturn:
    """Answer as problem details also where nothing is."""
    if request.method in ("GET", "HEAD"):
        raise NotFound
    abort(405)


def _in(period: str) -> Asked:
    """Return what is asked of all time, of a year such as ``2026`` or of a month such as ``2026-11`` (UTC).

    Raises:
        NotFound: *period* is neither.
    """
    if not period:
        return Asked(NEWEST)
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise NotFound
    year, month = int(found[1]), int(found[2] or 1)
    months = year * 12 + month - 1 + (1 if found[2] else 12)
    begin = datetime(year, month, 1, tzinfo=UTC)
    end = datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)
    return Asked(NEWEST, before=in_milliseconds(end), since=in_milliseconds(begin) - 1)
