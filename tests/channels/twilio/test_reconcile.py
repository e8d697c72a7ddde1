"""What the provider could not tell us is found in its list, kept once, and erased there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select

from hotline import audit, worker
from hotline.channels.twilio import concerns_people, prove_erased, reconcile
from hotline.contact.calls import keep_state
from hotline.contact.carrier import CarrierBusy, Held, ProviderMessage
from hotline.contact.tables import erase_at_provider
from hotline.dialogue.calls.state import CallState
from hotline.domain.report import Channel, IncomingMessage, Receipt
from hotline.errors import Unavailable
from hotline.reports.tables import messages, reports
from hotline.triage.tables import alerts
from hotline.vault.tables import attachment_chunks, attachments
from tests.demo.conftest import LINE, MARIA, live
from tests.fakes import FakeCarrier

__all__ = ["live"]


def count(live, table):
    with live.hotline.store.read() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def out_of_reach(_message_id):
    raise CarrierBusy


def reconciles(live):
    reconcile(live.carrier, live.hotline.reception, at=live.house.clock())


def test_a_text_whose_webhook_was_lost_is_kept_once(live):
    live.network.weather.webhooks.append("lost")
    sid = live.network.text_us(sender=MARIA, line=LINE, body="estoy encerrada")
    assert count(live, reports) == 0
    for _ in range(3):
        reconciles(live)
    assert (count(live, reports), count(live, messages)) == (1, 1)

    # A webhook that comes late after all changes nothing, and gets an answer.
    assert "<Message>" in live.network.again(sid)
    assert count(live, messages) == 1


def test_what_came_by_webhook_is_not_kept_again(live):
    live.network.text_us(sender=MARIA, line=LINE, body="hola")
    live.network.text_us(sender=MARIA, line=LINE, body="estoy encerrada")
    reconciles(live)
    assert (count(live, reports), count(live, messages)) == (1, 2)


def test_in_the_end_the_provider_holds_nothing(live):
    live.network.text_us(sender=MARIA, line=LINE, body="hola")
    live.network.weather.webhooks.append("lost")
    live.network.text_us(sender=MARIA, line=LINE, body="estoy encerrada")
    live.network.settle()
    assert (
        len(live.network.texts(lambda text: True)) == 3
    )  # two texts, and our answer to the first.

    reconciles(live)
    live.works(minutes=3)
    assert not live.network.texts(lambda text: True)
    assert count(live, erase_at_provider) == 0

    # The phone keeps what it showed: nobody can erase that.
    assert len(live.network.bubbles(MARIA, LINE)) == 3


def test_pictures_stay_until_they_are_fetched_and_go_then(live, monkeypatch):
    live.house.clock.at = datetime.now(UTC)
    fetched = live.carrier.fetch_media
    monkeypatch.setattr(live.carrier, "fetch_media", out_of_reach)
    sid = live.network.text_us(sender=MARIA, line=LINE, body="mira", media=1)
    for _ in range(3):
        live.works(hours=2)
        reconciles(live)
    assert live.network.find(sid).media == 1
    assert live.network.find(sid).body == ""
    assert count(live, attachments) == 0

    monkeypatch.setattr(live.carrier, "fetch_media", fetched)
    live.works(days=1)
    live.works(minutes=3)
    assert live.network.find(sid) is None
    # The picture, and its copy.
    assert count(live, attachments) == 2
    assert count(live, erase_at_provider) == 0


def test_calls_and_recordings_that_nobody_needs_go_after_an_hour(live):
    call = live.network.call_us(sender=MARIA, line=LINE)
    live.network.record(call)
    going_on = live.network.call_us(sender=MARIA, line=LINE, status="in-progress")
    live.network.settle()
    live.house.clock.at = datetime.now(UTC) + timedelta(minutes=50)
    reconciles(live)
    live.works(minutes=2)
    assert (len(live.network.calls.newest()), len(live.network.recordings.newest())) == (2, 1)

    live.works(minutes=20)
    reconciles(live)
    live.works(minutes=2)
    assert [one.sid for one in live.network.calls.newest()] == [going_on]
    # The provider keeps the record of a recording for a while; its sound is gone.
    assert all(one.deleted for one in live.network.recordings.newest())


def test_what_is_not_finished_is_put_off_and_goes_in_the_end(live):
    live.house.clock.at = datetime.now(UTC)
    live.network.weather.expects("erasing", "not yet", 2)
    sid = live.network.text_us(sender=MARIA, line=LINE, body="hola")
    live.network.settle()
    live.works(minutes=2)
    assert live.network.find(sid).body == ""
    for _ in range(3):
        live.works(hours=1)
    assert live.network.find(sid) is None
    assert count(live, erase_at_provider) == 0


def proves(live):
    return prove_erased(live.carrier, live.hotline.reception, at=live.house.clock())


def checks(store):
    """Return what the log says of the checks, newest first."""
    with store.read() as session:
        return [line.what for line in audit.page(session, desks=("",), kinds=("provider_checked",))]


def test_a_night_check_proves_that_the_provider_is_empty(live):
    live.house.clock.at = datetime.now(UTC)
    live.network.weather.webhooks.append("lost")
    live.network.text_us(sender=MARIA, line=LINE, body="estoy encerrada", media=1)
    live.network.record(live.network.call_us(sender=MARIA, line=LINE))
    live.network.settle()
    live.house.clock.passes(minutes=90)

    # What is still there is counted as it is found, a text with its picture, a call, a recording;
    assert str(proves(live)) == "4 left, oldest 90 min"
    # the text is kept, and everything is asked to be erased.
    assert count(live, messages) == 1
    for _ in range(3):
        live.works(hours=2)
    assert count(live, attachments) == 2

    # The next night nothing is left.
    assert str(proves(live)) == "0 left"
    assert checks(live.hotline.store) == ["0 left", "4 left, oldest 90 min"]


def test_a_list_that_broke_off_proves_nothing(live):
    live.network.weather.rates = {"looks": {"down": 1.0}}
    assert str(proves(live)) == "broke off"
    live.network.weather.rates = {}
    assert str(proves(live)) == "0 left"


def test_what_was_listed_before_it_broke_off_is_erased_all_the_same(store):
    class Breaking(FakeCarrier):
        def list_held(self, *, before):
            yield Held("call", "CA" + "1" * 32, before - timedelta(minutes=15))
            raise CarrierBusy

    proof = prove_erased(Breaking(), Reception(store, set()), at=datetime.now(UTC))
    assert (proof.left, proof.is_whole, str(proof)) == (
        1,
        False,
        "broke off, 1 left, oldest 45 min",
    )
    assert checks(store) == ["broke off, 1 left, oldest 45 min"]
    with store.read() as session:
        assert session.execute(select(erase_at_provider.c.kind)).scalars().all() == ["call"]


def test_people_are_called_for_what_stays_or_when_nothing_was_proved_three_times(store):
    carrier, at = FakeCarrier(out_of_reach=True), datetime.now(UTC)

    def concerns():
        return concerns_people(store, prove_erased(carrier, Reception(store, set()), at=at))

    assert [concerns() for _ in range(4)] == [False, False, True, True]
    carrier.out_of_reach = False
    assert not concerns()
    for minutes, is_late in ((23 * 60, False), (25 * 60, True)):
        since = at - timedelta(minutes=minutes)
        carrier.holds = [(since, Held("call", "CA" + "1" * 32, since))]
        assert concerns() is is_late


def test_a_text_that_was_missed_for_a_week_is_kept_at_night(live):
    live.house.clock.at = datetime.now(UTC) + timedelta(days=7)
    live.network.weather.webhooks.append("lost")
    live.network.text_us(sender=MARIA, line=LINE, body="estoy encerrada")
    reconciles(live)
    assert count(live, messages) == 0
    proves(live)
    assert count(live, messages) == 1


def test_a_text_of_which_nobody_knows_whether_it_was_kept_stays_and_is_counted(live):
    live.house.clock.at = datetime.now(UTC) + timedelta(days=20)
    live.network.weather.webhooks.append("lost")
    sid = live.network.text_us(sender=MARIA, line=LINE, body="estoy encerrada")
    for _ in range(2):
        assert proves(live).left == 1
        live.works(hours=2)
    assert live.network.find(sid) is not None
    assert count(live, messages) == 0


def test_the_worker_checks_every_night_and_calls_people_when_something_stays(live):
    live.house.clock.at = datetime.now(UTC) + timedelta(days=20)
    live.network.weather.webhooks.append("lost")
    live.network.text_us(sender=MARIA, line=LINE, body="estoy encerrada")
    live.hotline.store.write(lambda session: worker.come_back(session, live.house.clock()))
    for _ in range(3):
        live.works(days=1, minutes=1)
    assert len(checks(live.hotline.store)) == 3
    with live.hotline.store.read() as session:
        raised = session.execute(select(alerts.c.kind)).scalars().all()
    assert raised.count("provider_holds") in (1, 2)  # once a week


def message(sid, text="hola"):
    incoming = IncomingMessage(Channel.SMS, text, "", sid, MARIA, LINE)
    return ProviderMessage(sid, incoming)


class Reception:
    """Refuses the texts whose ids it is told."""

    def __init__(self, store, refuses):
        self.store, self.refuses, self.kept = store, refuses, []

    def receive(self, message, *, at):
        if message.provider_id in self.refuses:
            raise Unavailable
        self.kept.append(message.provider_id)
        return Receipt("", "")


def test_a_text_that_cannot_be_kept_stops_no_other_and_is_not_erased(store):
    first, bad, last = ("SM" + digit * 32 for digit in "123")
    # The provider lists the newest first; what was missed is kept as it was sent.
    carrier = FakeCarrier(held=[message(last), message(bad), message(first)])
    reception = Reception(store, {bad})
    reconcile(carrier, reception, at=datetime.now(UTC))
    assert reception.kept == [first, last]
    with store.read() as session:
        asked = session.execute(select(erase_at_provider.c.provider_id)).scalars().all()
    assert sorted(asked) == [first, last]


def test_a_provider_out_of_reach_is_no_failure(store):
    carrier = FakeCarrier(out_of_reach=True)
    reconcile(carrier, Reception(store, set()), at=datetime.now(UTC))


def test_a_long_list_is_written_down_in_batches(store):
    held = [replace(message(""), provider_id=f"SM{n:032x}", incoming=None) for n in range(250)]
    reconcile(FakeCarrier(held=held), Reception(store, set()), at=datetime.now(UTC))
    with store.read() as session:
        rows = session.execute(select(func.count()).select_from(erase_at_provider)).scalar_one()
    assert rows == 250


@pytest.mark.parametrize("tries", [1, 3])
def test_the_server_that_fails_is_called_again_then_the_fallback(live, monkeypatch, tries):
    # The database fails now and then, as it would with a full disk.
    reception = live.hotline.reception
    real, failing = type(reception).receive, iter([True] * tries)

    def receive(self, message, *, at):
        if next(failing, False):
            raise Unavailable
        return real(self, message, at=at)

    monkeypatch.setattr(type(reception), "receive", receive)
    live.network.text_us(sender=MARIA, line=LINE, body="hola")
    assert count(live, messages) == 1
    assert len(live.network.bubbles(MARIA, LINE)) == 2


def calls_and_is_recorded(live, **more):
    """Let María call, say something that is recorded, and hang up; return call and recording."""
    live.house.clock.at = datetime.now(UTC)
    live.network.text_us(sender=MARIA, line=LINE, body="estoy encerrada")
    call = live.network.call_us(sender=MARIA, line=LINE)
    with live.hotline.store.read() as session:
        report = session.execute(select(reports.c.id)).scalar_one()
    state = CallState("es", step="end", report_id=report, recorded_at=1)
    live.hotline.store.write(
        lambda session: keep_state(session, call, state.to_json(), count=1, at=live.house.clock())
    )
    recording = live.network.record(call, content=b"RIFF" + b"voice " * 20_000, **more)
    live.network.settle()
    return call, recording


def looks(live, **span):
    """Let the worker look into the provider's list after a while, and do what follows."""
    live.house.clock.passes(**span)
    worker.WORK["reconcile"](live.hotline, "")
    live.works()
    live.works(minutes=3)


