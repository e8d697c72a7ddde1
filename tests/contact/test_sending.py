"""A text goes out once: whatever breaks between us and the provider, and whenever the worker dies."""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hotline.contact import Trouble, expire, forget_ended, note_status, send
from hotline.contact.carrier import (
    CarrierBlocked,
    CarrierBusy,
    CarrierMisconfigured,
    CarrierRefused,
    CarrierUnsure,
    ContentRefused,
    ReporterOptedOut,
)
from hotline.contact.tables import erase_at_provider
from hotline.reports.tables import reports
from tests.contact.conftest import LINE, MARIA, NOW

SOON = NOW + timedelta(minutes=1)


class Killed(BaseException):
    """The worker is gone: nothing after this runs."""


def do(desk, *, at=NOW):
    """Do the job of each send that there is."""
    for row in desk.sends():
        send(desk.store, desk.carrier, desk.hotline.relay, row.id, at=at)


def to_erase(desk):
    return [row.provider_id for row in desk.rows(select(erase_at_provider))]


def test_a_text_goes_out_from_the_line_that_was_written_to(desk):
    desk.replies("hola")
    do(desk)
    (send_row,) = desk.sends()
    assert desk.carrier.sent == [("sms", MARIA, "hola", send_row.id)]
    assert desk.carrier.lines == [LINE]


def test_what_the_provider_has_is_forgotten_here_and_erased_there(desk):
    desk.replies("hola")
    do(desk)
    (send_row,) = desk.sends()
    assert send_row.sealed is None
    assert len(to_erase(desk)) == 1
    assert len(desk.jobs("erase")) == 1


def test_doing_the_job_again_sends_nothing(desk):
    desk.replies("hola")
    for _ in range(3):
        do(desk)
    assert len(desk.carrier.sent) == 1


def test_a_busy_provider_is_tried_again(desk):
    desk.replies("hola")
    desk.carrier.fails = [CarrierBusy(), CarrierBusy()]
    for _ in range(2):
        with pytest.raises(CarrierBusy):
            do(desk)
    assert desk.sends()[0].tried_at is None
    do(desk, at=SOON)
    assert len(desk.carrier.sent) == 1
    assert desk.carrier.lookups == 0


def test_a_text_that_may_have_gone_is_looked_for_first(desk):
    desk.replies("hola")
    desk.carrier.loses = 1
    with pytest.raises(CarrierUnsure):
        do(desk)
    do(desk, at=SOON)
    assert len(desk.carrier.sent) == 1
    assert desk.sends()[0].sealed is None
    assert len(to_erase(desk)) == 1


def test_a_text_that_did_not_go_is_sent_after_looking(desk):
    desk.replies("hola")
    desk.carrier.fails = [CarrierUnsure()]
    with pytest.raises(CarrierUnsure):
        do(desk)
    do(desk, at=SOON)
    assert len(desk.carrier.sent) == 1
    assert desk.carrier.lookups == 1


def test_a_lookup_that_fails_leaves_the_doubt(desk):
    desk.replies("hola")
    desk.carrier.loses = 1
    with pytest.raises(CarrierUnsure):
        do(desk)
    desk.carrier.out_of_reach = True
    with pytest.raises(CarrierBusy):
        do(desk, at=SOON)
    assert desk.sends()[0].tried_at == NOW
    desk.carrier.out_of_reach = False
    do(desk, at=SOON)
    assert len(desk.carrier.sent) == 1


@pytest.mark.parametrize("moment", ["before the call", "after the call"])
def test_a_worker_that_dies_sends_nothing_twice(desk, moment):
    desk.replies("hola")
    desk.carrier.kills = moment
    desk.carrier.killed_by = Killed
    with pytest.raises(Killed):
        do(desk)
    desk.carrier.kills = ""
    do(desk, at=SOON)
    assert len(desk.carrier.sent) == 1
    assert desk.sends()[0].sealed is None


