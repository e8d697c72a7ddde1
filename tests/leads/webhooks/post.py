"""What the tests of webhooks do again and again: subscribe an agency, release something to it, let the worker work."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from hotline import jobs
from hotline.leads import agencies
from hotline.leads.agencies import Agency
from hotline.leads.shelving import in_milliseconds
from hotline.leads.tables import agencies as agency_rows
from hotline.leads.tables import lead_releases, leads
from hotline.leads.tables import webhooks as hooks
from hotline.leads.tokens import id_of
from hotline.leads.webhooks import delivering, ring, subscribing
from hotline.leads.webhooks.calling import Caller
from hotline.leads.webhooks.subscribing import Receipt, Webhook
from hotline.store import Session, Store, new_id
from hotline.vault.relay import RelayKey
from tests.leads.desk import Desk, Reader
from tests.leads.webhooks.receiver import HERE


@dataclass
class Hook:
    """A webhook with the secret that its agency keeps."""

    id: str
    secret: str


@dataclass
class Post:
    """A desk, and a worker that brings what it releases; its clock stands until it is moved."""

    desk: Desk
    relay: RelayKey
    caller: Caller
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def store(self) -> Store:
        return self.desk.store

    def passes(self, **span: float) -> None:
        self.at += timedelta(**span)

    def agency(self, reader: Reader) -> Agency:
        with self.store.read() as session:
            return agencies.find(session, reader.id)

    def subscribes(self, reader: Reader, url: str) -> Hook:
        """Subscribe an address with the agency's token, as if the worker had looked where it leads already."""
        agency = self.agency(reader)
        how: dict[str, Any] = {"also": HERE, "at": self.at, "token_id": id_of(reader.token)}

        def subscribe(session: Session) -> Hook:
            hook = Hook(*subscribing.subscribe(session, self.relay.public, agency, url, **how))
            session.execute(update(hooks).where(hooks.c.id == hook.id).values(state="on"))
            session.execute(delete(jobs.jobs).where(jobs.jobs.c.ref == hook.id))
            return hook

        return self.store.write(subscribe)

    def releases(self, reader: Reader, *, country: str = "RO", recalls: str = "") -> str:
        """Shelve for an agency a lead, or that one is recalled, as a release does; return the lead's id."""
        lead_id = recalls or new_id()
        added = max(self.agency(reader).last_added + 1, in_milliseconds(self.at))
        item = {
            "id": f"report--{lead_id}",
            "content_text": "" if recalls else "Workers sleep in a locked container.",
            "date_published": "2026-11-25T00:00:00Z",
            "_lead": {"recalled": bool(recalls)},
        }
        lead = {
            "id": lead_id,
            "country": country,
            "day": "2026-11-25",
            "recalled_day": "",
            "by": "a" * 32,
            "is_for_all": False,
            "theme": "labour",
            "tlp": "amber",
            "k": 0,
            "could_know": "many",
            "told": {},
            "item": json.dumps(item),
        }
        release = {
            "agency_id": reader.id,
            "added": added,
            "lead_id": lead_id,
            "recalled_day": "2026-11-25" if recalls else "",
            "item": json.dumps(item) if recalls else "",
        }

        def shelve(session: Session) -> None:
            if not recalls:
                session.execute(insert(leads), lead)
            session.execute(insert(lead_releases), release)
            session.execute(
                update(agency_rows).where(agency_rows.c.id == reader.id).values(last_added=added)
            )
            ring(session, reader.id, self.at, recalls=bool(recalls))

        self.store.write(shelve)
        return lead_id

    def works(self, *, after: float = 0) -> int:
        """Do the jobs that are due, *after* so many seconds, as the worker does; return how many there were."""
        batch = self.store.write(
            lambda session: jobs.claim(session, jobs.Priority.PEOPLE, at=self.at)
        )
        self.passes(seconds=after)
        for job in batch:
            delivering.deliver(
                self.store,
                self.relay,
                self.caller,
                job.ref,
                clock=lambda: self.at,
                draw=lambda: 0.0,
            )
            self.store.write(lambda session, job=job: jobs.done(session, job))
        return len(batch)

    def hook(self, reader: Reader, hook: Hook) -> Webhook:
        with self.store.read() as session:
            return subscribing.find(session, reader.id, hook.id)

    def receipts(self, reader: Reader, hook: Hook) -> list[Receipt]:
        with self.store.read() as session:
            return subscribing.receipts(session, reader.id, hook.id)

    def jobs(self) -> list[str]:
        with self.store.read() as session:
            return list(session.execute(select(jobs.jobs.c.ref)).scalars())
