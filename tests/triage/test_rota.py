"""Who is on duty follows the clocks on the wall, through every night and both changes of the year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from hotline import audit
from hotline.store import Store
from hotline.triage.rota import (
    DAY,
    NoSpan,
    Span,
    TooManySpans,
    gaps,
    on_duty,
    put_on,
    read_span,
    spans,
    take_off,
)
from hotline.vault.tables import members

MADRID = ZoneInfo("Europe/Madrid")
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MON, SAT, SUN = 0, 5, 6


@pytest.fixture
def desk(store: Store) -> Store:
    """A desk where Noor and Omar work; Eve is blocked."""
    for who in ("noor", "omar", "eve"):
        row = {column.name: b"" for column in members.columns if not column.nullable}
        row |= {column.name: "" for column in members.columns if column.type.python_type is str}
        row |= {column.name: 0 for column in members.columns if column.type.python_type is int}
        row |= {"id": who, "username": who, "blocked": who == "eve"}
        store.write(lambda session, row=row: session.execute(insert(members).values(row)))
    return store


def works(store: Store, who: str, first: str, last: str, *days: int) -> None:
    store.write(
        lambda session: put_on(
            session, who, desk="main", weekdays=days, hours=read_span(first, last), by=who, at=AT
        )
    )


def there(store: Store, at: datetime, zone: ZoneInfo = MADRID) -> set[str]:
    with store.read() as session:
        return set(on_duty(session, "main", zone, at=at))


def madrid(*moment: int, fold: int = 0) -> datetime:
    return datetime(*moment, tzinfo=MADRID, fold=fold).astimezone(UTC)


def test_hours_are_those_of_the_desk_and_end_when_they_say(desk: Store) -> None:
    works(desk, "noor", "09:00", "17:00", MON)
    moments = [madrid(2026, 3, 2, hour, minute) for hour, minute in ((8, 59), (9, 0), (16, 59), (17, 0))]  # fmt: skip
    assert [there(desk, at) for at in moments] == [set(), {"noor"}, {"noor"}, set()]
    assert there(desk, madrid(2026, 3, 3, 10)) == set()


def test_a_night_goes_on_past_midnight_and_past_the_end_of_the_week(desk: Store) -> None:
    works(desk, "noor", "22:00", "06:00", SUN)
    assert [there(desk, madrid(2026, 3, day, hour)) for day, hour in ((8, 23), (9, 5), (9, 6))] == [
        {"noor"},
        {"noor"},
        set(),
    ]
    works(desk, "omar", "00:00", "00:00", MON)
    assert there(desk, madrid(2026, 3, 9, 23, 59)) == {"omar"}
    assert there(desk, madrid(2026, 3, 10, 0, 0)) == set()


def test_no_change_of_clocks_leaves_a_gap(desk: Store) -> None:
    works(desk, "noor", "00:00", "02:30", SUN)
    works(desk, "omar", "02:30", "08:00", SUN)
    # 29 March 2026: after 01:59 it is 03:00. Nobody's hour is lost, and somebody is there at each minute.
    begins = madrid(2026, 3, 29, 1, 0)
    shown = [there(desk, begins + timedelta(minutes=10 * step)) for step in range(18)]
    assert shown[:6] == [{"noor"}] * 6
    assert shown[6:] == [{"omar"}] * 12
    # 25 October 2026: 02:00 to 02:59 comes twice, and each is there both times.
    begins = madrid(2026, 10, 25, 1, 30)
    shown = [there(desk, begins + timedelta(minutes=10 * step)) for step in range(15)]
    assert all(shown)
    first, second = madrid(2026, 10, 25, 2, 10), madrid(2026, 10, 25, 2, 10, fold=1)
    assert second - first == timedelta(hours=1)
    assert there(desk, first) == there(desk, second) == {"noor"}
    assert there(desk, first + timedelta(minutes=30)) == {"omar"}


def test_who_is_blocked_or_elsewhere_is_not_there(desk: Store) -> None:
    works(desk, "eve", "00:00", "00:00", *range(7))
    assert there(desk, AT) == set()
    with desk.read() as session:
        assert spans(session, "main") == ()
        assert on_duty(session, "north", MADRID, at=AT) == frozenset()


def test_the_week_says_when_nobody_is_there() -> None:
    assert gaps([]) == (((0, DAY),),) * 7
    week = [Span("noor", MON, 540, 1020), Span("omar", MON, 600, 1200), Span("omar", SUN, 1320, 1800)]  # fmt: skip
    found = gaps(week)
    # The night of Sunday ends on Monday, where the week begins anew.
    assert found[MON] == ((360, 540), (1200, DAY))
    assert found[1] == ((0, DAY),)
    assert found[SUN] == ((0, 1320),)
    assert gaps([Span("noor", day, 480, 480 + DAY) for day in range(7)]) == ((),) * 7


def test_what_is_no_span_is_refused(desk: Store) -> None:
    for first, last in (("", "10:00"), ("25:00", "10:00"), ("9", "10"), ("09:00", "noon")):
        with pytest.raises(NoSpan):
            read_span(first, last)
    assert read_span("٠٩:٠٠", "17:30") == (540, 1050)
    with pytest.raises(NoSpan):
        works(desk, "noor", "09:00", "10:00", 9)
    for hour in range(8):
        works(desk, "noor", f"{hour:02}:00", f"{hour:02}:30", *range(7))
    with pytest.raises(TooManySpans):
        works(desk, "noor", "09:00", "10:00", *range(7))


def test_what_begins_at_the_same_minute_is_said_anew_and_the_log_knows(desk: Store) -> None:
    works(desk, "noor", "09:00", "17:00", MON, SAT)
    works(desk, "noor", "09:00", "12:00", MON)
    with desk.read() as session:
        assert spans(session, "main") == (Span("noor", 0, 540, 720), Span("noor", 5, 540, 1020))
    for _ in range(2):
        desk.write(
            lambda session: take_off(
                session, "noor", desk="main", weekday=0, from_minute=540, by="ines", at=AT
            )
        )
    with desk.read() as session:
        assert [one.weekday for one in spans(session, "main")] == [SAT]
        lines = [(line.did, line.what) for line in audit.page(session)]
    assert sorted(lines) == [("rota_off", "noor"), ("rota_on", "noor"), ("rota_on", "noor")]
