"""What each feed answers to a question, in the form of its readers; with the range of `added` of what it holds."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from hotline.errors import NotFound
from hotline.leads import misp, rows
from hotline.leads.door import parts, reader
from hotline.leads.feeds import bundle, paging
from hotline.leads.feeds.answers import Content
from hotline.leads.feeds.asking import Asked
from hotline.leads.feeds.paging import ENTRY, FACTS, HASHES, ITEM, RECALLED, RELEASE, Page
from hotline.leads.sending import known
from hotline.leads.shelving import written


def feed(asked: Asked) -> Content:
    """Return a JSON feed, with the kept text of each item spliced in."""
    with parts().store.read() as session:
        page = paging.newest(session, reader(), asked, ITEM)
    address = _address("leads_json")
    head: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Leads",
        "feed_url": address,
        # What to ask with as `since` when all pages were read.
        "_leads": {"since": page.last or asked.since},
    }
    after = _next(address, asked, page)
    if after:
        head["next_url"] = after
    items = ",".join(row.item for row in page.rows)
    return _content(f'{written(head)[:-1]},"items":[{items}]}}', page, after)


def table(asked: Asked) -> Content:
    with parts().store.read() as session:
        page = paging.newest(session, reader(), asked, *FACTS)
    lines = (
        rows.row_of(row.lead_id, row.added, day=row.day, tlp=row.tlp, told=_told(row))
        for row in page.rows
    )
    return _content(rows.written(lines), page, _next(_address("leads_csv"), asked, page))


def archive(asked: Asked) -> Content:
    """Return the archive of a bundle; of no lead, that there is none."""
    with parts().store.read() as session:
        page = paging.oldest(session, reader(), asked, RELEASE.lead_id)
        bodies = bundle.bodies_of(session, reader(), [row.lead_id for row in page.rows])
    if not page.rows:
        raise NotFound("there is no lead after that")
    packed = bundle.archive(reader(), page, bodies, parts().log_key)
    after = f"{_address('signed_bundle')}?{asked.query(since=page.last)}" if page.is_more else ""
    name = f'attachment; filename="leads-{page.first}-{page.last}.zip"'
    headers = {**_link(after), "Content-Disposition": name}
    return Content(packed, page.first, page.last, len(bodies), headers)


def manifest(asked: Asked) -> Content:
    """Return the manifest of a MISP feed, with the kept text of each event's entry spliced in."""
    with parts().store.read() as session:
        page = paging.newest(session, reader(), asked, *ENTRY)
        sender = known(session)
    org = misp.org_of(sender) if sender else ""
    lines = (misp.line_of(row.lead_id, _version(row), _entry(row), org) for row in page.rows)
    return _content("{" + ",".join(lines) + "}", page)


def hashes(asked: Asked) -> Content:
    with parts().store.read() as session:
        page = paging.newest(session, reader(), asked, RECALLED, HASHES)
    return _content("".join(row.hashes for row in page.rows if not row.recalled), page)


def event(lead_id: str) -> Content:
    with parts().store.read() as session:
        page, sender = paging.one(session, reader(), lead_id, *FACTS), known(session)
    if not page.rows or sender is None:
        raise NotFound
    return _content(written(misp.event_of(_lead(page.rows[0]), sender)), page)


def _lead(row: Any) -> misp.Told:
    return misp.Told(row.lead_id, row.day, _version(row), row.tlp, _told(row), row.slots)


def _version(row: Any) -> int:
    # Tools tell versions apart by seconds, and a lead may be recalled in the second in which it left.
    return int(row.added) // 1000 + bool(row.recalled)


def _entry(row: Any) -> str:
    entry: str = misp.kept_of_recalled(row.day, row.tlp)["entry"] if row.recalled else row.entry
    return entry


def _told(row: Any) -> Mapping[str, Any]:
    """Return what a lead tells this agency, which alone may not know it any more."""
    told: Mapping[str, Any] = {} if row.recalled else row.told
    return told


def _content(text: str, page: Page, after: str = "") -> Content:
    return Content(text.encode(), page.first, page.last, len(page.rows), _link(after))


def _address(name: str) -> str:
    # Not the Host of the request: whoever sends that could make a reader show its token elsewhere.
    return parts().config.public_url + url_for(f"feeds.{name}")


def _next(address: str, asked: Asked, page: Page) -> str:
    """Return the address of the next page; empty on the last one."""
    return f"{address}?{asked.query(before=page.first)}" if page.is_more else ""


def _link(after: str) -> dict[str, str]:
    return {"Link": f'<{after}>; rel="next"'} if after else {}
