"""Their hours hold by the clock on their wall: in every zone, also where an hour is missing or comes twice."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.contact.hours import Window

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
MINUTE = timedelta(minutes=1)
walls = st.times().map(lambda wall: wall.replace(second=0, microsecond=0))
instants = st.datetimes(datetime(1975, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


def is_open(window, at):
    """Say the same in the plainest words: what does the wall show?"""
    wall = at.astimezone(window.zone).time()
    if window.start < window.end:
        return window.start <= wall < window.end
    return not window.end <= wall < window.start


@st.composite
def windows(draw):
    start = draw(walls)
    end = draw(walls.filter(lambda wall: wall != start))
    window = Window.parse(f"{start:%H:%M}-{end:%H:%M}", draw(st.sampled_from(ZONES)))
    assert window is not None
    return window


@st.composite
def turns(draw):
    """A zone and an instant close to a change of its clocks."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    at = draw(instants)
    for _ in range(370):
        later = at + timedelta(days=1)
        if at.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            break
        at = later
    return zone, at + timedelta(minutes=draw(st.integers(-600, 2000)))


def check(window, at):
    """An opening is the first open instant; until it closes, and not a second longer, all is open."""
    opening = window.next_opening(at)
    assert opening >= at
    assert is_open(window, opening)
    if opening > at:
        assert not is_open(window, opening - timedelta(microseconds=1))
        assert window.closes(at) is None
    step = max((opening - at) / 40, MINUTE)
    before = at
    while before < opening:
        assert not is_open(window, before)
        before += step
    closing = window.closes(opening)
    assert closing is not None
    assert closing > opening
    assert not is_open(window, closing)
    inside = opening
    while inside < closing:
        assert is_open(window, inside)
        inside += max((closing - opening) / 40, MINUTE)
    assert is_open(window, closing - timedelta(microseconds=1))


@settings(max_examples=120, deadline=timedelta(seconds=2))
@given(window=windows(), at=instants)
def test_in_every_zone_at_any_time(window, at):
    assert window.holds(at) == is_open(window, at)
    check(window, at)


@settings(max_examples=120, deadline=timedelta(seconds=2))
@given(turn=turns(), start=walls, minutes=st.integers(1, 1439))
def test_where_clocks_jump(turn, start, minutes):
    zone, at = turn
    end = (datetime.combine(at, start) + timedelta(minutes=minutes)).time()
    check(Window(start, end, zone), at)


def test_every_zone_is_known():
    for zone in ZONES:
        window = Window.parse("09:00-17:30", zone)
        assert window is not None
        opening = window.next_opening(datetime(2026, 11, 25, 3, 7, 11, tzinfo=UTC))
        assert is_open(window, opening)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_an_hour_that_is_missing_opens_at_its_end():
    # In Berlin the clocks go from 2:00 to 3:00 on 29 March 2026.
    window = Window.parse("02:30-04:00", "Europe/Berlin")
    assert window.next_opening(utc(2026, 3, 29, 0, 0)) == utc(2026, 3, 29, 1, 0)
    assert window.closes(utc(2026, 3, 29, 1, 0)) == utc(2026, 3, 29, 2, 0)


def test_a_window_that_is_missing_whole_waits_for_the_next_day():
    window = Window.parse("02:10-02:50", "Europe/Berlin")
    assert window.next_opening(utc(2026, 3, 29, 0, 0)) == utc(2026, 3, 30, 0, 10)


def test_an_hour_that_comes_twice_opens_twice():
    # In New York 1:00 to 2:00 comes twice on 1 November 2026.
    window = Window.parse("01:30-02:00", "America/New_York")
    first = window.next_opening(utc(2026, 11, 1, 5, 0))
    assert first == utc(2026, 11, 1, 5, 30)
    assert window.closes(first) == utc(2026, 11, 1, 6, 0)
    assert window.next_opening(utc(2026, 11, 1, 6, 0)) == utc(2026, 11, 1, 6, 30)


def test_a_night_that_has_an_hour_twice_is_one_night():
    window = Window.parse("23:00-05:00", "America/New_York")
    opening = window.next_opening(utc(2026, 11, 1, 0, 0))
    assert opening == utc(2026, 11, 1, 3, 0)
    assert window.closes(opening) == utc(2026, 11, 1, 10, 0)


def test_a_day_that_never_was_is_passed_over():
    # In Samoa 30 December 2011 did not happen.
    window = Window.parse("10:00-11:00", "Pacific/Apia")
    assert window.next_opening(utc(2011, 12, 30, 9, 0)) == utc(2011, 12, 30, 20, 0)


@pytest.mark.parametrize(
    ("hours", "zone"),
    [
        ("any", "UTC"),
        ("", "UTC"),
        ("9-17", "UTC"),
        ("09:00-24:00", "UTC"),
        ("09:00-09:00", "UTC"),
        ("09:60-10:00", "UTC"),
        ("09:00-17:00 or so", "UTC"),
        ("٠٩:٠٠-١٧:٠٠", "UTC"),
        ("09:00-17:00", ""),
        ("09:00-17:00", "Nowhere/City"),
        ("09:00-17:00", "../../etc/passwd"),
        ("09:00-17:00", "/etc/localtime"),
        ("09:00-17:00", "Europe"),
        ("09:00-17:00", "tzdata.zi"),
    ],
)
def test_what_is_no_window_is_none(hours, zone):
    assert Window.parse(hours, zone) is None


def test_it_is_written_as_it_was_read():
    assert str(Window.parse(" 22:00-06:30 ", "Asia/Kathmandu")) == "22:00-06:30"
    assert Window.parse("22:00-06:30", "UTC").start == time(22)