def sound_of(live, recording):
    return live.network.recordings.find(recording).content


def test_a_recording_that_nobody_told_us_of_is_fetched_and_goes_with_its_call(live):
    call, recording = calls_and_is_recorded(live)
    looks(live, minutes=10)
    assert count(live, attachments) == 1
    assert sound_of(live, recording) == b""
    looks(live, hours=2)
    assert live.network.calls.find(call) is None
    assert str(proves(live)) == "0 left"


def test_neither_a_recording_nor_its_call_goes_before_it_is_fetched(live, monkeypatch):
    fetched = live.carrier.fetch_recording
    monkeypatch.setattr(live.carrier, "fetch_recording", out_of_reach)
    call, recording = calls_and_is_recorded(live)
    for _ in range(3):
        looks(live, hours=2)
        proves(live)
    assert sound_of(live, recording) != b""
    assert live.network.calls.find(call)
    # Every night they count as what is still there.
    assert str(proves(live)).startswith("2 left")

    monkeypatch.setattr(live.carrier, "fetch_recording", fetched)
    live.works(days=1)
    looks(live, hours=2)
    assert count(live, attachments) == 1
    assert sound_of(live, recording) == b""
    assert live.network.calls.find(call) is None


def test_what_was_told_of_and_is_listed_too_is_kept_once(live):
    calls_and_is_recorded(live, callback=f"{live.url}/twilio/voice/recording")
    for _ in range(3):
        looks(live, minutes=10)
    assert count(live, attachments) == 1


def test_a_recording_that_comes_after_its_report_was_erased_is_kept_nowhere(live):
    _, recording = calls_and_is_recorded(live)
    live.hotline.store.write(lambda session: session.execute(delete(messages)))
    looks(live, minutes=10)
    assert (count(live, attachments), count(live, attachment_chunks)) == (0, 0)
    assert sound_of(live, recording) == b""


def test_a_recording_is_fetched_when_the_provider_tells_of_it(live):
    callback = f"{live.url}/twilio/voice/recording"
    calls_and_is_recorded(live, callback=callback)
    live.works()
    assert count(live, attachments) == 1
