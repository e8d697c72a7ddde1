"""A desk that writes down what people agree to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from hotline import consent
from hotline.consent import Purpose, Recipient, Words
from hotline.reports import reports
from hotline.store import Store, new_id
from tests.consent.keys import keyring

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
NOOR, OMAR = "a" * 32, "b" * 32
UNIT = Recipient(Purpose.LEAD, "national-unit", frozenset({"RO"}))
POLICE = Recipient(Purpose.LEAD, "town-police", frozenset({"RO", "HU"}))
HARBOR = Recipient(Purpose.HANDOFF, "harbor-house")
SAID = Words("ask_lead", "ro", "May we tell investigators what happened?")


@dataclass
class Agreeing:
    """One report and what its person agrees to, forbids and is asked."""

    store: Store
    report_id: str
    at: datetime = NOW

    def records(self, **changes: Any) -> str:
        facts: dict[str, Any] = {
            "report_id": self.report_id,
            "purpose": Purpose.LEAD,
            "recipient": consent.INVESTIGATORS,
            "fields": ["summary", "country"],
            "given_how": "sms",
            "words": SAID,
            "at": self.at,
            "until": (self.at + timedelta(days=30)).date(),
        }
        terms = {**facts, **changes}
        return self.store.write(lambda session: consent.record(session, keyring(), **terms))

    def asks(self, **changes: Any) -> str:
        facts: dict[str, Any] = {
            "report_id": self.report_id,
            "purpose": Purpose.LEAD,
            "recipient": consent.INVESTIGATORS,
            "fields": ["summary", "country"],
            "until": (self.at + timedelta(days=30)).date(),
            "by": NOOR,
            "at": self.at,
        }
        return self.store.write(lambda session: consent.ask(session, **{**facts, **changes}))

    def answers(self, ask_id: str, *, yes: bool = True, **changes: Any) -> str:
        facts: dict[str, Any] = {
            "report_id": self.report_id,
            "words": SAID,
            "how": consent.GivenHow.WEB,
        }
        terms = {**facts, "yes": yes, "at": self.at, **changes}
        return self.store.write(lambda session: consent.answer(session, keyring(), ask_id, **terms))

    def takes_back(self, grant_id: str, *, by: str = "") -> bool:
        return self.store.write(
            lambda session: consent.revoke(session, grant_id, at=self.at, by=by)
        )

    def excludes(self, kind: str, ref: str = "", **changes: Any) -> str:
        terms = {"report_id": self.report_id, "kind": kind, "ref": ref, "at": self.at, **changes}
        return self.store.write(lambda session: consent.exclude(session, keyring(), **terms))

    def proposes(self, **changes: Any) -> str:
        facts: dict[str, Any] = {
            "report_id": self.report_id,
            "purpose": Purpose.LEAD,
            "recipient": consent.INVESTIGATORS,
            "fields": ["summary", "country"],
            "replaces_yes": True,
            "reasons": "the guardian sells her",
            "by": NOOR,
            "at": self.at,
        }
        terms = {**facts, **changes}
        return self.store.write(lambda session: consent.minors.propose(session, keyring(), **terms))

    def agrees(self, its_id: str, *, by: str = OMAR, reasons: str = "I think so, too") -> None:
        terms: dict[str, Any] = {"report_id": self.report_id, "reasons": reasons, "by": by}
        self.store.write(
            lambda session: consent.minors.agree(session, keyring(), its_id, at=self.at, **terms)
        )

    def becomes(self, **facts: Any) -> None:
        its = update(reports).where(reports.c.id == self.report_id).values(**facts)
        self.store.write(lambda session: session.execute(its))

    def case(self) -> consent.Case:
        with self.store.read() as session:
            return consent.case_of(session, self.report_id)

    def why(self, recipient: Recipient = UNIT, *fields: str) -> consent.Why | None:
        return self.case().may(recipient, fields or ("summary",), at=self.at).why

    def still(self, recipient: Recipient = UNIT, *fields: str) -> bool:
        return bool(self.case().still(recipient, fields or ("summary",), at=self.at))


def report_row(**facts: Any) -> dict[str, Any]:
    row = {
        "id": new_id(),
        "desk": "main",
        "channel": "sms",
        "locale": "ro",
        "locale_is_chosen": True,
        "language": "ro",
        "country": "RO",
        "day": "2026-11-09",
        "status": "open",
        "urgency": 2,
        "minor": False,
        "bystander": False,
        "needs": [],
        "indicators": [],
        "rules": [],
        "messages": 1,
        "unanswered": True,
    }
    return {**row, **facts}


@pytest.fixture
def maria(store: Store) -> Iterator[Agreeing]:
    """The person behind one report, and what is written down of her will."""
    row = report_row()
    store.write(lambda session: session.execute(insert(reports), row))
    return Agreeing(store, row["id"])
