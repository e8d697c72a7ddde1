"""The queue as a page: who is next, and why, in words."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from flask import Response, g, request

from hotline import triage
from hotline.console.beside import Beside, beside
from hotline.console.placeholders import Numbering, Piece, pieces
from hotline.console.reasons import telling
from hotline.console.rooms import room
from hotline.console.showing import open_counts, show
from hotline.console.sifting import NAMES, Chosen, chosen_in
from hotline.contact.windows import Opening
from hotline.domain.report import Status
from hotline.domain.staff import Right
from hotline.pages import CONTENT_SECURITY_POLICY
from hotline.parts import here
from hotline.reports.counting import came
from hotline.store import Session
from hotline.triage import QueuePage, QueueRow
from hotline.triage.languages import languages_of
from hotline.triage.queue import view_of
from hotline.triage.reachable import reachable_page
from hotline.triage.tabs import Tallies, tallies
from hotline.triage.tags import everything as all_tags
from hotline.vault.contents import Account

queue = room("queue", Right.READ)

Previewed = tuple[QueueRow, list[Piece]]

_FIRST_MESSAGE = 1
_UNREACHABLE = "window"


@queue.get("/")
def show_queue() -> Response:
    view, after, me = _view(), request.args.get("after", ""), g.keyholder
    with here().store.read() as session:
        # Before the rows: what comes meanwhile is told once too often rather than not at all.
        so_far = came(session, me.desk)
        chosen = chosen_in(request.args, NAMES, reads=languages_of(session, me.staff_id))
        page, known = _page(session, view, after, chosen)
        rows = with_previews(session, page.rows)
        stands = beside(session, page.rows, known=known)
        facts = {**_around(session, chosen, stands), **in_rows(rows, stands)}
    response = show(
        "console/queue.html",
        view=view,
        views=[name for name in triage.VIEWS if name in _views()],
        page=page,
        after=after,
        chosen=chosen,
        came=so_far,
        nothing_next=request.args.get("said") == "nothing",
        **facts,
    )
    # The page asks this house, and nobody else, for what is new.
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; connect-src 'self'"
    return response


def with_previews(session: Session, rows: Sequence[QueueRow]) -> list[Previewed]:
    """Return each report with the beginning of what it says, opened for whoever is signed in."""
    previews = g.keyholder.open_previews(session, [(row.id, _FIRST_MESSAGE) for row in rows])
    return [
        (row, pieces(Account(preview), Numbering(), seq=_FIRST_MESSAGE))
        for row, preview in zip(rows, previews, strict=True)
    ]


def in_rows(rows: list[Previewed], stands: Beside | None = None) -> dict[str, Any]:
    """Return what the rows of a list of reports are made of; *stands* is what stands beside them in the queue."""
    free = (row for row, _ in rows if row.status != Status.CLOSED and not row.held_by(g.at))
    limits = here().config.limits_of(g.keyholder.desk)
    return {
        "rows": rows,
        "stands_beside": stands,
        "claimable": g.keyholder.may(Right.REPLY) and any(free),
        "clock": lambda row: triage.clock(row.urgency, row.waiting_since, g.at, limits),
        "held_by": lambda row: row.held_by(g.at),
        "left": lambda row: (row.claimed_until - g.at).seconds // 60,
        "telling": telling,
        "once": cache,
    }


def _views() -> tuple[str, ...]:
    """Return the views there are for whoever asks: who may not reply learns nothing of when somebody may be written to."""
    all_views: tuple[str, ...] = triage.VIEWS
    if g.keyholder.may(Right.REPLY):
        return all_views
    return tuple(name for name in all_views if name != _UNREACHABLE)


def _view() -> str:
    view = request.args.get("view", "open")
    return view if view in _views() else "open"


def _page(
    session: Session, view: str, after: str, chosen: Chosen
) -> tuple[QueuePage, Mapping[str, Opening] | None]:
    """Return the page, and when its people may be written to where that had to be opened to find them."""
    me, limits = g.keyholder, here().config.limits_of(g.keyholder.desk)
    facts: dict[str, Any] = {
        "desk": me.desk,
        "view": view,
        "at": g.at,
        "staff_id": me.staff_id,
        "limits": limits,
        "filters": chosen.filters,
    }
    if view == _UNREACHABLE:
        return reachable_page(session, me, view_of(session, **facts), after=after)
    return triage.queue_page(session, **facts, after=after), None


def _around(session: Session, chosen: Chosen, stands: Beside) -> dict[str, Any]:
    """Return what stands around the rows: how many there are in each view, and what they can be narrowed by."""
    me, limits = g.keyholder, here().config.limits_of(g.keyholder.desk)
    counted: Tallies = tallies(session, me.desk, me.staff_id, at=g.at, limits=limits)
    picked = {chosen.get("language")} - {"", "mine"}
    return {
        "counts": open_counts(session),
        "tallies": counted.views,
        "in_languages": sorted({*counted.languages, *stands.readers, *picked}),
        "tags": all_tags(session, me.desk),
    }
