"""A quarter is told once, two weeks after it is over, and tells no small number to whoever knows all the others."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, event, insert, select, update

from hotline import audit
from hotline.domain.quarter import first_day, quarter_after, quarter_name
from hotline.domain.report import reference
from hotline.domain.urgency import Urgency
from hotline.errors import Malformed
from hotline.leads.wording import Fact, Problem
from hotline.reports import reports
from hotline.reports.tables import first_answers
from hotline.store import Session, Store, new_id
from hotline.triage import quarters, statistics, tallying
from hotline.triage.publishing import OTHERS, Act, Counts, Facet, by_chance, moved, tell
from hotline.triage.refusals import FACTS, UNFINISHED, Reason, reason_of
from hotline.triage.tables import quarter_tallies
from hotline.triage.tables import quarters as kept
from hotline.triage.withholding import LEAST, rounded
from tests.triage.conftest import Filing

SETTLED = datetime(2026, 10, 15, 0, 5, tzinfo=UTC)
IN_QUARTER = datetime(2026, 8, 20, 9, 30, tzinfo=UTC)
DESKS = ("north", "main")

SMALL = st.integers(1, LEAST - 1)
PARTS = st.dictionaries(st.sampled_from(["US", "GB", "KE", "TH", ""]), st.integers(0, 40))
REASONS = st.dictionaries(st.sampled_from(list(Reason)), st.integers(0, 40))
ACTS = st.dictionaries(st.sampled_from(list(Act)), st.integers(0, 40))
ANSWERS = st.dictionaries(
    st.sampled_from(list(Urgency)),
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda two: (sum(two), two[0])),
)
DRAWS = st.integers(-9, 9)


ENDS = (Act.LEGAL_OBJECTED, Act.LEGAL_COMPLIED, Act.LEGAL_WITHDRAWN)
ALONE = [act for act in Act if act not in (*ENDS, Act.LEGAL_RECEIVED)]


def made(countries: dict[str, int], **more: Any) -> Counts:
    return Counts(received=sum(countries.values()), countries=countries, **more)


def pages(quarters_of: list[Counts], draws: list[int]) -> list[list[tuple[str, str, int | None]]]:
    """Return what is told of some quarters, where chance moved their sums by *draws*."""
    lots = iter(draws)
    return [[*tell(counts, lambda: next(lots))] for counts in quarters_of]


@given(st.lists(PARTS, min_size=1, max_size=4), st.data())
def test_whoever_knows_all_but_one_number_cannot_tell_it_where_it_is_small(
    several: list[dict[str, int]], data: st.DataObject
) -> None:
    which = data.draw(st.integers(0, len(several) - 1))
    code = data.draw(st.sampled_from(["US", "GB", "KE", "TH", ""]))
    number, other = data.draw(SMALL), data.draw(SMALL)
    one, two = (
        [made({**its, code: n} if place == which else its) for place, its in enumerate(several)]
        for n in (number, other)
    )
    draws = data.draw(st.lists(DRAWS, min_size=8, max_size=8))
    # Chance may have moved the sum of that quarter by so much more or less that every page is the same.
    sums = [n for n, its in enumerate(one) if its.received]
    there = list(draws)
    there[sums.index(which)] += number - other
    assert pages(one, draws) == pages(two, there)


@given(REASONS, st.sampled_from(list(Reason)), SMALL, SMALL, DRAWS)
def test_so_it_is_with_why_leads_were_withheld(
    reasons: dict[str, int], reason: Reason, number: int, other: int, draw: int
) -> None:
    one, two = ({**reasons, reason: n} for n in (number, other))
    told = [*tell(Counts(reasons=one), lambda: draw)]
    assert told == [*tell(Counts(reasons=two), lambda: draw + number - other)]


@given(ACTS, st.sampled_from(ENDS), SMALL, SMALL, st.integers(0, 9), DRAWS)
def test_so_it_is_with_what_became_of_demands(
    acts: dict[Act, int], end: Act, number: int, other: int, open_ones: int, draw: int
) -> None:
    def of(n: int) -> Counts:
        ends = {**{one: acts.get(one, 0) for one in ENDS}, end: n}
        received = sum(ends.values()) + open_ones
        return Counts(acts={**acts, **ends, Act.LEGAL_RECEIVED: received})

    told = [*tell(of(number), lambda: draw)]
    assert told == [*tell(of(other), lambda: draw + number - other)]
    # Nor does a nought beside it, or the one that is withheld with it, tell itself apart.
    untold = [code for facet, code, count in told if facet is Facet.ACT and count is None]
    assert {end, *(one for one in ENDS if not acts.get(one, 0))} <= {*untold}


@given(ACTS, ANSWERS, st.sampled_from(ALONE), SMALL, SMALL, DRAWS)
def test_numbers_that_are_part_of_nothing_are_the_same_while_they_are_small(
    acts: dict[Act, int],
    answers: dict[Urgency, tuple[int, int]],
    act: Act,
    number: int,
    other: int,
    draw: int,
) -> None:
    one, two = (
        Counts(
            acts={**acts, act: n},
            answers={**answers, Urgency.NORMAL: (n, 0)},
            complaints={"north": n},
        )
        for n in (number, other)
    )
    assert [*tell(one, lambda: draw)] == [*tell(two, lambda: draw)]
    told = {(facet, code): count for facet, code, count in tell(one, lambda: draw)}
    assert told[Facet.ACT, act] is told[Facet.COMPLAINT, ""] is None
    assert told[Facet.ANSWER, Urgency.NORMAL] is told[Facet.IN_TIME, Urgency.NORMAL] is None


def test_a_sum_is_moved_by_little_and_by_any_number() -> None:
    lots = Counter(by_chance() for _ in range(4000))
    assert sum(lots[number] for number in range(-9, 10)) > 3800
    assert {-2, -1, 0, 1, 2} <= set(lots)
    assert [moved(count, lambda: 0) for count in (0, 3, 5, 12, 13)] == [0, None, 5, 10, 15]
    # Whether a sum is told at all depends on chance as well: 4 and 5 look alike.
    assert moved(4, lambda: 1) == 5
    assert moved(5, lambda: -1) is None


def test_quarters_follow_each_other() -> None:
    first = first_day("2026-Q3")
    assert first.isoformat() == "2026-07-01"
    assert quarter_after(first).isoformat() == "2026-10-01"
    assert quarter_after(first_day("2026-Q4")).isoformat() == "2027-01-01"
    assert [quarter_name(first_day(f"2026-Q{n}")) for n in range(1, 5)] == [
        "2026-Q1",
        "2026-Q2",
        "2026-Q3",
        "2026-Q4",
    ]


def test_each_fact_against_a_lead_is_one_reason_or_an_unfinished_form() -> None:
    named = [fact for facts in FACTS.values() for fact in facts]
    assert sorted([*named, *UNFINISHED]) == sorted(Fact)
    assert set(FACTS) == set(Reason)
    assert reason_of([Fact.MISSING]) is None
    assert reason_of([Fact.NUMBER, Fact.CHILD, Fact.MISSING]) is Reason.CHILD


def fill(store: Store, file: Filing) -> None:
    """Let the third quarter have 21 reports that count, most of them in one country, and things done."""
    for number in range(20):
        desk = DESKS[number % 2]
        file(desk=desk, day=f"2026-0{7 + number % 3}-1{number % 9}", country="KE", status="closed")
    file(desk="north", day="2026-09-30", country="TH")
    # Not of this quarter, or never counted.
    file(desk="north", day="2026-10-01", country="TH")
    file(desk="north", day="2026-08-01", country="TH", restricted=True)
    file(desk="north", day="2026-08-01", country="TH", joined_to="f" * 32)

    def work(session: Session) -> None:
        its = {"at": IN_QUARTER, "desk": "north"}
        for _ in range(7):
            audit.record(session, who="noor", did="publish", report_id=new_id(), **its)
        for _ in range(6):
            audit.record(session, who="noor", did="reveal", purpose="reply", **its)
        for _ in range(2):
            audit.record(session, who="noor", did="recall", **its)
        for purpose in ("emergency",) * 9 + ("law",) * 5:
            audit.record(session, who="noor", did="told", purpose=purpose, **its)
        late = its | {"at": datetime(2026, 10, 1, tzinfo=UTC)}
        for _ in range(9):
            audit.record(session, who="system", did="erased", what=reference("a" * 32), **late)
        for month, in_time, late_ones in (("2026-07", 40, 2), ("2026-09", 8, 0), ("2026-10", 9, 9)):
            row = {"desk": "north", "month": month, "urgency": 2}
            counts = {"in_time": in_time, "late": late_ones}
            session.execute(insert(first_answers).values(**row, **counts))

    store.write(work)
    for fact in [Fact.NO_CONSENT] * 12 + [Fact.NUMBER] * 8 + [Fact.CHILD, Fact.MISSING]:
        store.write(
            lambda s, fact=fact: tallying.note_withheld(s, [Problem("x", fact)], at=IN_QUARTER)
        )


def count(store: Store, at: datetime = SETTLED) -> int:
    while statistics.count_due(store, DESKS, at=at):
        pass
    return quarters.count_due(store, DESKS, at=at, draw=lambda: 0)


def test_a_quarter_is_told_as_it_was_and_keeps_that(store: Store, file: Filing) -> None:
    fill(store, file)
    store.write(
        lambda s: tallying.write_complaints(s, "2026-Q3", 6, desk="north", by="ines", at=IN_QUARTER)
    )
    assert count(store, SETTLED - timedelta(minutes=10)) == 0
    with store.read() as session:
        assert quarters.names(session) == ()
    while statistics.count_due(store, DESKS, at=SETTLED):
        pass
    assert quarters.count_due(store, DESKS, at=SETTLED, draw=lambda: 0) == 1
    with store.read() as session:
        assert quarters.names(session) == ("2026-Q3",)
        told = quarters.quarter(session, "2026-Q3")
        assert quarters.received(session, "2026-Q3", limit=8) == [("2026-Q3", 20)]
        # Nothing exact is kept anywhere.
        assert session.execute(select(quarter_tallies)).all() == []
        counts = session.execute(select(kept.c["count"])).scalars()
        facets = {Facet.IN_TIME: told.of(Facet.IN_TIME, "high")}
        assert {n for n in counts if n is not None and n % 5} == set()
    assert told.of(Facet.RECEIVED) == 20
    # One is of another country, so the other is not told either.
    assert told.parts(Facet.COUNTRY).cells == {}
    assert told.parts(Facet.COUNTRY).withholds
    assert facets == {Facet.IN_TIME: 95}
    assert told.of(Facet.ANSWER, "high") == 50
    assert [told.of(Facet.ACT, act) for act in Act] == [5, None, 0, 5, 0, 10, 5, 0, 0, 0, 0]
    assert told.of(Facet.WITHHELD) == 20
    assert told.parts(Facet.REASON).cells == {Reason.CONSENT: 10}
    assert told.told[Facet.REASON][OTHERS] is None
    assert told.knows_complaints
    assert told.of(Facet.COMPLAINT) == 5

    # Whatever becomes of what was counted, and however often it is counted, the numbers stay.
    store.write(lambda session: session.execute(delete(reports)))
    store.write(lambda session: session.execute(update(first_answers).values(late=99)))
    assert count(store, SETTLED + timedelta(days=60)) == 0
    with store.read() as session:
        assert quarters.quarter(session, "2026-Q3") == told


def test_two_that_count_at_once_tell_one_thing(store: Store, file: Filing) -> None:
    fill(store, file)
    while statistics.count_due(store, DESKS, at=SETTLED):
        pass
    rows = [*tell(Counts(received=90), lambda: 0)]
    store.write(lambda session: quarters._keep(session, "2026-Q3", rows))
    other = [*tell(Counts(received=10), lambda: 0)]
    store.write(lambda session: quarters._keep(session, "2026-Q3", other))
    with store.read() as session:
        assert quarters.quarter(session, "2026-Q3").of(Facet.RECEIVED) == rounded(90)
        assert not quarters.quarter(session, "2026-Q3").knows_complaints
    assert count(store) == 0


def test_a_quarter_waits_for_its_months_and_follows_the_last(store: Store, file: Filing) -> None:
    fill(store, file)
    statistics.count_due(store, DESKS, at=SETTLED, limit=100)
    assert quarters.count_due(store, DESKS, at=SETTLED) == 0
    later = datetime(2027, 1, 20, tzinfo=UTC)
    assert count(store, later) == 2
    with store.read() as session:
        assert quarters.names(session) == ("2026-Q4", "2026-Q3")
        assert quarters.names(session, limit=1) == ("2026-Q4",)
        two = quarters.received(session, "2026-Q4", limit=8)
        assert two == [("2026-Q3", 20), ("2026-Q4", None)]
        assert quarters.received(session, "2026-Q3", limit=8) == two[:1]


def test_where_nobody_ever_wrote_there_is_no_quarter(store: Store) -> None:
    assert count(store) == 0


def test_the_log_is_read_a_day_at_a_time_by_its_index(store: Store, file: Filing) -> None:
    fill(store, file)
    while statistics.count_due(store, DESKS, at=SETTLED):
        pass
    asked: list[tuple[str, Any]] = []
    event.listen(store._reader, "before_cursor_execute", lambda *its: asked.append(its[2:4]))
    quarters.count_due(store, DESKS, at=SETTLED)
    of_log = [one for one in asked if "FROM audit" in one[0]]
    assert len(of_log) == 92
    assert [words for words, _ in asked if "FROM reports" in words] == []
    with store.read() as session:
        plan = session.exec_driver_sql(f"EXPLAIN QUERY PLAN {of_log[0][0]}", of_log[0][1]).all()
    steps = " ".join(row[3] for row in plan)
    assert "audit_by_time (at>? AND at<?)" in steps
    assert "audit_waiting_in_order (at>? AND at<?)" in steps


def test_complaints_are_written_down_until_the_quarter_is_told(store: Store, file: Filing) -> None:
    fill(store, file)

    def write(name: str, number: int, at: datetime) -> None:
        store.write(
            lambda s: tallying.write_complaints(s, name, number, desk="main", by="ines", at=at)
        )

    after = datetime(2026, 10, 10, tzinfo=UTC)
    with store.read() as session:
        assert tallying.open_quarters(session, at=IN_QUARTER) == ["2026-Q3", "2026-Q2"][:1]
        assert tallying.open_quarters(session, at=after) == ["2026-Q4", "2026-Q3"]
        assert tallying.open_quarters(session, at=SETTLED) == ["2026-Q4"]
    write("2026-Q3", 40, IN_QUARTER)
    write("2026-Q3", 12, after)
    with store.read() as session:
        names = ("2026-Q3", "2026-Q4")
        assert tallying.complaints(session, "main", names) == {"2026-Q3": 12}
        assert tallying.complaints(session, "north", names) == {}
        lines = [line for line in audit.page(session) if line.did == "complaints"]
    assert [line.what for line in lines] == ["2026-Q3 12", "2026-Q3 40"]
    for name, number, at in (
        ("2026-Q3", 1, SETTLED),
        ("2027-Q1", 1, SETTLED),
        ("2026-Q4", -1, SETTLED),
        ("x", 1, SETTLED),
    ):
        with pytest.raises(Malformed):
            write(name, number, at)
    count(store)
    with store.read() as session:
        assert quarters.quarter(session, "2026-Q3").of(Facet.COMPLAINT) == 10
