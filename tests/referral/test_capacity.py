"""What a service says of its free places and of its hours today; what was said long ago counts less."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from referral.capacity import NotSaid, say_free, say_open, today, units
from referral.history import Action, Record, versions
from referral.match import match
from referral.reasons import Because, Standing
from referral.revision import revision
from referral.rules import Trust, trusted
from referral.schedule import Open, opening
from referral.shortlist import candidate
from referral.tables import change, service
from tests.referral.packages import key, write_package
from tests.referral.packages import organization as organization_row
from tests.referral.packages import service as service_row
from tests.referral.services import AT, Capacity, harbor_house

SHELTER = key("Night shelter")
NOON = datetime(2026, 11, 25, 20, tzinfo=UTC)
"""A Wednesday, twelve o'clock at the shelter."""
WEDNESDAY, THURSDAY = date(2026, 11, 25), date(2026, 11, 26)
OFFICE = (time(9), time(17))
LINK = "service"


@pytest.fixture
def shelter(directory, tmp_path):
    """Keep a shelter with beds, office hours on weekdays and a holiday; yield a connection that writes."""

    def keep(**tables):
        hours = {"opens_at": "09:00-08:00", "closes_at": "17:00-08:00"}
        its = {"service_id": SHELTER}
        package = {
            "organization": [organization_row()],
            "service": [service_row()],
            "unit": [{"id": key("bed"), "name": "bed"}, {"id": key("cot"), "name": "cot"}],
            "service_capacity": [
                its
                | {"id": key("c"), "unit_id": key("bed"), "available": "4", "maximum": "6"}
                | {"description": "Beds free", "updated": "2026-11-20T08:00:00Z"}
            ],
            "schedule": [
                its | hours | {"id": key("s"), "freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR"},
                its | {"id": key("h"), "dtstart": "2026-11-26", "notes": "Closed: holiday"},
            ],
        }
        kept = {table: rows for table, rows in (package | tables).items() if rows}
        report = directory.load(write_package(tmp_path / "p", **kept))
        assert report.bad == []
        return directory.engine.begin()

    return keep


def state(connection, at):
    return opening(candidate(connection, SHELTER).schedules, at).state


def test_what_is_free_is_kept_dated_and_told_in_the_history(shelter):
    with shelter() as connection:
        [beds] = units(connection, SHELTER)
        before = revision(connection)
        say_free(connection, SHELTER, beds.id, 2, by=LINK, at=NOON)
        [after] = units(connection, SHELTER)
        told, dated = connection.execute(select(change).order_by(change.c.field_name)).all()
        changed = connection.scalar(select(service.c.last_modified))

        assert (beds.name, beds.description, beds.available, beds.maximum) == (
            "bed",
            "Beds free",
            4,
            6,
        )
        assert (after.available, after.said) == (2, NOON)
        assert (told.resource_type, told.resource_id) == ("service_capacity", key("c"))
        assert (told.field_name, told.previous_value, told.replacement_value) == (
            "available",
            "4",
            "2",
        )
        assert (told.last_action_date, told.updated_by) == ("2026-11-25", LINK)
        assert (dated.field_name, dated.previous_value) == ("updated", "2026-11-20T08:00:00.000Z")
        assert changed == "2026-11-25T20:00:00.000Z"
        assert revision(connection) != before


def test_each_word_stands_in_the_history_also_that_all_is_as_it_was(shelter):
    with shelter() as connection:
        for hour, free in enumerate((4, 4, 3)):
            at = NOON + timedelta(hours=hour)
            say_free(connection, SHELTER, key("c"), free, by=LINK, at=at)
        [beds] = units(connection, SHELTER)
        known = versions(connection, Record("service", SHELTER))

        assert (beds.available, beds.said) == (3, NOON + timedelta(hours=2))
        fields = [sorted(each.field for each in one.changes) for one in known]
        assert fields == [["available", "updated"], ["updated"], ["updated"]]


def test_more_free_than_there_were_places_makes_more_places_and_is_told(shelter):
    with shelter() as connection:
        say_free(connection, SHELTER, key("c"), 8, by=LINK, at=NOON)
        [beds] = units(connection, SHELTER)
        [told] = versions(connection, Record("service", SHELTER))

        assert (beds.available, beds.maximum) == (8, 8)
        assert {one.field: one.before for one in told.changes} == {
            "available": "4",
            "maximum": "6",
            "updated": "2026-11-20T08:00:00.000Z",
        }


