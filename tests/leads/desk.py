"""What the tests of leads do again and again: a report, a consent to it, an agency, a lead."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from flask import Flask
from sqlalchemy import insert
from werkzeug.test import TestResponse

from hotline import consent
from hotline.leads import agencies, publish
from hotline.leads.disclose import CouldKnow, LeadDraft
from hotline.leads.feeds import feeds
from hotline.leads.taxii import taxii
from hotline.reports import reports
from hotline.retention.asking import REPORTER
from hotline.store import Store, new_id
from hotline.triage.excluding import exclude
from hotline.triage.taking_back import take_back
from hotline.vault.logkey import LogKey
from tests.consent.keys import keyring

NOW = datetime(2026, 11, 25, 9, 30, 12, 345678, tzinfo=UTC)
ORIGIN = "https://line.example"
NOOR = "a" * 32
TAXII = "application/taxii+json;version=2.1"
COLLECTION = "/taxii2/leads/collections/leads/"


def draft(**changes: Any) -> LeadDraft:
    """A lead that may leave."""
    facts: dict[str, Any] = {
        "country": "RO",
        "seen": date(2026, 11, 9),
        "summary": "Workers at a car wash sleep in a locked container. The alleged organizer keeps their papers.",
        "people": 6,
        "exploitation": ("ForcedLabour",),
        "indicators": ("ilo-retention-of-identity-documents",),
        "control": ("WithholdsDocuments",),
        "could_know": CouldKnow.MANY,
        "sector": "G_WholesaleAndRetailTradeRepairOfMotorVehicles",
    }
    return LeadDraft(**{**facts, **changes})


def serving(store: Store) -> Flask:
    """Return an application that serves leads and nothing else."""
    app = Flask("leads")
    app.extensions["hotline"] = SimpleNamespace(
        store=store,
        config=SimpleNamespace(public_url=ORIGIN),
        clock=lambda: NOW,
        log_key=LogKey.fresh(),
    )
    app.register_blueprint(taxii)
    app.register_blueprint(feeds)
    return app


@dataclass
class Reader:
    """An agency with its token, at some client."""

    id: str
    token: str

    def asks(self, app: Flask, path: str, **query: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": TAXII}
        return app.test_client().get(path, query_string=query or None, headers=headers)

    def reads(self, app: Flask, **query: Any) -> list[dict[str, Any]]:
        """Return every object of the agency's collection, page by page."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.asks(app, COLLECTION + "objects/", **query)
            assert page.status_code == 200, page.text
            found += page.get_json(force=True).get("objects", [])
            if not page.get_json(force=True).get("more"):
                return found
            query = {**query, "next": page.get_json(force=True)["next"]}

    def basic(self, user: str = "anything") -> dict[str, str]:
        pair = base64.b64encode(f"{user}:{self.token}".encode()).decode()
        return {"Authorization": f"Basic {pair}", "Accept": TAXII}


@dataclass
class Desk:
    """Noor's desk: she takes reports, writes consent down, and lets leads out."""

    store: Store
    at: datetime = NOW
    reports: list[str] = field(default_factory=list)

    def report(self, *, bystander: bool = False, **changes: Any) -> str:
        report_id = new_id()
        row: dict[str, Any] = {
            "id": report_id,
            "desk": "main",
            "channel": "sms",
            "locale": "ro",
            "locale_is_chosen": False,
            "language": "ro",
            "country": "RO",
            "day": "2026-11-09",
            "status": "open",
            "urgency": 2,
            "minor": False,
            "bystander": bystander,
            "needs": [],
            "indicators": [],
            "rules": [],
            "messages": 1,
            "unanswered": True,
            **changes,
        }
        self.store.write(lambda session: session.execute(insert(reports), row))
        self.reports.append(report_id)
        return report_id

    def consents(self, report_id: str, **changes: Any) -> str:
        facts: dict[str, Any] = {
            "report_id": report_id,
            "purpose": consent.Purpose.LEAD,
            "recipient": consent.INVESTIGATORS,
            "fields": [consent.EVERY_FIELD],
            "given_how": "sms",
            "words": consent.Words("ask_lead", "ro", "May we tell investigators?"),
            "at": self.at,
            "until": (self.at + timedelta(days=90)).date(),
        }
        terms = {**facts, **changes}
        return self.store.write(lambda session: consent.record(session, keyring(), **terms))

    def excludes(self, report_id: str, agency_id: str) -> None:
        terms: dict[str, Any] = {"kind": "agency", "ref": agency_id, "at": self.at}
        self.store.write(lambda session: exclude(session, keyring(), report_id, **terms))

    def admits(self, name: str, *countries: str) -> Reader:
        token = self.store.write(
            lambda session: agencies.admit(session, name, countries, at=self.at)
        )
        with self.store.read() as session:
            agency = agencies.by_token(session, token, at=self.at)
        assert agency is not None
        return Reader(agency.id, token)

    def publishes(self, report_id: str = "", **changes: Any) -> str:
        """Let a lead out, by default one that a bystander told of."""
        told: dict[str, Any] = {
            "report_id": report_id or self.report(bystander=True),
            "confirmed_by": changes.pop("confirmed_by", NOOR),
            "to": changes.pop("to", None),
            "account": changes.pop("account", ""),
            "replaces": changes.pop("replaces", ""),
        }
        lead = draft(**changes)
        return self.store.write(
            lambda session: publish.publish(session, lead, by=NOOR, at=self.at, **told)
        )

    def takes_back(self, report_id: str, grant_id: str) -> list[str]:
        """Take a yes back for the person, with the leads that rest on it."""
        return self.store.write(
            lambda session: take_back(session, report_id, grant_id, by=REPORTER, at=self.at)
        )

    def recalls(self, lead_id: str) -> bool:
        return self.store.write(
            lambda session: publish.recall(session, lead_id, by=NOOR, at=self.at)
        )
