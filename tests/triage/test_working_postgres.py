"""Tasks, tags, links, codes and merged reports on PostgreSQL: the same as on SQLite."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from hotline import consent, triage
from hotline.domain.outcome import Outcome
from hotline.migrations import create_all
from hotline.reports import joined, reports
from hotline.retention import endings
from hotline.store import Store
from hotline.triage import disagreeing, linking, merging, outcomes, proposals, tags, tasks
from tests.triage.conftest import AT, file_report
from tests.triage.test_tasks import DESK

ITS: dict[str, Any] = {"desk": "north", "by": "noor", "at": AT}


@pytest.fixture
def shared(postgres_url: str) -> Iterator[Store]:
    store = Store(postgres_url)
    create_all(store)
    yield store
    store.close()


def test_work_goes_on_there_as_it_does_here(shared: Store) -> None:
    one, other = shared.write(
        lambda session: (file_report(session, rules=["captive"]), file_report(session, urgency=3))
    )

    def work(session: Any) -> None:
        sealed = {**ITS, "keyring": DESK}
        for hours in (3, 1, 2):
            due = AT + timedelta(hours=hours)
            tasks.make(session, one, words="call", to="noor", due_at=due, **sealed)
        its = {"rule": "captive", "choice": "past", "words": ""}
        disagreeing.disagree(session, one, **its, **sealed)
        disagreeing.disagree(session, one, **{**its, "choice": "meaning"}, **sealed)
        tag = tags.add(session, "boat", masked=lambda _: [], **ITS)
        tags.put_on(session, one, chosen=[tag], **ITS)
        linking.link(session, one, other_id=other, reason=linking.Link.SAME_PLACE, **ITS)
        pair = ("control", "DebtBondage")
        proposals.decide(session, one, pair=pair, is_accepted=True, **ITS)
        session.execute(update(reports).where(reports.c.id == other).values(joined_to=one))

    shared.write(work)
    with shared.read() as session:
        due = [task.due_at for task in tasks.of_staff(session, "noor", "north")]
        assert due == sorted(due, key=lambda at: at or AT)
        page = tasks.of_staff(session, "noor", "north", limit=2)
        rest = tasks.of_staff(session, "noor", "north", after=page[-1].id)
        assert [task.due_at for task in (*page, *rest)] == due
        (row,) = disagreeing.disputed(session, "north")
        assert (row.rule, row.counts["meaning"]) == ("captive", 1)
        assert linking.linked(session, one, staff_id="noor")[0].report_id == other
        assert tags.tags_of(session, one)
        assert not tags.tags_of(session, other)
        assert joined.family(session, other) == tuple(sorted((one, other)))
        assert consent.case_of(session, one, lock=True).is_there
    its = {"keyring": DESK, "outcome": Outcome.SAFE_NOW, **ITS}
    shared.write(lambda session: triage.close(session, one, **its))
    with shared.read() as session:
        assert endings.are_drawn(session, other)
        assert [task.state for task in tasks.of_report(session, one)] == ["ended"] * 3
    answers = {"well": "quick"}
    shared.write(lambda session: outcomes.learn(session, one, keyring=DESK, answers=answers, **ITS))

    def forget(session: Any) -> None:
        for room in (tasks, tags, linking, outcomes, disagreeing, proposals, merging):
            room.forget(session, one)

    shared.write(forget)
    with shared.read() as session:
        row = session.execute(select(reports).where(reports.c.id == other)).one()
        assert row.joined_to is None