def test_a_service_that_never_counted_may_begin_to(shelter):
    with shelter(service_capacity=[]) as connection:
        bed, cot = units(connection, SHELTER)
        assert (bed.name, bed.available, bed.trust(NOON)) == ("bed", None, Trust.NOT_KNOWN)
        say_free(connection, SHELTER, cot.id, 3, by=LINK, at=NOON)

        assert [(each.name, each.available) for each in units(connection, SHELTER)] == [("cot", 3)]
        [told] = versions(connection, Record("service", SHELTER))
        assert {one.action for one in told.changes} == {Action.CREATE}


@pytest.mark.parametrize(
    ("service_id", "unit_id", "available"),
    [
        (SHELTER, key("c"), -1),
        (SHELTER, key("c"), 10_000),
        (SHELTER, key("cot"), 1),
        (SHELTER, key("nothing"), 1),
        (key("nobody"), key("bed"), 1),
        (key("nobody"), key("c"), 1),
    ],
)
def test_what_cannot_be_counted_is_refused(shelter, service_id, unit_id, available):
    with shelter() as connection, pytest.raises(NotSaid):
        say_free(connection, service_id, unit_id, available, by=LINK, at=NOON)


def test_hours_of_today_are_the_usual_ones_until_others_are_said(shelter):
    with shelter() as connection:
        usual = today(connection, SHELTER, NOON)
        say_open(connection, SHELTER, WEDNESDAY, [(time(20), time(2))], by=LINK, at=NOON)
        said = today(connection, SHELTER, NOON)

        assert (usual.day, usual.spans, usual.said, usual.known) == (
            WEDNESDAY,
            (OFFICE,),
            False,
            True,
        )
        assert (said.spans, said.said) == (((time(20), time(2)),), True)
        assert state(connection, NOON) is Open.LATER
        assert state(connection, NOON + timedelta(hours=13)) is Open.NOW
        say_open(connection, SHELTER, WEDNESDAY, None, by=LINK, at=NOON)
        assert today(connection, SHELTER, NOON) == usual
        assert state(connection, NOON) is Open.NOW


def test_closed_today_is_closed_and_open_again_on_the_next_working_day(shelter):
    with shelter() as connection:
        say_open(connection, SHELTER, WEDNESDAY, [], by=LINK, at=NOON)
        said = today(connection, SHELTER, NOON)
        found = opening(candidate(connection, SHELTER).schedules, NOON)
        [version] = versions(connection, Record("service", SHELTER))

        assert (said.spans, said.said) == ((), True)
        assert found.opens == datetime(2026, 11, 27, 17, tzinfo=UTC)
        assert (version.by, version.day) == (LINK, "2026-11-25")
        assert {(each.field, each.action, each.after) for each in version.changes} >= {
            ("dtstart", Action.CREATE, "2026-11-25"),
            ("notes", Action.CREATE, "Closed for this day"),
        }


def test_who_opens_on_a_holiday_is_open(shelter):
    with shelter() as connection:
        assert state(connection, NOON + timedelta(days=1)) is Open.LATER
        say_open(connection, SHELTER, THURSDAY, [OFFICE], by=LINK, at=NOON)

        assert state(connection, NOON + timedelta(days=1)) is Open.NOW


def test_hours_of_one_day_say_nothing_of_other_days(shelter):
    with shelter(schedule=[]) as connection:
        assert not today(connection, SHELTER, NOON).known
        say_open(connection, SHELTER, WEDNESDAY, [OFFICE], by=LINK, at=NOON)

        assert state(connection, datetime(2026, 11, 25, 12, tzinfo=UTC)) is Open.NOW
        assert state(connection, NOON + timedelta(days=2)) is Open.NOT_KNOWN


def test_hours_of_a_house_stay_its_usual_ones_when_a_service_says_those_of_a_day(shelter):
    house = {"location_id": key("house")}
    with shelter(
        location=[{"id": key("house"), "location_type": "physical"}],
        service_at_location=[house | {"id": key("at"), "service_id": SHELTER}],
        schedule=[house | {"id": key("s"), "opens_at": "09:00-08:00", "closes_at": "17:00-08:00"}],
    ) as connection:
        say_open(connection, SHELTER, WEDNESDAY, [(time(20), time(22))], by=LINK, at=NOON)

        assert state(connection, NOON) is Open.LATER
        assert state(connection, NOON + timedelta(days=1)) is Open.NOW


