"""A service is open when its schedules say so: at its own hour, over midnight, every second Thursday."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.hours import schedules as read_schedules
from referral.schedule import Freq, Open, Opening, Schedule, occurs, opening

MO, TU, WE, TH, FR, SA, SU = range(7)
WEST = timedelta(hours=-8)


def every(*days, **rule):
    """Nine to five on *days*."""
    hours = {"opens": time(9), "closes": time(17), "byday": tuple((0, day) for day in days)}
    return Schedule(**(hours | rule))


def at(day, hour, minute=0):
    """Return an instant of November 2026 in UTC; the 25th is a Wednesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def days_of(schedule, first=date(2026, 11, 1), days=61):
    found = (first + timedelta(days=n) for n in range(days))
    return [day.isoformat()[5:] for day in found if occurs(schedule, day)]


def test_open_between_its_hours_and_closed_at_the_closing_hour():
    office = [every(MO, TU, WE)]

    assert opening(office, at(25, 9)) == Opening(Open.NOW, until=at(25, 17))
    assert opening(office, at(25, 16, 59)).state is Open.NOW
    assert opening(office, at(25, 17)) == Opening(Open.LATER, opens=at(30, 9))
    assert opening(office, at(25, 8, 59)) == Opening(Open.LATER, opens=at(25, 9))


def test_hours_are_local_to_their_offset():
    office = [every(MO, TU, WE, offset=WEST)]

    # Seventeen hours UTC is nine in the morning, eight hours west.
    assert opening(office, at(25, 16, 59)).opens == at(25, 17)
    assert opening(office, at(25, 17)).until == at(26, 1)


def test_a_night_ends_on_the_next_day():
    night = [every(WE, opens=time(19), closes=time(8))]

    assert opening(night, at(26, 3)) == Opening(Open.NOW, until=at(26, 8))
    assert opening(night, at(25, 3)).state is Open.LATER


def test_windows_that_touch_are_one():
    by_day, by_night = (
        every(WE, opens=time(8), closes=time(20)),
        every(WE, opens=time(20), closes=time(8)),
    )

    assert opening([by_day, by_night], at(25, 9)).until == at(26, 8)


def test_a_house_that_never_closes_has_no_end():
    assert opening([Schedule(time(0), time(0))], at(25, 9)) == Opening(Open.NOW)


def test_no_schedule_is_not_known_and_a_past_one_opens_no_more():
    assert opening([], at(25, 9)).state is Open.NOT_KNOWN
    assert opening([every(WE, valid_to=date(2026, 11, 18))], at(25, 9)).state is Open.NO_MORE


def test_the_earliest_of_several_is_next():
    assert opening([every(FR), every(TH)], at(25, 9)).opens == at(26, 9)


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        (
            every(MO, SU, valid_from=date(2026, 12, 14), valid_to=date(2026, 12, 21)),
            ["12-14", "12-20", "12-21"],
        ),
        (every(dtstart=date(2026, 11, 5)), ["11-05"]),
        (
            every(dtstart=date(2026, 12, 10), freq=Freq.WEEKLY, until=date(2026, 12, 30)),
            ["12-10", "12-17", "12-24"],
        ),
        (
            every(TH, dtstart=date(2026, 11, 12), freq=Freq.WEEKLY, interval=2),
            ["11-12", "11-26", "12-10", "12-24"],
        ),
        (
            every(TU, TH, dtstart=date(2026, 11, 12), freq=Freq.WEEKLY, count=3),
            ["11-12", "11-17", "11-19"],
        ),
        # The week begins on Sunday here, so a Sunday belongs to the week that follows it.
        (
            every(
                TU, SU, dtstart=date(2026, 11, 10), freq=Freq.WEEKLY, interval=2, wkst=SU, count=4
            ),
            ["11-10", "11-22", "11-24", "12-06"],
        ),
        (
            every(
                TU, SU, dtstart=date(2026, 11, 10), freq=Freq.WEEKLY, interval=2, wkst=MO, count=4
            ),
            ["11-10", "11-15", "11-24", "11-29"],
        ),
        (every(MO, freq=Freq.WEEKLY, byweekno=(46, -1)), ["11-09", "12-28"]),
        (every(freq=Freq.WEEKLY, byyearday=(311, -1)), ["11-07", "12-31"]),
        (every(freq=Freq.MONTHLY, bymonthday=(1, -1)), ["11-01", "11-30", "12-01", "12-31"]),
        (every(freq=Freq.MONTHLY, byday=((1, SA), (-1, FR))), ["11-07", "11-27", "12-05", "12-25"]),
        (every(freq=Freq.MONTHLY, byday=((0, MO),), bymonthday=(2, 9)), ["11-02", "11-09"]),
        (every(freq=Freq.MONTHLY, dtstart=date(2026, 10, 31)), ["12-31"]),
        (every(freq=Freq.MONTHLY, dtstart=date(2026, 9, 15), interval=2), ["11-15"]),
    ],
)
def test_a_rule_recurs_as_ical_has_it(schedule, days):
    assert days_of(schedule) == days


def test_without_any_rule_it_is_every_day():
    assert len(days_of(every())) == 61
    assert len(days_of(every(freq=Freq.MONTHLY))) == 61


