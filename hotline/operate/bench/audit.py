"""The log at a size of years: what one more line costs, how long a whole check takes, how fast a proof is."""

import hashlib
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from hotline import audit
from hotline.audit.tiles import size_of
from hotline.migrations import create_all
from hotline.operate.bench.timing import seconds
from hotline.store import Session, Store, new_id
from hotline.vault.logkey import LogKey, LogSigner, LogVerifier

_LINES, _BATCH, _ROUNDS = 1_000_000, 500, 200
_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
_SOON = _AT + timedelta(hours=2)


def measure(lines: int = _LINES) -> dict[str, float]:
    """Return the figures of a log of *lines* lines, half of them about reports."""
    signer = LogSigner("bench.example/log", LogKey.fresh())
    with tempfile.TemporaryDirectory(prefix="hotline") as folder:
        store = Store(f"sqlite:///{Path(folder) / 'hotline.db'}")
        create_all(store)
        reports = [new_id() for _ in range(max(1, lines // 20))]
        append = seconds(lambda: _append(store, lines, reports)) / lines
        store.write(lambda session: audit.checkpoint(session, signer, _SOON))
        verify = seconds(lambda: _verify(store, LogVerifier(signer.name, signer.key.public)))
        figures = {
            f"append of {lines:,}, each, µs": append * 1e6,
            f"verify {lines:,}, s": verify,
            f"prove a report's ten lines among {lines:,}, ms": _median(
                lambda: _prove(store, random.choice(reports))
            ),
            "prove that it only grew, ms": _median(lambda: _grew(store)),
        }
        store.close()
    floor = _hash_microseconds(lines)
    return {
        **figures,
        "floor: three hashes, µs": floor,
        "verify, each line over floor": verify / lines * 1e6 / floor,
    }


def _append(store: Store, lines: int, reports: list[str]) -> None:
    """Write in transactions as a busy house groups them, and number as the worker does."""
    for first in range(0, lines, _BATCH):
        count = min(_BATCH, lines - first)
        store.write(partial(_write, first=first, count=count, reports=reports))
        store.write(lambda session: audit.sequence(session, at=_SOON, limit=_BATCH))


def _write(session: Session, *, first: int, count: int, reports: list[str]) -> None:
    for number in range(first, first + count):
        about = reports[number // 2 % len(reports)] if number % 2 else ""
        audit.record(
            session,
            at=_AT,
            who="0123456789abcdef0123456789abcdef",
            did="note",
            desk="main",
            report_id=about,
            what=f"message {number}",
        )


def _verify(store: Store, key: LogVerifier) -> None:
    with store.read() as session:
        verdict = audit.verify(session, public=key)
    if not verdict.is_whole or verdict.waiting:
        raise RuntimeError("the log of the measurement is not whole")


def _prove(store: Store, report_id: str) -> None:
    with store.read() as session:
        audit.prove(session, report_id)


def _grew(store: Store) -> None:
    with store.read() as session:
        size = size_of(session)
        audit.consistency(session, random.randrange(1, size), size)


def _hash_microseconds(rounds: int) -> float:
    """Return what a leaf and a node twice would cost if nothing had to be read."""
    block = bytes(300)
    start = time.perf_counter()
    for _ in range(min(rounds, 100_000)):
        hashlib.sha256(block).digest()
        hashlib.sha256(block[:65]).digest()
        hashlib.sha256(block[:65]).digest()
    return (time.perf_counter() - start) / min(rounds, 100_000) * 1e6


def _median(call: Callable[[], None]) -> float:
    return sorted(seconds(call) for _ in range(_ROUNDS))[_ROUNDS // 2] * 1000
