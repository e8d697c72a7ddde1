"""A text is never handed over outside somebody's hours, and never with a validity that reaches out of them."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import delete

from hotline.contact import release
from hotline.contact.outgoing import LONGEST_UNDER_WAY, Outgoing
from hotline.contact.tables import sends
from hotline.domain.identity import Address
from hotline.domain.report import Channel
from hotline.jobs import jobs
from tests.cast import MARIA
from tests.contact.conftest import LINE, NOW
from tests.contact.test_hours import ZONES, instants, is_open, walls, windows
from tests.examples import examples

QUIET = {
    "deadline": timedelta(seconds=5),
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}


def outgoing(**facts):
    return Outgoing(Channel.SMS, MARIA, "hola", LINE, **facts)


def in_window(window, **facts):
    return outgoing(hours=str(window), zone=window.zone.key, **facts)


@examples(200, **QUIET)
@given(window=windows(), at=instants, urgent=st.booleans(), hours=st.integers(0, 40))
def test_it_stays_inside(window, at, urgent, hours):
    text = in_window(window, is_urgent=urgent, not_before=at + timedelta(hours=hours))
    opens = text.opens(at)
    assert opens >= text.not_before
    assert is_open(window, opens)
    valid = text.valid_for(opens, expires_at=opens + timedelta(hours=72))
    assert timedelta(seconds=29) <= valid <= LONGEST_UNDER_WAY
    # Up to its last second, in steps, it is within their hours.
    for tenth in range(11):
        assert is_open(window, opens + valid * tenth / 10)


def test_it_is_the_same_after_it_was_sealed():
    text = outgoing(
        country="ES",
        hours="09:00-10:00",
        zone="Europe/Madrid",
        not_before=NOW,
        until=NOW + timedelta(hours=1),
        is_urgent=True,
        knock="¿?",
    )
    assert Outgoing.from_json(text.to_json()) == text
    assert Outgoing.from_json(outgoing().to_json()) == outgoing()


def test_it_tells_neither_words_nor_number():
    assert MARIA not in repr(outgoing())
    assert "hola" not in repr(outgoing())


def test_how_long_it_may_be_under_way():
    expires = NOW + timedelta(hours=72)
    assert outgoing().valid_for(NOW, expires_at=expires) == timedelta(hours=4)
    assert outgoing(is_urgent=True).valid_for(NOW, expires_at=expires) == timedelta(minutes=15)
    soon = NOW + timedelta(minutes=3)
    assert outgoing().valid_for(NOW, expires_at=soon) == timedelta(minutes=3)
    window = outgoing(hours="10:00-12:10", zone="UTC")
    assert window.valid_for(NOW, expires_at=expires) == timedelta(minutes=9, seconds=30)


def test_the_last_minute_of_their_hours_is_too_late():
    text = outgoing(hours="10:00-12:10", zone="UTC")
    late = NOW + timedelta(minutes=9, seconds=30)
    assert text.opens(late) == datetime(NOW.year, NOW.month, NOW.day + 1, 10, tzinfo=UTC)


# The same, through the worker.


def forget_others(session):
    for table in (jobs, sends):
        session.execute(delete(table))


@examples(25, **QUIET)
@given(
    start=walls, minutes=st.integers(1, 1439), zone=st.sampled_from(ZONES), steps=st.integers(3, 60)
)
def test_the_worker_sends_nothing_outside_their_hours(desk, start, minutes, zone, steps):
    day = datetime.combine(NOW.date(), start)
    hours = f"{start:%H:%M}-{day + timedelta(minutes=minutes):%H:%M}"
    report_id = desk.opens_report(Address("sms", MARIA), line=LINE, hours=hours, zone=zone)
    window = outgoing(hours=hours, zone=zone).window
    desk.store.write(forget_others)
    desk.carrier.sent.clear()
    desk.replies("hola", report_id=report_id, there=False)
    for step in range(steps):
        at = NOW + timedelta(minutes=48 * step)
        desk.carrier.spans.clear()
        desk.works(at=at)
        if step % 5 == 4:
            # They come, at whatever hour.
            desk.is_there(report_id=report_id, at=at)
            desk.store.write(lambda session: release(session, report_id, at=at))  # noqa: B023
            desk.works(at=at)
        for span in desk.carrier.spans:
            assert is_open(window, at)
            assert is_open(window, at + span)
    assert [text[2] for text in desk.carrier.sent].count("hola") <= 1


def test_a_knock_waits_for_their_hours_and_goes_at_their_opening(desk):
    # It is noon in UTC and quarter to six in Kathmandu.
    report_id = desk.opens_report(
        Address("sms", MARIA), line=LINE, hours="20:00-21:00", zone="Asia/Kathmandu"
    )
    desk.replies("hola", report_id=report_id, there=False)
    desk.works()
    assert not desk.carrier.sent
    assert desk.sends("knock")[0].state == "hours"
    opening = datetime(2026, 3, 2, 14, 15, tzinfo=UTC)
    assert [job.due_at for job in desk.jobs("send")] == [opening]
    desk.works(at=opening)
    assert len(desk.carrier.sent) == 1


def test_an_answer_outside_their_hours_says_what_it_waits_for(desk):
    report_id = desk.opens_report(
        Address("sms", MARIA), line=LINE, hours="20:00-21:00", zone="Asia/Kathmandu"
    )
    desk.replies("hola", report_id=report_id)
    assert desk.states() == ["hours"]
    desk.works()
    assert not desk.carrier.sent


def test_write_later_is_heeded(desk):
    later = NOW + timedelta(hours=12)
    report_id = desk.opens_report(Address("sms", MARIA), line=LINE, not_before=later.isoformat())
    desk.replies("hola", report_id=report_id, there=False)
    desk.works(at=later - timedelta(minutes=1))
    assert not desk.carrier.sent
    desk.works(at=later)
    assert len(desk.carrier.sent) == 1
