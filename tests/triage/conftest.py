"""Reports as rows, without words: triage never needs any."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from hotline.reports import messages, reports
from hotline.reports.counting import moved, stepped_aside
from hotline.store import Session, Store, new_id
from hotline.vault.keyring import EpochKey
from hotline.vault.keys import PrivateKey

AT = datetime(2026, 11, 25, 14, 2, tzinfo=UTC)


class OneEpoch:
    """The keyring of a house where everything is sealed to one key; *private* opens it."""

    def __init__(self) -> None:
        self.private = PrivateKey.fresh()
        self.epoch = EpochKey(new_id(), self.private.public)

    def current(self, _desk: str, _depth: str) -> EpochKey:
        return self.epoch

    def get(self, _session: Session, _epoch_id: str) -> PrivateKey:
        """Be the keys of someone who may open it, too."""
        return self.private


Filing = Callable[..., str]


def file_report(session: Session, **facts: object) -> str:
    """Keep a report as intake would, with *facts* over the usual ones."""
    row: dict[str, object] = {
        "id": new_id(),
        "desk": "north",
        "channel": "sms",
        "locale": "en",
        "locale_is_chosen": False,
        "language": "en",
        "country": "",
        "day": "2026-11-25",
        "status": "open",
        "urgency": 1,
        "minor": False,
        "bystander": False,
        "needs": [],
        "indicators": [],
        "rules": [],
        "messages": 1,
        "unanswered": True,
        "waiting_since": AT,
        **facts,
    }
    session.execute(insert(reports).values(row))
    session.execute(
        insert(messages).values(
            report_id=row["id"], seq=1, direction="in", channel="sms", day=row["day"], at=AT
        )
    )
    if row["status"] == "quarantined":
        its = {name: row.get(name) for name in ("alike", "language", "urgency")}
        stepped_aside(session, str(row["desk"]), **its, step=1)  # type: ignore[arg-type]
    elif row["status"] == "open":
        moved(session, str(row["desk"]), None, row["urgency"])  # type: ignore[arg-type]
    return str(row["id"])


@pytest.fixture
def file(store: Store) -> Filing:
    def keep(**facts: object) -> str:
        return store.write(lambda session: file_report(session, **facts))

    return keep


@pytest.fixture
def row_of(store: Store) -> Callable[[str], object]:
    def look(report_id: str) -> object:
        with store.read() as session:
            return session.execute(select(reports).where(reports.c.id == report_id)).one()

    return look
