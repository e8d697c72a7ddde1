"""How long a person may wait to hear from us, counted from days that are there anyway."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert

from hotline.law import Feedback
from hotline.reports.tables import messages, reports
from hotline.retention.feedback import Kind, clocks_of, late, months_after

AT = datetime(2026, 3, 20, 12, tzinfo=UTC)
BOTH = Feedback(7, 3)
ROW = {
    "desk": "main", "channel": "web", "locale": "en", "language": "en", "country": "", "status": "open", "urgency": 1,
    "minor": False, "bystander": False, "needs": [], "indicators": [], "rules": [], "messages": 1, "unanswered": True,
}  # fmt: skip


@pytest.fixture
def kept(house):
    store = house.hotline.store

    def keep(report_id: str, day: str, *answers: str, **facts: object) -> None:
        def write(session):
            session.execute(insert(reports), {"id": report_id, "day": day, **ROW, **facts})
            said = [("in", "", day), ("out", "", day), *(("out", "noor", one) for one in answers)]
            for seq, (direction, author, its_day) in enumerate(said, 1):
                row = {"report_id": report_id, "seq": seq, "direction": direction, "channel": "web"}
                session.execute(insert(messages), {**row, "author": author, "day": its_day})

        store.write(write)

    keep.read = lambda act: _read(store, act)
    return keep


def _read(store, act):
    with store.read() as session:
        return act(session)


def clocks(kept, report_id, day, feedback=BOTH):
    found = kept.read(lambda session: clocks_of(session, report_id, day, feedback))
    return [(one.kind, one.due_day, one.kept_day) for one in found]


def page(kept, feedback=BOTH, desk="main", **more):
    found = kept.read(lambda session: late(session, desk, feedback, at=AT, **more))
    return [(one.report_id, one.kind, one.is_over(AT)) for one in found]


def test_what_a_machine_says_answers_nobody(kept):
    kept("a", "2026-03-01")
    assert clocks(kept, "a", "2026-03-01") == [
        (Kind.ACKNOWLEDGE, "2026-03-08", ""),
        # Without an acknowledgement the months run from the day by which it was due.
        (Kind.ANSWER, "2026-06-08", ""),
    ]


def test_the_first_answer_acknowledges_and_the_second_tells_what_became_of_it(kept):
    kept("a", "2026-03-01", "2026-03-02")
    assert clocks(kept, "a", "2026-03-01") == [
        (Kind.ACKNOWLEDGE, "2026-03-08", "2026-03-02"),
        (Kind.ANSWER, "2026-06-02", ""),
    ]
    kept("b", "2026-03-01", "2026-03-02", "2026-03-19", "2026-03-20")
    assert clocks(kept, "b", "2026-03-01")[1] == (Kind.ANSWER, "2026-06-02", "2026-03-19")


@pytest.mark.parametrize(
    ("feedback", "kinds"),
    [
        (Feedback(0, 3), [Kind.ANSWER]),
        (Feedback(7, 0), [Kind.ACKNOWLEDGE]),
        (Feedback(0, 0), []),
    ],
)
def test_a_clock_may_be_off(kept, feedback, kinds):
    kept("a", "2026-01-01")
    assert [kind for kind, _, _ in clocks(kept, "a", "2026-01-01", feedback)] == kinds
    assert [kind for _, kind, _ in page(kept, feedback)] == kinds[:1]


def test_the_oldest_report_stands_first_and_what_is_closed_not_at_all(kept):
    kept("b", "2026-03-01")
    kept("a", "2026-03-15")
    kept("c", "2025-12-01", "2025-12-02")
    kept("d", "2025-12-01", "2025-12-02", "2025-12-20")
    kept("e", "2025-12-01", status="closed")
    kept("f", "2025-12-01", status="quarantined")
    kept("g", "2025-12-01", desk="north")
    assert page(kept) == [
        ("c", Kind.ANSWER, True),
        ("b", Kind.ACKNOWLEDGE, True),
        ("a", Kind.ACKNOWLEDGE, False),
    ]


def test_the_page_goes_on_where_it_ended(kept):
    for number in range(5):
        kept(f"r{number}", f"2026-03-0{number // 2 + 1}")
    first = page(kept, limit=2)
    rest = page(kept, limit=2, after=first[-1][0])
    last = page(kept, limit=2, after=rest[-1][0])
    assert [one[0] for one in (*first, *rest, *last)] == ["r0", "r1", "r2", "r3", "r4"]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(start, months, end):
    assert months_after(start, months) == end