@settings(deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
    st.times(),
    st.times(),
    st.integers(-12, 14),
    st.sets(st.integers(0, 6)),
)
def test_what_opens_next_is_closed_until_then_and_open_from_then(now, opens, closes, hours, days):
    schedule = [every(*days, opens=opens, closes=closes, offset=timedelta(hours=hours))]
    found = opening(schedule, now)

    if found.state is Open.LATER:
        assert found.opens > now
        assert opening(schedule, found.opens).state is Open.NOW
        just_before = found.opens - timedelta(microseconds=1)
        assert opening(schedule, just_before).state is Open.LATER
    elif found.until is not None:
        assert found.until > now
        assert opening(schedule, found.until).state is Open.LATER


def test_hsds_documents_read_as_rules():
    document = {
        "opens_at": "19:00",
        "closes_at": "08:00",
        "timezone": -8,
        "freq": "MONTHLY",
        "interval": 2,
        "byday": "1SA,-1FR,MO",
        "bymonthday": "1,-1",
        "byweekno": "3",
        "byyearday": "100",
        "wkst": "SU",
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
        "dtstart": "2026-01-03",
        "until": "2026-12-01",
        "count": 9,
    }

    assert list(read_schedules({"schedules": [document]}, [], [])) == [
        Schedule(
            opens=time(19),
            closes=time(8),
            offset=WEST,
            freq=Freq.MONTHLY,
            interval=2,
            byday=((1, SA), (-1, FR), (0, MO)),
            bymonthday=(1, -1),
            byweekno=(3,),
            byyearday=(100,),
            wkst=SU,
            valid_from=date(2026, 1, 1),
            valid_to=date(2026, 12, 31),
            dtstart=date(2026, 1, 3),
            until=date(2026, 12, 1),
            count=9,
        )
    ]


def test_an_offset_in_the_hour_counts_before_the_time_zone():
    document = {"opens_at": "09:00-05:00", "closes_at": "17:00-05:00", "timezone": 3}

    assert next(read_schedules({"schedules": [document]}, [], [])).offset == timedelta(hours=-5)


def test_words_alone_are_no_hours():
    by_words = {"description": "Most mornings"}

    assert list(read_schedules({"schedules": [by_words]}, [], [])) == []


def test_hours_of_a_house_count_only_where_the_service_has_none():
    morning, day = (
        {"opens_at": "07:00", "closes_at": "12:00"},
        {"opens_at": "07:00", "closes_at": "22:00"},
    )
    house = {"schedules": [day]}

    assert [s.closes.hour for s in read_schedules({}, [], [house])] == [22]
    assert [s.closes.hour for s in read_schedules({}, [{"schedules": [morning]}], [house])] == [12]


def test_a_house_is_closed_on_its_holidays():
    office = [every(TU, WE, TH, but_not=(every(dtstart=date(2026, 11, 25)),))]

    assert opening(office, at(25, 12)) == Opening(Open.LATER, opens=at(26, 9))
    assert opening(office, at(26, 12)).state is Open.NOW


def test_summer_time_comes_with_a_zone():
    vienna = [every(SA, SU, MO, zone=ZoneInfo("Europe/Vienna"))]

    # The clocks of 2026 go back on Sunday, 25 October: nine o'clock is an hour later in UTC.
    assert opening(vienna, datetime(2026, 10, 24, 6, tzinfo=UTC)).opens.hour == 7
    assert opening(vienna, datetime(2026, 10, 25, 6, tzinfo=UTC)).opens.hour == 8


CLOSED = {"valid_from": "2026-12-24", "valid_to": "2026-12-26", "notes": "closed"}
DAILY = {"opens_at": "07:00", "closes_at": "12:00"}


def test_days_that_are_said_to_be_closed_are_holidays():
    [mornings] = read_schedules({"schedules": [DAILY, CLOSED]}, [], [])

    assert days_of(mornings, date(2026, 12, 22), 6) == ["12-22", "12-23", "12-27"]


@pytest.mark.parametrize(
    "said",
    [
        {"notes": "closed"},
        {"valid_from": "2026-01-01", "notes": "Closed on holidays"},
        CLOSED | {"notes": "by appointment"},
        CLOSED | {"opens_at": "10:00", "closes_at": "12:00"},
    ],
)
def test_what_names_no_days_or_gives_hours_closes_nothing(said):
    assert all(not s.but_not for s in read_schedules({"schedules": [DAILY, said]}, [], []))


def test_one_place_closes_for_itself_and_an_only_place_for_the_service():
    shut, open_one = {"schedules": [DAILY, CLOSED]}, {"schedules": [DAILY]}
    house = {"schedules": [CLOSED]}

    assert [len(s.but_not) for s in read_schedules({}, [shut, open_one], [house, {}])] == [1, 0]
    assert [len(s.but_not) for s in read_schedules(open_one, [{}], [house])] == [1]


def test_hours_of_the_house_count_where_the_service_says_only_when_it_is_closed():
    found = read_schedules({"schedules": [CLOSED]}, [{}], [{"schedules": [DAILY]}])

    assert [(s.closes.hour, len(s.but_not)) for s in found] == [(12, 1)]


def test_a_closure_whose_days_cannot_be_read_closes_nothing():
    wrong = CLOSED | {"valid_to": "soon"}

    assert [s.but_not for s in read_schedules({"schedules": [DAILY, wrong]}, [], [])] == [()]
