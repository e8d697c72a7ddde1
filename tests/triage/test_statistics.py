"""Each month is counted once, as a plain count would, and keeps its numbers whatever becomes of its reports."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import delete, event, insert, select, update

from hotline.domain.urgency import Urgency
from hotline.domain.waiting import USUAL
from hotline.reports import messages, reports
from hotline.reports.tables import closings, first_answers
from hotline.reports.tallying import answered, concluded
from hotline.store import Session, Store, new_id
from hotline.triage import months, statistics
from hotline.triage.statistics import Facet, backlog, count_day, count_due
from hotline.triage.tables import statistics as kept
from hotline.triage.withholding import publish, share, total
from tests.examples import examples
from tests.triage.conftest import AT, Filing, file_report

SETTLED = datetime(2026, 11, 4, 0, 5, tzinfo=UTC)

FACTS = st.lists(
    st.fixed_dictionaries(
        {
            "day": st.dates(date(2026, 9, 25), date(2026, 11, 3)).map(date.isoformat),
            "desk": st.sampled_from(["north", "north", "north", "main"]),
            "channel": st.sampled_from(["sms", "sms", "web", "voice"]),
            "language": st.sampled_from(["es", "es", "en", "ti", "und"]),
            "urgency": st.integers(0, 3),
            "needs": st.lists(st.sampled_from(["shelter", "legal", "food"]), unique=True),
            "indicators": st.lists(st.sampled_from(["deception", "isolation"]), unique=True),
            "status": st.sampled_from(["open", "closed", "closed", "quarantined"]),
            "restricted": st.sampled_from([False, False, False, True]),
            "joined_to": st.sampled_from([None, None, None, "f" * 32]),
        }
    ),
    max_size=60,
)


def counted(facts: list[dict[str, object]], month: str) -> list[dict[str, object]]:
    return [
        one
        for one in facts
        if one["desk"] == "north"
        and str(one["day"]).startswith(month)
        and one["status"] != "quarantined"
        and not one["restricted"]
        and not one["joined_to"]
    ]


def by(facts: list[dict[str, object]], name: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in facts:
        values = one[name] if isinstance(one[name], list) else [one[name]]
        found.update(str(value) for value in values)  # type: ignore[union-attr]
    return found


@examples(30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=FACTS)
def test_a_month_says_what_a_plain_count_says(store: Store, facts: list[dict[str, object]]) -> None:
    def refill(session: Session) -> None:
        for table in (reports, messages, kept):
            session.execute(delete(table))
        for one in facts:
            file_report(session, **one)

    store.write(refill)
    while count_due(store, ["north", "main"], at=SETTLED):
        pass
    with store.read() as session:
        names = months.months(session, "north")
        found = {name: months.month(session, "north", name) for name in names}
        assert backlog(session, "north", at=SETTLED) == ()
    wrote = min((str(one["day"]) for one in facts if one["desk"] == "north"), default="")
    assert names == tuple(m for m in ("2026-10", "2026-09") if wrote and m >= wrote[:7])
    for name, month in found.items():
        its = counted(facts, name)
        assert month.total == total(len(its))
        assert month.facets[Facet.CHANNEL] == publish(by(its, "channel"))
        assert month.facets[Facet.LANGUAGE] == publish(by(its, "language"))
        assert month.facets[Facet.NEED] == publish(by(its, "needs"))
        assert month.facets[Facet.INDICATOR] == publish(by(its, "indicators"))
        ranks = by(its, "urgency")
        urgencies = {urgency: ranks[str(urgency.rank)] for urgency in Urgency}
        assert month.facets[Facet.URGENCY] == publish(urgencies)
        weekdays = Counter(str(date.fromisoformat(str(one["day"])).weekday()) for one in its)
        assert month.weekdays == publish(weekdays)
        weeks = dict.fromkeys((monday.isoformat() for monday in months.weeks_of(name)), 0)
        for one in counted(facts, "2026"):
            day = date.fromisoformat(str(one["day"]))
            monday = (day - timedelta(days=day.weekday())).isoformat()
            if monday in weeks:
                weeks[monday] += 1
        assert month.weeks == publish(weeks)


def test_a_month_is_told_once_it_is_settled_and_never_changes(store: Store, file: Filing) -> None:
    ids = [file(day=f"2026-10-{1 + n:02}", status="closed") for n in range(12)]
    late = datetime(2026, 11, 3, 23, 59, tzinfo=UTC)
    assert count_due(store, ["north"], at=late) == 0
    with store.read() as session:
        assert months.months(session, "north") == ()
        assert backlog(session, "north", at=late) == ()
        (waits,) = backlog(session, "north", at=SETTLED)
    assert (waits.month, waits.counted, waits.days) == ("2026-10", 0, 31)
    # Somebody is named for one before it is counted, and it is left out.
    store.write(
        lambda s: s.execute(update(reports).where(reports.c.id == ids[0]).values(restricted=True))
    )
    assert count_due(store, ["north"], at=SETTLED, limit=20) == 20
    with store.read() as session:
        assert months.months(session, "north") == ()
        (waits,) = backlog(session, "north", at=SETTLED)
    assert waits.counted == 20
    assert count_due(store, ["north"], at=SETTLED) == 11
    with store.read() as session:
        before = months.month(session, "north", "2026-10")
    assert before.total == 10

    # Whatever becomes of them later, and however often it is asked for, the numbers stay.
    store.write(lambda session: session.execute(delete(reports).where(reports.c.id.in_(ids[3:]))))
    file(day="2026-10-05")
    assert count_due(store, ["north"], at=SETTLED) == 0
    count_day(store, "north", date(2026, 10, 5))
    with store.read() as session:
        assert months.month(session, "north", "2026-10") == before
        assert months.months(session, "north") == ("2026-10",)


def test_a_page_reads_no_reports(store: Store, file: Filing) -> None:
    for number in range(9):
        file(day=f"2026-10-{1 + number:02}")
    count_due(store, ["north"], at=SETTLED)
    asked: list[str] = []
    event.listen(store._reader, "before_cursor_execute", lambda *its: asked.append(its[2]))
    with store.read() as session:
        months.months(session, "north")
        months.month(session, "north", "2026-10")
    assert [words for words in asked if "FROM reports" in words] == []
    # Counting a day looks into an index, whatever else there is.
    with store.read() as session:
        plan = session.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT channel, count(*) FROM reports WHERE desk = 'north' AND day = '2026-10-05'"
            " AND status != 'quarantined' AND NOT restricted AND joined_to IS NULL GROUP BY channel"
        ).all()
    assert any("reports_by_day (desk=? AND day=?)" in row[3] for row in plan), plan


def answers_of(store: Store) -> dict[tuple[str, int], tuple[int, int]]:
    with store.read() as session:
        rows = session.execute(select(first_answers)).all()
    return {(row.month, row.urgency): (row.in_time, row.late) for row in rows}


@pytest.mark.parametrize(
    ("urgency", "minutes", "is_late"),
    [(3, 5, False), (3, 6, True), (2, 60, False), (2, 61, True), (1, 240, False), (1, 241, True)],
)
def test_a_first_answer_is_counted_by_the_clock_of_its_urgency(
    store: Store, file: Filing, urgency: int, minutes: int, is_late: bool
) -> None:
    report = file(urgency=urgency)
    at = AT + timedelta(minutes=minutes)
    store.write(lambda session: answered(session, report, limits=USUAL, at=at))
    assert answers_of(store) == {("2026-11", urgency): (int(not is_late), int(is_late))}


def test_only_first_answers_to_whoever_waits_are_counted(store: Store, file: Filing) -> None:
    report = file()
    answer = {"report_id": report, "seq": 2, "direction": "out", "channel": "sms", "day": ""}
    # The machine's own answer is none.
    store.write(lambda s: s.execute(insert(messages).values(**answer, author="")))
    store.write(lambda session: answered(session, report, limits=USUAL, at=AT))
    assert answers_of(store) == {("2026-11", 1): (1, 0)}
    store.write(lambda s: s.execute(insert(messages).values(**{**answer, "seq": 3}, author="noor")))
    others = [
        report,
        file(restricted=True),
        file(joined_to=report),
        file(unanswered=False),
        file(waiting_since=None),
        new_id(),
    ]
    for other in others:
        store.write(lambda session, other=other: answered(session, other, limits=USUAL, at=AT))
    assert answers_of(store) == {("2026-11", 1): (1, 0)}


def test_answers_are_told_as_shares(store: Store, file: Filing) -> None:
    file(day="2026-10-01")
    count_due(store, ["north"], at=SETTLED)
    counts = {Urgency.IMMEDIATE: (3, 1), Urgency.HIGH: (30, 3), Urgency.NORMAL: (6, 4)}
    rows = [
        {"desk": "north", "month": "2026-10", "urgency": u.rank, "in_time": i, "late": late}
        for u, (i, late) in counts.items()
    ]
    store.write(lambda session: session.execute(insert(first_answers), rows))
    with store.read() as session:
        answers = months.month(session, "north", "2026-10").answers
    # The ten go with the four; a nought beside them is not told.
    assert {urgency: one.count for urgency, one in answers.items()} == {
        Urgency.IMMEDIATE: None,
        Urgency.HIGH: 35,
        Urgency.NORMAL: None,
        Urgency.NONE: None,
    }
    assert {urgency: one.in_time for urgency, one in answers.items() if one.in_time} == {
        Urgency.HIGH: share(30, 33)
    }


def test_endings_are_counted_by_how_they_ended(store: Store, file: Filing) -> None:
    ids = [file() for _ in range(6)]
    for report in [*ids, ids[0], file(restricted=True), file(joined_to=ids[0]), new_id()]:
        store.write(lambda s, report=report: concluded(s, report, outcome="referred", at=AT))
    with store.read() as session:
        rows = session.execute(select(closings)).all()
    assert [tuple(row) for row in rows] == [("north", "2026-11", "referred", 7)]


def test_days_of_months_follow_each_other() -> None:
    assert statistics.month_after(date(2026, 12, 31)) == date(2027, 1, 1)
    assert statistics.month_after(date(2028, 2, 29)) == date(2028, 3, 1)
    assert [day.isoformat() for day in months.weeks_of("2026-11")] == [
        "2026-10-26",
        "2026-11-02",
        "2026-11-09",
        "2026-11-16",
        "2026-11-23",
    ]
