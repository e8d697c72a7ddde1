"""What is brought (pure): one event a message, its type, its day and the lead as it stands in the JSON feed, signed.

An event has the same id and the same body at every try and at every replay, so a receiver knows what it had before.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from standardwebhooks import Webhook as Signer


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a lead in an agency's releases: *added* is its number there, *item* the JSON text of its item."""

    added: int
    lead_id: str
    item: str


def id_of(webhook_id: str, event: Event) -> str:
    """Return the ``webhook-id``, which follows from the event and from whose webhook it is."""
    seed = f"{webhook_id} {event.added} {event.lead_id}"
    return "msg_" + hashlib.sha256(seed.encode()).hexdigest()[:32]


def body_of(event: Event) -> str:
    """Return the JSON text of the message."""
    item: dict[str, Any] = json.loads(event.item)
    day = item.get("date_modified") or item["date_published"]
    message = {"type": _type_of(item), "timestamp": day, "data": item}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def headers_of(message_id: str, body: str, secret: str, *, at: datetime) -> dict[str, str]:
    """Return the headers that go with *body*, signed at *at*."""
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Signer(secret).sign(message_id, at, body),
    }


def _type_of(item: dict[str, Any]) -> str:
    if item["_lead"]["recalled"]:
        return "lead.recalled"
    return "lead.revised" if "date_modified" in item else "lead.released"
