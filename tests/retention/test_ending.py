"""What is closed ends on its day, part by part; what is taken up again does not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hotline import audit, triage
from hotline.reports.tables import messages
from hotline.retention import endings, rules
from hotline.retention.endings import TooManyYears
from hotline.retention.holds import end_holds, holds_of, lift
from hotline.retention.rules import BeyondTheLimits, Kind
from hotline.triage.alerts import open_alerts
from hotline.triage.ending import tell_of_endings
from hotline.vault.tables import envelopes
from tests.retention.rows import hold, second_report, tables_naming

CLOSED = date(2026, 3, 2)


def days_of(ends, report_id):
    with ends.store.read() as session:
        found = endings.of_report(session, report_id, at=ends.at)
    return {one.kind: date.fromisoformat(one.day) for one in found}


def begin(ends, report_id, draw, **more):
    return ends.store.write(
        lambda session: endings.begin(
            session, report_id, desk="main", at=ends.at, draw=lambda _below: draw, **more
        )
    )


def set_rule(ends, kind, days):
    return ends.store.write(lambda session: rules.set_rule(session, "main", kind, days))


def audiences(ends):
    with ends.store.read() as session:
        return set(session.execute(select(envelopes.c.audience)).scalars())


def test_a_closed_report_ends_after_ninety_days_more_or_less(ends):
    report_id = ends.closed()
    days = days_of(ends, report_id)
    assert set(days) == set(rules.ENDING)
    spans = {(its - CLOSED).days for its in days.values()}
    assert len(spans) == 1
    assert 81 <= spans.pop() <= 99


@pytest.mark.parametrize(("draw", "days"), [(0, 81), (100, 90), (200, 99)])
def test_the_draw_moves_the_day_by_a_tenth_at_most(ends, draw, days):
    report_id = ends.closed()
    last = begin(ends, report_id, draw)
    assert date.fromisoformat(last) == CLOSED + timedelta(days=days)


def test_the_draw_is_not_the_same_for_everybody(ends):
    report_id = ends.closed()
    drawn = {begin_freely(ends, report_id) for _ in range(40)}
    assert len(drawn) > 5


def begin_freely(ends, report_id):
    return ends.store.write(
        lambda session: endings.begin(session, report_id, desk="main", at=ends.at)
    )


def test_no_part_outlasts_its_account_and_the_audit_never_ends_before_it(ends):
    report_id = ends.closed()
    set_rule(ends, Kind.IDENTITY, 200)
    set_rule(ends, Kind.CONTACT, 20)
    set_rule(ends, Kind.AUDIT, 30)
    begin(ends, report_id, 100)
    spans = {kind: (its - CLOSED).days for kind, its in days_of(ends, report_id).items()}
    assert spans == {
        Kind.ACCOUNT: 90,
        Kind.IDENTITY: 90,
        Kind.CONTACT: 20,
        Kind.ATTACHMENTS: 90,
        Kind.AUDIT: 90,
    }


def test_years_count_for_every_part(ends):
    report_id = ends.closed(years=5)
    begin(ends, report_id, 100, years=5)
    assert {(its - CLOSED).days for its in days_of(ends, report_id).values()} == {1826}


@pytest.mark.parametrize("years", [0, 11, -1])
def test_nobody_keeps_a_report_for_ever(ends, years):
    report_id = ends.report()
    with pytest.raises(TooManyYears):
        ends.close(report_id, years=years)


@pytest.mark.parametrize(("kind", "days"), [("account", 6), ("contact", 732), ("idle", 366)])
def test_a_rule_has_limits(ends, kind, days):
    with pytest.raises(BeyondTheLimits):
        set_rule(ends, Kind(kind), days)


def test_a_shorter_rule_ends_nothing_that_was_closed_before(ends):
    report_id = ends.closed()
    before = days_of(ends, report_id)
    assert set_rule(ends, Kind.ACCOUNT, 7)
    assert not set_rule(ends, Kind.ACCOUNT, 7)
    ends.house.clock.passes(days=8)
    assert ends.sweeps() == 0
    assert days_of(ends, report_id) == before


def test_taking_it_up_again_forgets_its_days(ends):
    report_id = ends.closed()
    ends.store.write(
        lambda session: triage.reopen(
            session,
            report_id,
            keyring=ends.house.hotline.keyring,
            desk="main",
            by="noor",
            why="more to do",
            at=ends.at,
        )
    )
    assert days_of(ends, report_id) == {}


def test_a_new_message_forgets_its_days_too(ends):
    report_id = ends.closed()
    ends.maria.texts("He is back")
    assert days_of(ends, report_id) == {}
    ends.house.clock.passes(days=200)
    assert ends.sweeps() == 0
    assert "reports" in tables_naming(ends.store, report_id)


def test_the_day_comes_and_the_report_ends(ends):
    report_id = ends.closed()
    ends.house.clock.passes(days=80)
    assert ends.sweeps() == 0
    ends.house.clock.passes(days=20)
    assert ends.sweeps() == 1
    assert tables_naming(ends.store, report_id) == set()
    assert ends.sweeps() == 0


def test_the_number_may_end_before_the_account(ends):
    report_id = ends.closed()
    set_rule(ends, Kind.CONTACT, 10)
    begin(ends, report_id, 100)
    ends.house.clock.passes(days=10)
    assert ends.sweeps() == 1
    assert audiences(ends) == {"desk", "identity"}
    with ends.store.read() as session:
        line = audit.of_report(session, report_id, limit=1)[0]
    assert (line.who, line.did, line.what) == ("system", "ended", "contact")
    assert ends.sweeps() == 0


def test_who_it_is_may_end_before_the_account(ends):
    report_id = ends.closed()
    set_rule(ends, Kind.IDENTITY, 10)
    begin(ends, report_id, 100)
    ends.house.clock.passes(days=10)
    assert ends.sweeps() == 1
    assert audiences(ends) == {"desk", "contact"}


def test_what_was_done_may_be_known_for_longer_than_the_report(ends):
    report_id = ends.closed()
    set_rule(ends, Kind.AUDIT, 365)
    begin(ends, report_id, 100)
    ends.house.clock.passes(days=90)
    assert ends.sweeps() == 1
    assert tables_naming(ends.store, report_id) == {"audit_waiting", "endings"}
    ends.house.clock.passes(days=275)
    assert ends.sweeps() == 1
    assert tables_naming(ends.store, report_id) == set()


def test_a_hold_outlasts_every_rule_and_its_end_frees_the_report(ends):
    report_id = ends.closed()
    until = CLOSED + timedelta(days=300)
    hold(ends.store, report_id, until)
    ends.house.clock.passes(days=100)
    assert ends.sweeps() == 0
    with ends.store.read() as session:
        listed = endings.soon(session, "main", at=ends.at, within=timedelta(days=14))
    assert {one.is_held for one in listed} == {True}
    ends.house.clock.passes(days=201)
    assert ends.sweeps() == 1
    assert tables_naming(ends.store, report_id) == set()


@pytest.mark.parametrize("how", ["runs out", "is lifted"])
def test_what_a_hold_kept_past_its_day_ends_three_days_after_it(ends, how):
    """Who forgets to renew a hold, or lifts it, must not thereby have erased at once what it kept."""
    report_id = ends.closed()
    hold(ends.store, report_id, CLOSED + timedelta(days=150))
    ends.house.clock.passes(days=140 if how == "is lifted" else 151)
    if how == "is lifted":
        its = {"keyring": ends.house.hotline.keyring, "desk": "main", "by": "ines", "why": "over"}
        with ends.store.read() as session:
            (held,) = holds_of(session, report_id)
        ends.store.write(lambda session: lift(session, report_id, held.id, at=ends.at, **its))
    else:
        assert ends.store.write(lambda session: end_holds(session, at=ends.at)) == 1
    assert ends.sweeps() == 0
    assert warned(ends) == ["retention_soon"]
    ends.house.clock.passes(days=3)
    assert ends.sweeps() == 1
    assert tables_naming(ends.store, report_id) == set()


def test_the_supervisor_hears_of_it_once_seventy_two_hours_before(ends):
    report_id = ends.closed()
    begin(ends, report_id, 100)
    for _ in range(2):
        assert warned(ends) == []
    ends.house.clock.passes(days=87)
    for _ in range(2):
        assert warned(ends) == ["retention_soon"]


def warned(ends):
    ends.store.write(lambda session: tell_of_endings(session, at=ends.at))
    with ends.store.read() as session:
        return [alert.kind for alert in open_alerts(session, "main")]


def test_a_sweep_without_time_goes_on_the_next_time(ends):
    ends.closed()
    ends.house.clock.passes(days=100)
    assert ends.sweeper.sweep(at=ends.at, slice_of=timedelta(0)) == 0
    assert ends.sweeps() == 1


def test_a_sweep_that_is_killed_in_the_middle_loses_nothing_else(ends):
    first = ends.closed()
    second = second_report(ends)
    ends.house.clock.passes(days=100)
    forgets = ends.sweeper.eraser.forgets
    done = []

    def killed(session, report_id):
        if done:
            raise KilledHere
        done.append(report_id)

    eraser = replace(ends.sweeper.eraser, forgets=(*forgets, killed))
    with pytest.raises(KilledHere):
        replace(ends.sweeper, eraser=eraser).sweep(at=ends.at)
    left = ({first, second} - set(done)).pop()
    assert {"reports", "messages", "envelopes", "endings"} <= tables_naming(ends.store, left)
    assert ends.sweeps() == 2
    assert tables_naming(ends.store, first) | tables_naming(ends.store, second) == set()


class KilledHere(Exception):
    pass


def test_closing_still_erases_the_minutes(ends):
    report_id = ends.closed()
    with ends.store.read() as session:
        times = session.execute(
            select(messages.c.at).where(messages.c.report_id == report_id)
        ).scalars()
        assert set(times) == {None}
