"""A log of its own, in a store with nothing else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hotline import audit
from hotline.audit.tables import audit_checkpoints, audit_log, audit_tiles, audit_waiting
from hotline.store import Session, Store
from hotline.vault.logkey import LogKey, LogSigner, LogVerifier

NOW = datetime(2026, 11, 25, 12, 30, 15, 250, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
NAME = "line.example/log"
REPORT = "a" * 32


def make_tables(store: Store) -> None:
    for table in (audit_waiting, audit_log, audit_tiles, audit_checkpoints):
        table.create(store.engine)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Store]:
    """An empty log."""
    store = Store(f"sqlite:///{tmp_path / 'log.db'}")
    make_tables(store)
    yield store
    store.close()


@pytest.fixture
def signer() -> LogSigner:
    return LogSigner(NAME, LogKey.fresh())


def public_of(signer: LogSigner) -> LogVerifier:
    return LogVerifier(signer.name, signer.key.public)


def note(session: Session, number: int, **facts: Any) -> None:
    """Write down one thing that Noor did."""
    said = {"at": NOW, "who": "noor", "did": "reveal", "what": f"message {number}", **facts}
    audit.record(session, **said)


def fill(store: Store, count: int, *, first: int = 0, **facts: Any) -> None:
    """Write down *count* things and number them."""

    def write(session: Session) -> None:
        for number in range(first, first + count):
            note(session, number, at=NOW + timedelta(microseconds=number), **facts)
        while audit.sequence(session, at=LATER + timedelta(days=1)):
            pass

    store.write(write)


def check(store: Store, **more: Any) -> tuple[str, int]:
    """Return what a check of the whole log finds, and where."""
    with store.read() as session:
        verdict = audit.verify(session, **more)
    return str(verdict.kind), verdict.n
