"""Who must hear from us by law does, or supervisors are called: before the day is over, and each day after it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from hotline.law import Feedback, Jurisdiction, Law
from hotline.reports.tables import messages, reports
from hotline.store import Store
from hotline.triage.access import hidden_from
from hotline.triage.alerts import open_alerts
from hotline.triage.duties import remind
from tests.triage.conftest import AT, Filing

DAY = timedelta(days=1)


def called(store: Store, at: datetime, law: Law | None = None) -> list[str]:
    remind(store, ["north"], law or Law(), at=at)
    with store.read() as session:
        return [one.kind for one in open_alerts(session, "north")]


def answers(store: Store, report: str, at: datetime, seq: int = 2, author: str = "noor") -> None:
    row = {"report_id": report, "seq": seq, "direction": "out", "channel": "sms"}
    row |= {"day": at.date().isoformat(), "author": author}
    store.write(lambda session: session.execute(insert(messages).values(row)))


def test_supervisors_are_called_a_day_before_until_somebody_answers(
    store: Store, file: Filing
) -> None:
    report = file()
    assert called(store, AT + 5 * DAY) == []
    answers(store, report, AT, author="")
    for days in (6, 6, 7, 30):
        # One call stands at a time, a new one each day.
        assert called(store, AT + days * DAY) == ["feedback_due"]
    answers(store, report, AT + 30 * DAY, seq=3)
    assert called(store, AT + 30 * DAY) == []
    # The answer is due three months after we wrote first: by 25 March.
    assert called(store, datetime.fromisoformat("2027-03-23T12:00Z")) == []
    assert called(store, datetime.fromisoformat("2027-03-24T12:00Z")) == ["feedback_due"]
    answers(store, report, AT, seq=4)
    assert called(store, datetime.fromisoformat("2027-03-24T12:00Z")) == []


def test_of_a_restricted_report_those_alone_hear_who_are_named(store: Store, file: Filing) -> None:
    report = file()
    store.write(
        lambda session: session.execute(
            update(reports).where(reports.c.id == report).values(restricted=True)
        )
    )
    for _ in range(2):
        assert called(store, AT + 6 * DAY) == ["feedback_due"]
        with store.read() as session:
            assert [one.report_id for one in open_alerts(session, "north")] == [report]
            hidden = hidden_from("omar")
            assert open_alerts(session, "north", hidden=hidden) == ()
    file()
    assert called(store, AT + 6 * DAY) == ["feedback_due"] * 2


def test_what_is_closed_or_aside_waits_for_nobody(store: Store, file: Filing) -> None:
    file(status="closed", unanswered=False)
    file(status="quarantined")
    assert called(store, AT + 300 * DAY) == []


@pytest.mark.parametrize(("days", "months", "due"), [(2, 0, 1), (0, 1, 37), (0, 0, 0)])
def test_the_clocks_are_those_of_the_jurisdiction_and_may_be_off(
    store: Store, file: Filing, days: int, months: int, due: int
) -> None:
    law = Law({"IE": Jurisdiction("IE", "Ireland", "all", feedback=Feedback(days, months))}, "IE")
    file()
    if not due:
        assert called(store, AT + 300 * DAY, law) == []
        return
    assert called(store, AT + (due - 1) * DAY, law) == []
    assert called(store, AT + due * DAY, law) == ["feedback_due"]
