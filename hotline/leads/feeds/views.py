"""Leads as a JSON feed (jsonfeed.org, version 1.1), newest first: the same leads, the same tokens as TAXII."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for
from sqlalchemy import func, select

from hotline.errors import HotlineError, Malformed
from hotline.leads.agencies import Agency
from hotline.leads.door import admit_reader, challenge, parts, reader, status_of
from hotline.leads.shelving import written
from hotline.leads.tables import lead_releases, leads
from hotline.store import Session

USUAL, MOST = 50, 500

feeds = Blueprint("feeds", __name__, url_prefix="/feeds")
feeds.before_request(admit_reader)


@feeds.get("/leads.json")
def leads_json() -> Response:
    """Answer a page of the feed; ``before`` is the cursor of the next one, ``limit`` its size."""
    agency, limit = reader(), _number("limit", USUAL)
    before = _number("before", 0)
    limit = min(limit, MOST)
    response = Response(content_type="application/feed+json; charset=utf-8")
    # Nothing changes in a collection without its number rising, so the number stands for all of it.
    response.set_etag(f"{agency.collection}-{agency.last_added:x}-{before:x}-{limit}")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization"
    response.make_conditional(request)
    if response.status_code == 200:
        with parts().store.read() as session:
            rows = _rows(session, agency, before, limit + 1)
        response.set_data(_feed(rows, limit))
    return response


@feeds.errorhandler(HotlineError)
def refusal(error: HotlineError) -> Response:
    """Answer a machine: a status and a fixed sentence, no page."""
    status = status_of(error)
    response = Response(f"{error}\n", status=status, mimetype="text/plain")
    return challenge(response) if status == 401 else response


def _number(name: str, default: int) -> int:
    given = request.args.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and len(given) < 16 and int(given)):
        raise Malformed
    return int(given)


def _rows(session: Session, agency: Agency, before: int, limit: int) -> Sequence[Any]:
    # What this agency alone may not know any more.
    own = func.nullif(lead_releases.c.item, "")
    query = (
        select(lead_releases.c.added, func.coalesce(own, leads.c.item).label("item"))
        .join(leads, leads.c.id == lead_releases.c.lead_id)
        .where(lead_releases.c.agency_id == agency.id)
        .order_by(lead_releases.c.added.desc())
        .limit(limit)
    )
    if before:
        query = query.where(lead_releases.c.added < before)
    return session.execute(query).all()


def _feed(rows: Sequence[Any], limit: int) -> str:
    """Return the feed, with the kept text of each item spliced in."""
    # Not the Host of the request: whoever sends that could make a reader show its token elsewhere.
    address = parts().config.public_url + url_for("feeds.leads_json")
    head: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Leads",
        "feed_url": address,
    }
    shown = rows[:limit]
    if len(rows) > limit:
        before = shown[-1].added
        head["next_url"] = f"{address}?before={before}&limit={limit}"
    items = ",".join(row.item for row in shown)
    return written(head)[:-1] + f',"items":[{items}]' + "}"
