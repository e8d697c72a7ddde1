"""A lead as an item of a JSON feed (jsonfeed.org, version 1.1): for whoever reads without STIX tools. Pure."""

import json
from datetime import UTC, datetime
from typing import Any

from hotline.leads.codes import Tlp
from hotline.leads.disclose import Disclosure
from hotline.leads.stix import (
    description_of,
    extension_of,
    labels_of,
    name_of,
    of_day,
    stix_id_of,
)
from hotline.leads.stix.describing import handling_of, sources_of


def item_of(told: Disclosure, lead_id: str, at: datetime, *, tlp: Tlp = Tlp.STRICT) -> str:
    """Return the JSON text of the item; its id is the one of the STIX report."""
    item = {
        "id": stix_id_of(lead_id),
        "title": name_of(told, lead_id),
        # Readers of feeds show no more than this.
        "content_text": f"{told.summary}\n\n{description_of(told, lead_id)}",
        "language": told.language,
        "date_published": _day(at),
        "tags": labels_of(told),
        "_lead": {
            "recalled": False,
            "tlp": tlp,
            "summary": told.summary,
            "country": told.country,
            "area": told.area,
            "links": list(told.links),
            "translations": dict(told.translations),
            **extension_of(told, lead_id),
            "handling": [sources_of(told), *handling_of(lead_id).splitlines()],
        },
    }
    return _written(item)


def newer_item(former: str, item: str, at: datetime) -> str:
    """Return *item* as a later version of *former*."""
    published = json.loads(former)["date_published"]
    return _written({**json.loads(item), "date_published": published, "date_modified": _day(at)})


def recalled_item(item: str, at: datetime) -> str:
    """Return the item of a recalled lead: that it was recalled, and nothing of what it told."""
    former: dict[str, Any] = json.loads(item)
    return _written(
        {
            "id": former["id"],
            "title": "Recalled lead",
            "content_text": "Recalled",
            "date_published": former["date_published"],
            "date_modified": _day(at),
            "_lead": {"recalled": True, "lead_ref": former["_lead"].get("lead_ref", "")},
        }
    )


def _day(at: datetime) -> str:
    return of_day(at.astimezone(UTC).date())


def _written(item: dict[str, Any]) -> str:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))
