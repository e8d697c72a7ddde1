"""Leads go out, and an agency follows its feed: whatever fails meanwhile, it comes upon each of them, once."""

import json
import threading
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from sqlalchemy import select, update

from hotline.errors import HotlineError
from hotline.leads import agencies, publish
from hotline.leads.disclose import CouldKnow, LeadDraft
from hotline.operate.bench.faults.hosts import Hosts
from hotline.reports.tables import reports
from hotline.store import Session, new_id

_OBJECTS = "/taxii2/leads/collections/leads/objects/"
_SUMMARY = (
    "Workers at a car wash sleep in a locked container. The alleged organizer keeps their papers."
)


@dataclass
class Feeding:
    """*published* are leads that were let out for sure; *came* is what the agency came upon, in order."""

    hosts: Hosts
    token: str
    report_id: str
    published: list[str] = field(default_factory=list)
    came: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)
    _after: str = ""

    @classmethod
    def of(cls, hosts: Hosts) -> "Feeding":
        """Admit an agency; what leaves is told by somebody who saw it, in a report that is there already."""
        at, store = hosts.house.clock(), hosts.house.hotline.store
        token = store.write(
            lambda session: agencies.admit(session, "Unit", ("RO",), at=at, rate=agencies.FASTEST)
        )
        return cls(hosts, token, store.write(_bystander))

    def goes_on(self, pause: float) -> None:
        """Let out one lead after the other, and follow the feed, until it is over."""
        while not self.is_over.is_set():
            lead_id, is_out = new_id(), False
            while not is_out and not self.is_over.is_set():
                # The same form again, as somebody does who saw an error.
                is_out = self._lets_out(lead_id)
                self.follows()
                self.is_over.wait(pause)

    def follows(self) -> bool:
        """Read what is new, to the end of the feed; False where the feed cannot be read now."""
        is_more = True
        while is_more:
            query = urlencode({"added_after": self._after} if self._after else {})
            try:
                with closing(
                    HTTPConnection("127.0.0.1", self.hosts.house.port, timeout=15)
                ) as line:
                    line.request("GET", f"{_OBJECTS}?{query}", headers=self._headers)
                    with line.getresponse() as response:
                        status, body = response.status, response.read()
            except (OSError, HTTPException):
                return False
            if status != 200:
                return False
            page = json.loads(body)
            self._after = response.headers.get("X-TAXII-Date-Added-Last") or self._after
            self.came += [one["id"] for one in page.get("objects", []) if one["type"] == "report"]
            is_more = page.get("more", False)
        return True

    def missing(self) -> list[str]:
        """Return the leads that the agency never came upon."""
        came = set(self.came)
        return [one for one in self.published if f"report--{uuid.UUID(one)}" not in came]

    def doubled(self) -> list[str]:
        """Return what it came upon again."""
        return [one for one in set(self.came) if self.came.count(one) > 1]

    @property
    def _headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/taxii+json;version=2.1",
        }

    def _lets_out(self, lead_id: str) -> bool:
        with self.hosts.guard:
            house = self.hosts.house
            at, by = house.clock(), house.ines.staff_id
            seen = at.astimezone(UTC).date() - timedelta(days=3)
            draft = LeadDraft(
                "RO",
                seen,
                _SUMMARY,
                people=6,
                exploitation=("ForcedLabour",),
                indicators=("ilo-retention-of-identity-documents",),
                control=("WithholdsDocuments",),
                could_know=CouldKnow.MANY,
            )

            def let_out(session: Session) -> str:
                return publish.publish(
                    session,
                    draft,
                    report_id=self.report_id,
                    by=by,
                    confirmed_by=by,
                    at=at,
                    form_id=lead_id,
                )

            try:
                self.published.append(house.hotline.store.write(let_out))
            except HotlineError:
                return False
        return True


def _bystander(session: Session) -> str:
    """Return a report, and say of it that a bystander told it."""
    report_id: str = session.execute(select(reports.c.id).limit(1)).scalar_one()
    session.execute(update(reports).where(reports.c.id == report_id).values(bystander=True))
    return report_id