def test_days_that_are_over_are_forgotten_and_an_import_takes_nothing_away(
    shelter, directory, tmp_path
):
    with shelter() as connection:
        say_open(connection, SHELTER, WEDNESDAY, [OFFICE, (time(20), time(22))], by=LINK, at=NOON)
        say_open(connection, SHELTER, THURSDAY, [OFFICE], by=LINK, at=NOON + timedelta(days=1))
        assert today(connection, SHELTER, NOON).spans == (OFFICE,)

    directory.load(tmp_path / "p")
    with directory.read() as connection:
        assert today(connection, SHELTER, NOON + timedelta(days=1)).said


def test_too_many_hours_and_hours_of_nobody_are_refused(shelter):
    with shelter() as connection:
        many = [(time(hour), time(hour + 1)) for hour in range(5)]
        with pytest.raises(NotSaid):
            say_open(connection, SHELTER, WEDNESDAY, many, by=LINK, at=NOON)
        with pytest.raises(NotSaid):
            say_open(connection, key("nobody"), WEDNESDAY, [OFFICE], by=LINK, at=NOON)
        with pytest.raises(NotSaid):
            today(connection, key("nobody"), NOON)


def test_the_hours_of_one_day_are_one_version(shelter):
    with shelter() as connection:
        for hours in range(3):
            at = NOON + timedelta(hours=hours)
            say_open(connection, SHELTER, WEDNESDAY, [(time(9), time(20 + hours))], by=LINK, at=at)
        told = versions(connection, Record("service", SHELTER))

        assert len(told) == 2
        assert [each.field for each in told[0].changes] == ["closes_at"]


def test_the_history_of_what_is_free_ends_after_a_season(shelter):
    with shelter() as connection:
        for days, number in ((0, 1), (60, 2), (120, 3)):
            at = NOON + timedelta(days=days)
            say_free(connection, SHELTER, key("c"), number, by=LINK, at=at)
        free = select(change.c.replacement_value).where(change.c.field_name == "available")

        assert sorted(connection.scalars(free)) == ["2", "3"]


@pytest.mark.parametrize(
    ("hours", "overnight", "trust"),
    [
        (5.9, True, Trust.SURE),
        (6, True, Trust.LIKELY),
        (23.9, True, Trust.LIKELY),
        (24, True, Trust.NOT_KNOWN),
        (24, False, Trust.SURE),
        (24 * 13, False, Trust.LIKELY),
        (24 * 14, False, Trust.NOT_KNOWN),
        (-1, True, Trust.SURE),
        (-1.1, True, Trust.NOT_KNOWN),
    ],
)
def test_a_word_about_free_places_is_believed_less_and_less(hours, overnight, trust):
    assert trusted(AT - timedelta(hours=hours), AT, overnight=overnight) is trust


@pytest.mark.parametrize(
    ("available", "hours", "standing", "room"),
    [
        (2, 5, Standing.YES, 0),
        (2, 10, Standing.WAIT, 1),
        (2, 30, Standing.WAIT, 2),
        (0, 10, Standing.WAIT, 3),
        (0, 30, Standing.WAIT, 2),
    ],
)
def test_beds_said_long_ago_only_order(available, hours, standing, room):
    said = Capacity(available, "bed", AT - timedelta(hours=hours))
    [found] = match([harbor_house(capacities=(said,))], need="shelter", at=AT).fitting
    reason = next(each for each in found.reasons if each.because.startswith("capacity."))

    assert (reason.standing, found.score.room) == (standing, room)
    assert reason.facts["said"] == said.updated


def test_a_bed_that_was_full_at_noon_is_out_and_in_the_night_the_last_to_ask():
    full = harbor_house(capacities=(Capacity(0, "bed", AT),))
    unsaid = harbor_house(capacities=(), service_id=key("unsaid"))

    [fallen] = match([full], need="shelter", at=AT + timedelta(hours=5)).fallen_out
    later = match([full, unsaid], need="shelter", at=AT + timedelta(hours=8)).fitting

    assert fallen.deciding.because is Because.CAPACITY_FULL
    assert [each.service for each in later] == [unsaid, full]
