"""No report waits unseen: a score may put it first, and never puts it away; a person opens each."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline import audit
from hotline.domain.urgency import Urgency
from hotline.domain.waiting import Limits
from hotline.reports import reports
from hotline.store import Store
from hotline.triage.alerts import GoesByItself, open_alerts, settle
from hotline.triage.escalating import sweep
from hotline.triage.opening import is_news, opened
from hotline.triage.tables import alerts, pages
from tests.house import House, found_house
from tests.triage.conftest import AT, Filing, OneEpoch
from tests.triage.shift import Shift

HOUR = timedelta(hours=1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = found_house(tmp_path)
    yield house
    house.close()


def swept(store: Store, at, limits: Limits | None = None) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    sweep(store, ["north"], lambda _desk: limits or Limits(), at=at)
    with store.read() as session:
        found = open_alerts(session, "north")
    return sorted((one.kind, one.report_id) for one in found)


def opens(store: Store, report: str, at=AT) -> None:  # type: ignore[no-untyped-def]
    store.write(
        lambda session: opened(session, report, desk="north", by="noor", may_answer=True, at=at)
    )


def test_each_level_has_its_clock_and_is_told_once(store: Store, file: Filing) -> None:
    by_rank = {urgency.rank: file(urgency=urgency.rank, is_opened=True) for urgency in Urgency}
    before = [(5, []), (6, [3]), (60, [3]), (61, [3, 2]), (241, [3, 2, 1, 0])]
    for minutes, ranks in before:
        late = sorted(("clock_over", by_rank[rank]) for rank in ranks)
        assert swept(store, AT + timedelta(minutes=minutes)) == late
        assert swept(store, AT + timedelta(minutes=minutes)) == late
    with store.read() as session:
        paged = session.execute(select(pages.c.reason, pages.c.report_id)).all()
    # For the immediate one somebody was paged at once; that page still goes round.
    assert sorted(row.reason for row in paged) == ["clock_over"] * 3 + ["immediate"]


def test_a_desk_may_have_shorter_clocks(store: Store, file: Filing) -> None:
    report = file(urgency=2, is_opened=True)
    quick = Limits(high=timedelta(minutes=30))
    assert swept(store, AT + timedelta(minutes=31), quick) == [("clock_over", report)]


def test_a_person_opens_every_report_within_four_hours_whatever_its_score(
    store: Store, file: Filing
) -> None:
    unlikely, aside = file(urgency=0), file(urgency=0, status="quarantined")
    seen = file(urgency=0, is_opened=True)
    slow = Limits(normal=8 * HOUR, none=8 * HOUR)
    assert swept(store, AT + timedelta(hours=3, minutes=59), slow) == []
    # No setting makes it longer; what stands in quarantine has an alert of its own.
    assert swept(store, AT + 4 * HOUR, slow) == [("unopened", unlikely)]
    with store.read() as session:
        assert session.execute(select(reports.c.status).where(reports.c.id == unlikely)).one() == (
            "open",
        )
    with store.read() as session, pytest.raises(GoesByItself):
        settle(
            session,
            session.execute(select(alerts.c.id)).scalar_one(),
            keyring=OneEpoch(),  # type: ignore[arg-type]
            desk="north",
            by="ines",
            remark="junk",
            at=AT,
        )
    opens(store, unlikely)
    assert swept(store, AT + 5 * HOUR, slow) == []
    assert aside != seen


def test_what_was_opened_still_waits_for_an_answer(store: Store, file: Filing) -> None:
    report = file(urgency=1)
    # One thing at a time: that no person opened it says more than that its clock is over.
    assert swept(store, AT + 5 * HOUR) == [("unopened", report)]
    opens(store, report)
    assert swept(store, AT + 5 * HOUR) == [("clock_over", report)]


def test_opening_is_written_down_once_and_costs_no_write_afterwards(
    store: Store, file: Filing
) -> None:
    report = file(urgency=1)
    with store.read() as session:
        assert is_news(session, report)
    for _ in range(2):
        opens(store, report)
    with store.read() as session:
        assert not is_news(session, report)
        assert [(line.did, line.who) for line in audit.of_report(session, report)] == [
            ("opened", "noor")
        ]


def test_a_raised_urgency_is_told_anew_and_an_answer_takes_it_back(
    store: Store, file: Filing
) -> None:
    report = file(urgency=2, is_opened=True)
    assert swept(store, AT + 2 * HOUR) == [("clock_over", report)]
    its = reports.update().where(reports.c.id == report)
    store.write(lambda session: session.execute(its.values(urgency=3)))
    assert swept(store, AT + 2 * HOUR) == [("clock_over", report)]
    with store.read() as session:
        assert session.execute(select(alerts.c.once)).scalars().all() == [f"{report} 3"]
    store.write(lambda session: session.execute(its.values(unanswered=False)))
    assert swept(store, AT + 2 * HOUR) == []
    # They write again: a new wait, and a new clock.
    store.write(
        lambda session: session.execute(its.values(unanswered=True, waiting_since=AT + 3 * HOUR))
    )
    assert swept(store, AT + 3 * HOUR) == []
    assert swept(store, AT + 4 * HOUR) == [("clock_over", report)]


def test_what_is_let_in_from_quarantine_or_raised_is_paged_for(store: Store, file: Filing) -> None:
    report = file(urgency=3, status="quarantined")
    swept(store, AT)
    with store.read() as session:
        assert session.execute(select(pages.c.id)).all() == []
    its = reports.update().where(reports.c.id == report).values(status="open")
    store.write(lambda session: session.execute(its))
    for _ in range(2):
        swept(store, AT)
    with store.read() as session:
        assert session.execute(select(pages.c.reason)).scalars().all() == ["immediate"]


def test_an_overdue_report_is_looked_for_in_an_index(store: Store, file: Filing) -> None:
    file()
    with store.read() as session:
        query = select(reports.c.id).where(
            reports.c.desk == "north",
            reports.c.status == "open",
            reports.c.urgency == 1,
            reports.c.unanswered,
            reports.c.waiting_since <= AT,
        )
        asked = str(query.compile(store.engine, compile_kwargs={"literal_binds": True}))
        plan = session.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}").all()
    assert "reports_unanswered" in str(plan)


def test_a_later_message_raises_what_it_was_taken_for_and_never_lowers_or_closes_it(
    house: House,
) -> None:
    shift = Shift.of(house)
    shift.wears("noor")
    shift.works("noor")
    report = shift.texts("hello, is this the number for help at work?")
    shift.runs()
    assert shift.told() == []
    shift.texts("He has a knife and will kill me tonight, help me")
    shift.runs()
    assert shift.told() == ["noor"]
    shift.texts("ok")
    with house.hotline.store.read() as session:
        row = session.execute(select(reports).where(reports.c.id == report)).one()
    assert (row.urgency, row.status, row.unanswered) == (Urgency.IMMEDIATE.rank, "open", True)
    # The third message asks nobody anew: somebody is asked already.
    shift.runs(minutes=1)
    assert shift.told() == ["noor"]


def test_only_automatic_answers_are_no_answer_by_a_person(house: House) -> None:
    shift = Shift.of(house)
    report = shift.texts("hello")
    shift.runs(hours=4, minutes=1)
    assert shift.alerts() == [("unopened", report)]