def test_nobody_sends_what_another_worker_is_just_sending(desk):
    desk.replies("hola")
    take, refused = desk.carrier.send, []

    def take_late(**asked):
        # Meanwhile another worker's clock jumps ahead, so that the first one's claim seems to be over.
        desk.carrier.send = take
        with pytest.raises(CarrierBusy) as busy:
            do(desk, at=NOW + timedelta(minutes=10))
        refused.append(busy)
        return take(**asked)

    desk.carrier.send = take_late
    do(desk)
    assert len(refused) == 1
    assert len(desk.carrier.sent) == 1
    assert desk.carrier.lookups == 0
    assert len(to_erase(desk)) == 1


def test_what_was_just_asked_for_is_not_looked_for_yet(desk):
    desk.replies("hola")
    desk.carrier.loses = 1
    with pytest.raises(CarrierUnsure):
        do(desk)
    with pytest.raises(CarrierBusy):
        do(desk, at=NOW + timedelta(seconds=25))
    assert desk.carrier.lookups == 0
    do(desk, at=SOON)
    assert len(desk.carrier.sent) == 1


def test_a_clock_that_was_ahead_and_is_put_right_sends_nothing_twice(desk):
    desk.replies("hola")
    desk.carrier.took_at, desk.carrier.loses = NOW, 1
    with pytest.raises(CarrierUnsure):
        do(desk, at=NOW + timedelta(minutes=10))
    do(desk, at=SOON)
    assert len(desk.carrier.sent) == 1
    assert desk.sends()[0].sealed is None


def test_two_equal_texts_are_two_texts(desk):
    # Noor writes the same twice; the second one's outcome is lost.
    desk.replies("¿estás bien?")
    do(desk)
    desk.replies("¿estás bien?")
    desk.carrier.fails = [CarrierUnsure()]
    with pytest.raises(CarrierUnsure):
        do(desk)
    do(desk, at=SOON)
    assert len(desk.carrier.sent) == 2


def test_what_the_provider_refuses_has_failed(desk):
    desk.replies("hola")
    desk.carrier.fails = [CarrierRefused(ref="21211")]
    do(desk)
    assert desk.states() == ["failed"]
    assert desk.sends()[0].sealed is None


def test_a_closed_line_is_told_to_the_caseworker(desk):
    desk.replies("hola")
    desk.carrier.fails = [ReporterOptedOut(ref="21610")]
    do(desk)
    assert desk.states() == ["closed"]


def test_a_text_that_waited_too_long_is_let_go(desk):
    desk.replies("hola")
    (row,) = desk.sends()
    expire(desk.store, row.id, at=NOW + timedelta(hours=71))
    assert desk.sends()[0].sealed is not None
    expire(desk.store, row.id, at=NOW + timedelta(hours=72))
    assert desk.sends()[0].sealed is None
    assert desk.states() == ["expired"]
    do(desk, at=NOW + timedelta(hours=73))
    assert not desk.carrier.sent


def test_a_job_that_comes_too_late_sends_nothing(desk):
    desk.replies("hola")
    do(desk, at=NOW + timedelta(hours=73))
    assert not desk.carrier.sent
    assert desk.states() == ["expired"]


def test_a_status_that_overtakes_the_record_stands(desk):
    desk.replies("hola")
    (row,) = desk.sends()
    desk.carrier.on_send = lambda: desk.store.write(
        lambda session: note_status(session, ref=row.id, state="delivered")
    )
    do(desk)
    assert desk.states() == ["delivered"]
    assert len(to_erase(desk)) == 1


def test_nothing_that_fails_tells_the_number_or_the_words(desk):
    desk.replies("palabras")
    desk.carrier.loses = 1
    with pytest.raises(CarrierUnsure) as failure:
        do(desk)
    assert MARIA not in repr(failure.value) + str(failure.value.__dict__)
    assert "palabras" not in repr(failure.value) + str(failure.value.__dict__)


def test_when_a_text_went_is_forgotten_once_nothing_more_can_come_of_it(desk):
    desk.replies("hola")
    do(desk)
    for hours, left in ((71, 1), (73, 0)):
        at = NOW + timedelta(hours=hours)
        desk.store.write(lambda session, at=at: forget_ended(session, at=at))
        assert len(desk.sends()) == left
    assert len(desk.states()) == 1


