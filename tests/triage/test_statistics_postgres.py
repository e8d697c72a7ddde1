"""Days, answers, endings and the work of a desk are counted alike on PostgreSQL, also by two at the same time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.audit import record
from hotline.domain.urgency import Urgency
from hotline.domain.waiting import USUAL
from hotline.jobs import Job, later
from hotline.jobs.summing import kinds
from hotline.migrations import create_all
from hotline.reports.tables import closings, first_answers
from hotline.reports.tallying import answered, concluded
from hotline.store import Session, Store
from hotline.triage import months, sampling, workload
from hotline.triage.statistics import Facet, count_due
from tests.triage.conftest import AT, OneEpoch, file_report
from tests.triage.test_statistics import SETTLED


@pytest.fixture
def shared(postgres_url: str) -> Iterator[Store]:
    store = Store(postgres_url)
    create_all(store)
    yield store
    store.close()


def test_two_who_count_the_same_month_count_it_once(shared: Store) -> None:
    def fill(session: Session) -> None:
        for number in range(12):
            file_report(session, day="2026-10-05", needs=["shelter"], status="closed")
            file_report(session, day=f"2026-10-{number + 6:02}", language="es", status="closed")

    shared.write(fill)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: count_due(shared, ["north"], at=SETTLED), range(2)))
    with shared.read() as session:
        found = months.month(session, "north", *months.months(session, "north"))
    assert found.total == 25
    assert found.facets[Facet.LANGUAGE].cells == {"en": 10, "es": 10}
    assert found.facets[Facet.NEED].cells == {"shelter": 10}


def test_answers_and_endings_are_counted_by_many_at_once(shared: Store) -> None:
    ids = shared.write(lambda session: [file_report(session) for _ in range(12)])

    def count(report: str) -> None:
        shared.write(lambda session: answered(session, report, limits=USUAL, at=AT))
        shared.write(lambda session: concluded(session, report, outcome="safe_now", at=AT))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(count, ids))
    with shared.read() as session:
        assert session.execute(select(first_answers)).one()[3:] == (12, 0)
        assert session.execute(select(closings)).one()[3] == 12


def test_the_work_of_a_desk_is_counted(shared: Store) -> None:
    def fill(session: Session) -> None:
        held = {"claimed_by": "noor", "claimed_until": AT + timedelta(minutes=9)}
        report = file_report(session, urgency=3, language="ti", **held)
        file_report(session, urgency=3, waiting_since=AT - timedelta(minutes=6))
        its = {"at": AT, "who": "noor", "did": "reveal", "desk": "north", "report_id": report}
        record(session, **its)  # type: ignore[arg-type]
        later(session, Job("send", "a", AT - timedelta(hours=1)))

    shared.write(fill)
    with shared.read() as session:
        now = workload.waiting(session, "north", staff_id="ines", limits=USUAL, at=AT)
        its = now.urgencies[Urgency.IMMEDIATE]
        assert (its.open, its.unanswered, its.free, its.over) == (2, 2, 1, 1)
        assert workload.held(session, ["noor", "omar"], staff_id="ines", at=AT) == {"noor": 1}
        assert workload.revealed(session, ["noor"], staff_id="ines", at=AT) == {"noor": 1}
        assert workload.asked(session, "north", staff_id="ines", at=AT) == 0
        (job,) = kinds(session, at=AT)
    assert (job.name, job.late, job.due_at) == ("send", 1, AT - timedelta(hours=1))


def test_lots_are_drawn_and_reviewed(shared: Store) -> None:
    keyring = OneEpoch()
    report = shared.write(lambda session: file_report(session, day="2026-10-05", status="closed"))
    its = {"desk": "north", "by": "ines", "at": AT}
    drawn = {**its, "month": "2026-10", "count": 3}
    assert shared.write(lambda session: sampling.draw(session, **drawn)) == 1  # type: ignore[arg-type]
    assert shared.write(lambda session: sampling.draw(session, **drawn)) == 0  # type: ignore[arg-type]
    answers = dict.fromkeys(sampling.QUESTIONS, "no")
    facts = {**its, "keyring": keyring, "answers": answers, "words": "Ask first."}
    shared.write(lambda session: sampling.review(session, report, **facts))  # type: ignore[arg-type]
    with shared.read() as session:
        found = sampling.results(session, desk="north", month="2026-10", staff_id="ines")
    assert {one["no"] for one in found.values()} == {1}
