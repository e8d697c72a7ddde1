"""What was written down stays as it was written, and a check of the whole log notices if not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from hotline import audit
from hotline.audit import log as reading
from hotline.audit.merkle import EMPTY, leaf_hash, root_hash
from hotline.audit.tables import audit_log
from hotline.store import Session, Store

NOW = datetime(2026, 11, 25, 12, 30, 15, 250, tzinfo=UTC)

# The tree that the tests of Certificate Transparency's reference implementation use.
_ENTRIES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Store]:
    """Five things that Noor did."""
    store = Store(f"sqlite:///{tmp_path / 'log.db'}")
    audit_log.create(store.engine)
    for number in range(5):
        store.write(lambda session, number=number: note(session, number))
    yield store
    store.close()


def note(session: Any, number: int) -> None:
    audit.record(
        session,
        at=NOW + timedelta(minutes=number),
        who="noor",
        did="reveal",
        report_id="a" * 32,
        what=f"identity {number}",
        purpose="لإعادة الاتصال",
    )


def test_the_tree_is_that_of_rfc_6962() -> None:
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in _ENTRIES]
    for size, root in enumerate(_ROOTS, start=1):
        assert root_hash(leaves[:size]).hex() == root
    assert root_hash([]) == EMPTY


def test_a_page_is_newest_first_and_continues_after_the_last_line(log: Store) -> None:
    with log.read() as session:
        first = audit.page(session, limit=2)
        second = audit.page(session, before=first[-1].n, limit=50)
    assert [line.n for line in first + second] == [5, 4, 3, 2, 1]
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    assert first[0] == audit.Line(
        5, hour, "noor", "reveal", "a" * 32, "identity 4", "لإعادة الاتصال"
    )


def test_a_line_about_a_report_tells_the_hour_only(log: Store) -> None:
    log.write(lambda session: audit.record(session, at=NOW, who="noor", did="sign_in"))
    with log.read() as session:
        signed_in, *about_reports = audit.page(session)
    assert signed_in.at == NOW
    assert {(line.at.minute, line.at.second, line.at.microsecond) for line in about_reports} == {
        (0, 0, 0)
    }


def test_a_page_of_some_kinds_leaves_the_others_out(log: Store) -> None:
    def write(session: Session) -> None:
        for did in ("close", "reveal", "publish", "close"):
            audit.record(session, at=NOW, who="noor", did=did)

    log.write(write)
    with log.read() as session:
        first = audit.page(session, kinds=("close", "publish"), limit=2)
        second = audit.page(session, kinds=("close", "publish"), before=first[-1].n)
        nothing = audit.page(session, kinds=("recall",))
    assert [(line.n, line.did) for line in first + second] == [
        (9, "close"),
        (8, "publish"),
        (6, "close"),
    ]
    assert nothing == []


def test_an_untouched_log_verifies_and_continues_what_was_known(log: Store) -> None:
    with log.read() as session:
        known = audit.checkpoint(session)
        earlier = audit.checkpoint(session, size=2)
    log.write(lambda session: note(session, 5))
    with log.read() as session:
        assert audit.verify(session)
        assert audit.verify(session, known)
        assert audit.verify(session, earlier)
    assert (known.size, earlier.size) == (5, 2)


@pytest.mark.parametrize(
    "change",
    [
        {"who": "omar"},
        {"did": "claim"},
        {"report_id": "b" * 32},
        {"what": "identity 1"},
        {"purpose": ""},
        {"at": NOW},
        {"leaf": bytes(32)},
        {"n": 30},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_line_is_noticed(log: Store, change: dict[str, Any]) -> None:
    third = update(audit_log).where(audit_log.c.n == 3).values(**change)
    log.write(lambda session: session.execute(third))
    with log.read() as session:
        assert not audit.verify(session)


def test_a_removed_line_is_noticed(log: Store) -> None:
    with log.read() as session:
        known = audit.checkpoint(session)
    log.write(lambda session: session.execute(delete(audit_log).where(audit_log.c.n == 5)))
    with log.read() as session:
        # The end can be cut off unnoticed only by who also has the checkpoint.
        assert audit.verify(session)
        assert not audit.verify(session, known)
    log.write(lambda session: session.execute(delete(audit_log).where(audit_log.c.n == 2)))
    with log.read() as session:
        assert not audit.verify(session)


def test_a_line_rewritten_with_its_leaf_is_noticed_by_who_kept_a_checkpoint(log: Store) -> None:
    with log.read() as session:
        known = audit.checkpoint(session)
        line = audit.page(session, before=4, limit=1)[0]
    forged = audit.Line(3, line.at, "omar", line.did, line.report_id, line.what, line.purpose)
    third = update(audit_log).where(audit_log.c.n == 3)
    values = {"who": "omar", "leaf": leaf_hash(forged.to_bytes())}
    log.write(lambda session: session.execute(third.values(**values)))
    with log.read() as session:
        assert audit.verify(session)
        assert not audit.verify(session, known)


@pytest.mark.parametrize("size", [1, 2, 5, 6])
def test_a_long_log_is_read_in_slices(
    log: Store, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    # Smaller slices, so that five lines are a long log.
    with log.read() as session:
        whole = audit.checkpoint(session)
        monkeypatch.setattr(reading, "_SLICE", size)
        assert audit.checkpoint(session) == whole
        assert audit.verify(session, whole)


def test_an_empty_log_is_in_order(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'empty.db'}")
    audit_log.create(store.engine)
    with store.read() as session:
        assert audit.verify(session)
        assert audit.checkpoint(session) == audit.Checkpoint(0, EMPTY)
        assert audit.page(session) == []
    store.close()


def test_the_moment_is_the_same_in_every_time_zone() -> None:
    here = audit.Line(1, NOW, "noor", "claim", "", "", "")
    there = audit.Line(
        1, NOW.astimezone(timezone(timedelta(hours=5, minutes=30))), "noor", "claim", "", "", ""
    )
    assert here.to_bytes() == there.to_bytes()