def test_a_text_that_still_waits_is_not_forgotten(desk):
    desk.replies("hola")
    at = NOW + timedelta(hours=100)
    desk.store.write(lambda session: forget_ended(session, at=at))
    assert len(desk.sends()) == 1


def test_when_nobody_can_tell_any_more_the_caseworker_is_told_so(desk):
    desk.replies("hola")
    desk.carrier.loses = 1
    with pytest.raises(CarrierUnsure):
        do(desk)
    desk.carrier.out_of_reach = True
    with pytest.raises(CarrierBusy):
        do(desk, at=SOON)
    expire(desk.store, desk.sends()[0].id, at=NOW + timedelta(hours=72))
    assert desk.states() == ["unsure"]
    assert desk.sends()[0].sealed is None

    # Late news still says what became of it.
    ref = desk.sends()[0].id
    desk.store.write(lambda session: note_status(session, ref=ref, state="sent"))
    assert desk.states() == ["sent"]


def test_what_was_tried_is_not_sent_again_to_somebody_who_left(desk):
    desk.replies("hola")
    desk.carrier.fails = [CarrierUnsure()]
    with pytest.raises(CarrierUnsure):
        do(desk)
    do(desk, at=NOW + timedelta(hours=2))
    assert not desk.carrier.sent
    assert desk.states() == ["held"]
    assert desk.sends()[0].tried_at is None


@pytest.mark.parametrize(
    ("refusal", "state", "trouble"),
    [
        (CarrierRefused(ref="21211"), "failed", []),
        (ContentRefused(ref="30007"), "failed", []),
        (CarrierBlocked(ref="30450"), "failed", [(Trouble.BLOCKED, "30450")]),
        (ReporterOptedOut(ref="21610"), "closed", []),
        (CarrierMisconfigured(ref="21606"), "stuck", [(Trouble.MISCONFIGURED, "21606")]),
        (CarrierBusy(ref="20429"), "waiting", []),
    ],
)
def test_each_kind_of_refusal_has_its_end(desk, refusal, state, trouble):
    desk.replies("hola")
    desk.carrier.fails = [refusal]
    heard = []
    with suppress(CarrierBusy):
        desk.works(tell=lambda _session, *told: heard.append(told))
    assert desk.states() == [state]
    assert heard == trouble
    is_over = state in ("failed", "closed")
    assert (desk.sends()[0].sealed is None) == is_over
    assert desk.sends()[0].code == (refusal.ref if is_over else "")


def test_what_an_operator_mended_goes_by_itself(desk):
    desk.replies("hola")
    desk.carrier.fails = [CarrierMisconfigured(ref="20003")]
    with pytest.raises(CarrierMisconfigured):
        do(desk)
    do(desk, at=SOON)
    assert len(desk.carrier.sent) == 1
    assert desk.states() == ["waiting"]


def test_help_that_is_urgent_is_never_told_of_late(desk):
    urgent = update(reports).where(reports.c.id == desk.report_id).values(urgency=3)
    desk.store.write(lambda session: session.execute(urgent))
    desk.replies("hola")
    do(desk)
    assert desk.carrier.spans == [timedelta(minutes=15)]


def test_no_text_is_under_way_for_longer_than_hours(desk):
    desk.replies("hola")
    do(desk)
    assert desk.carrier.spans == [timedelta(hours=4)]


def test_of_a_text_without_any_news_nobody_knows_whether_it_came(desk):
    desk.replies("Estamos aquí.")
    do(desk)
    ended = desk.sends()[0].id
    # The provider took it, and every word of what became of it was lost.
    for at, state in ((NOW + timedelta(hours=4), "waiting"), (NOW + timedelta(hours=6), "unsure")):
        desk.store.write(lambda session, at=at: forget_ended(session, at=at))
        assert desk.states() == [state]
    # Late news are news all the same.
    desk.store.write(lambda session: note_status(session, ref=ended, state="delivered"))
    assert desk.states() == ["delivered"]
