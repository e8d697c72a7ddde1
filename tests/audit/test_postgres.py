"""The same log on PostgreSQL, where many write at once and two may try to number."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from hotline import audit
from hotline.audit.tables import audit_log
from hotline.store import Session, Store
from tests.audit.conftest import LATER, check, make_tables, note


@pytest.fixture
def shared(postgres_url: str) -> Iterator[Store]:
    store = Store(postgres_url)
    make_tables(store)
    yield store
    store.close()


def numbers(store: Store) -> list[int]:
    with store.read() as session:
        return list(session.execute(select(audit_log.c.n).order_by(audit_log.c.n)).scalars())


def number(store: Store, **more: object) -> int:
    return store.write(lambda session: audit.sequence(session, at=LATER, **more))  # type: ignore[arg-type]


def test_writers_and_sequencers_at_once_leave_no_gap_and_no_double(shared: Store) -> None:
    def write(one: int) -> None:
        shared.write(lambda session: note(session, one))
        number(shared, limit=7)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(120)))
    while number(shared):
        pass
    assert numbers(shared) == list(range(1, 121))
    with shared.read() as session:
        whats = {line.what for line in audit.page(session, limit=200)}
    assert whats == {f"message {one}" for one in range(120)}
    assert check(shared) == ("whole", 0)


def test_a_second_sequencer_gives_way_and_a_patient_one_waits(shared: Store) -> None:
    shared.write(lambda session: [note(session, one) for one in range(4)])
    begun, ends = threading.Event(), threading.Event()

    def slowly(session: Session) -> int:
        count = audit.sequence(session, at=LATER, limit=2)
        begun.set()
        assert ends.wait(30)
        return count

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(shared.write, slowly)
        assert begun.wait(30)
        assert number(shared) == 0
        patient = pool.submit(number, shared, is_patient=True)
        ends.set()
        assert (first.result(30), patient.result(30)) == (2, 2)
    assert numbers(shared) == [1, 2, 3, 4]
    assert check(shared) == ("whole", 0)


def test_a_sequencer_that_is_killed_leaves_its_lines_to_the_next(shared: Store) -> None:
    shared.write(lambda session: [note(session, one) for one in range(3)])
    with shared.engine.connect() as doomed:
        transaction = doomed.begin()
        assert audit.sequence(doomed, at=LATER) == 3
        pid = doomed.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with shared.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        doomed.invalidate()
        transaction.close()
    assert numbers(shared) == []
    assert number(shared, is_patient=True) == 3
    assert check(shared) == ("whole", 0)
