"""What a caller said is fetched once, sealed as it comes in, and erased at the provider; of what broke off nothing stays."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import MethodType

import pytest
from sqlalchemy import delete, func, insert, select

from hotline import audit
from hotline.contact import recorded
from hotline.contact.carrier import CarrierBusy, CarrierRefused
from hotline.contact.fetching import FETCHING, LEFT_OUT
from hotline.contact.recordings import KIND, PATIENCE, fetch_recording
from hotline.contact.tables import erase_at_provider, recordings
from hotline.domain.report import day
from hotline.jobs import jobs
from hotline.reports.tables import messages, reports
from hotline.store import Store
from hotline.triage.alerts import Kind, open_alerts
from hotline.triage.revealing import reveal_files
from hotline.vault import unfinished
from hotline.vault.relay import seal_for_relay
from hotline.vault.revealing import Look
from hotline.vault.spare import RECORDINGS_LIMIT
from hotline.vault.stream import CHUNK
from hotline.vault.tables import (
    attachment_chunks,
    attachment_days,
    attachments,
    unfinished_files,
)
from hotline.worker import WORK, work_off
from tests.contact.conftest import NOW, signs_in
from tests.house import found_house

CA, RE, OTHER, THIRD = "CA" + "6" * 32, "RE" + "7" * 32, "RE" + "8" * 32, "RE" + "9" * 32
BUDGET = 10_000
VOICE = b"RIFF" + bytes(range(256)) * 1500


def pieces(content: bytes = VOICE, size: int = 5000) -> Iterator[bytes]:
    yield from (content[start : start + size] for start in range(0, len(content), size))


def broken(error: type[BaseException], content: bytes = VOICE) -> Iterator[bytes]:
    yield from pieces(content)
    raise error


class Tape:
    """A report whose second message was said on a call, and the worker who fetches it."""

    def __init__(self, house, hears=pieces):
        self.house, self.hotline, self.hears = house, house.hotline, hears
        self.store, self.carrier = house.hotline.store, house.carrier
        self.carrier.fetch_recording = self._bring
        self.report_id = "a" * 32
        self.at = NOW
        self.asked = []

    def _bring(self, recording_id):
        self.asked.append(recording_id)
        return self.hears()

    def message(self):
        row = {
            "id": self.report_id, "desk": "main", "channel": "voice", "locale": "es",
            "language": "es", "day": "2026-03-02", "status": "open", "urgency": 2, "minor": False,
            "bystander": False, "needs": [], "indicators": [], "rules": [], "messages": 1,
            "unanswered": True, "waiting_since": NOW,
        }  # fmt: skip
        said = {
            "report_id": self.report_id, "seq": 2, "direction": "in", "channel": "voice",
            "day": "2026-03-02", "at": NOW, "author": "", "state": "", "is_read": False,
        }  # fmt: skip

        def work(session):
            session.execute(insert(reports), row)
            session.execute(insert(messages), said)

        self.store.write(work)
        return self

    def tells(self, status="completed", recording_id=RE, seconds=9, call_id=CA):
        """Tell of a recording, as the provider's callback does."""

        def belongs(_session, call):
            return (self.report_id, 2) if call == CA else None

        its = {"call_id": call_id, "recording_id": recording_id, "status": status}
        self.store.write(
            lambda session: recorded(
                session,
                self.hotline.relay_public,
                **its,
                belongs=belongs,
                at=self.at,
                seconds=seconds,
            )
        )

    def refs(self):
        return [
            row.ref for row in self.rows(select(jobs.c.ref).where(jobs.c.name == "fetch_recording"))
        ]

    def fetches(self, ref="", budget=BUDGET):
        hotline = self.hotline
        fetch_recording(
            self.store,
            self.carrier,
            hotline.relay,
            hotline.keyring,
            ref or self.refs()[-1],
            at=self.at,
            budget=budget,
        )

    def rows(self, query):
        with self.store.read() as session:
            return session.execute(query).all()

    def count(self, table):
        return self.rows(select(func.count()).select_from(table))[0][0]

    @property
    def state(self):
        return self.rows(select(messages.c.state))[0].state

    def to_erase(self):
        query = select(erase_at_provider.c.kind, erase_at_provider.c.provider_id)
        return [tuple(row) for row in self.rows(query)]

    def left(self):
        """Return what is kept here: files, chunks, files that are not whole, wishes."""
        tables = (attachments, attachment_chunks, unfinished_files, recordings)
        return [self.count(table) for table in tables]

    def opened(self):
        noor = signs_in(self.house, "noor")
        look = Look(self.report_id, 2, "attachments", "life", "they called")
        files = reveal_files(self.store, noor, self.hotline.keyring, look, at=self.house.clock())
        return [(one.head, b"".join(one.pieces(self.store))) for one in files]


NOTHING = [0, 0, 0, 0]
WAITING = [0, 0, 0, 1]
CHUNKS = 6


@pytest.fixture
def tape(house) -> Tape:
    return Tape(house).message()


def test_a_recording_is_kept_sealed_and_erased_there(tape):
    tape.tells()
    assert tape.state == FETCHING
    tape.fetches()
    ((head, content),) = tape.opened()
    assert (content, head.kind) == (VOICE, KIND)
    assert (tape.asked, tape.state) == ([RE], "")
    assert tape.to_erase() == [("recording", RE)]
    assert tape.left() == [1, CHUNKS, 0, 0]


def test_which_bytes_came_is_written_in_the_log(tape):
    tape.tells()
    tape.fetches()
    with tape.store.read() as session:
        (line,) = audit.of_report(session, tape.report_id)
    assert (line.did, line.what.partition("=")[0]) == ("receive", "2 file1")


def test_neither_its_sound_nor_its_name_at_the_provider_lies_here(tape):
    tape.tells()
    tape.fetches()
    tape.store.write(lambda session: session.execute(delete(erase_at_provider)))
    tape.store.truncate_log()
    everything = b"".join(path.read_bytes() for path in tape.house.var.glob("hotline.db*"))
    for trace in (RE.encode(), CA.encode(), VOICE[:64], VOICE[CHUNK : CHUNK + 64]):
        assert trace not in everything


@pytest.mark.parametrize("times", [2, 4])
def test_told_of_again_it_is_fetched_once(tape, times):
    for _ in range(times):
        tape.tells()
    assert len(tape.refs()) == 1
    tape.fetches()
    # The provider repeats itself after all is done, too.
    tape.tells()
    tape.tells("absent")
    assert (len(tape.refs()), tape.state) == (1, "")
    assert tape.left() == [1, CHUNKS, 0, 0]


def test_of_a_call_that_nobody_knows_nothing_is_fetched_nor_erased_yet(tape):
    tape.tells(call_id="CA" + "9" * 32)
    assert (tape.refs(), tape.to_erase(), tape.state) == ([], [], "")
    tape.tells()
    assert len(tape.refs()) == 1


@pytest.mark.parametrize(
    ("status", "seconds"), [("absent", None), ("failed", 4), ("completed", 0), ("absent", 0)]
)
def test_a_recording_that_is_none_leaves_a_word_with_the_message(tape, status, seconds):
    tape.tells(status, seconds=seconds)
    assert (tape.state, tape.refs()) == (LEFT_OUT, [])
    assert tape.to_erase() == [("recording", RE)]
    assert tape.left() == NOTHING


def test_one_that_has_no_name_leaves_nothing_to_erase(tape):
    tape.tells("absent", recording_id="")
    assert (tape.state, tape.to_erase()) == (LEFT_OUT, [])


@pytest.mark.parametrize("status", ["in-progress", "", "something new"])
def test_any_other_news_is_none(tape, status):
    tape.tells(status)
    assert (tape.state, tape.refs(), tape.to_erase()) == ("", [], [])


def test_how_long_it_is_need_not_be_told(tape):
    tape.tells(seconds=None)
    tape.fetches()
    assert tape.left()[0] == 1


@pytest.mark.parametrize("content", [b"", b"RIFF" + bytes(40)])
def test_one_without_a_sound_is_left_out(tape, content):
    tape.hears = lambda: pieces(content)
    tape.tells()
    tape.fetches()
    assert (tape.state, tape.left()) == (LEFT_OUT, NOTHING)
    assert tape.to_erase() == [("recording", RE)]


def test_one_that_is_too_large_is_not_read_to_its_end_and_waits(tape, monkeypatch):
    monkeypatch.setattr("hotline.contact.recordings.MOST_BYTES", 10 * CHUNK)
    read = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(CHUNK)
            yield bytes(CHUNK)

    tape.hears = endless
    tape.tells()
    tape.fetches()
    assert len(read) == 11
    assert (tape.state, tape.left(), tape.to_erase()) == (FETCHING, WAITING, [])


@pytest.mark.parametrize("error", [CarrierBusy, OSError])
def test_one_that_breaks_off_comes_back_and_nothing_is_doubled(tape, error):
    tape.tells()
    for _ in range(2):
        tape.hears = lambda: broken(error)
        with pytest.raises(error):
            tape.fetches()
        assert (tape.state, tape.left()) == (FETCHING, [0, 0, 0, 1])
    assert tape.to_erase() == []
    tape.hears = pieces
    tape.fetches()
    assert tape.left() == [1, CHUNKS, 0, 0]
    assert tape.opened()[0][1] == VOICE


def test_one_that_is_not_found_yet_is_asked_for_again_and_in_the_end_it_is_gone(tape):
    tape.hears = lambda: broken(CarrierRefused, b"")
    tape.tells()
    with pytest.raises(CarrierBusy):
        tape.fetches()
    assert tape.state == FETCHING
    tape.at += PATIENCE
    tape.fetches()
    assert (tape.state, tape.left()) == (LEFT_OUT, NOTHING)
    assert tape.to_erase() == [("recording", RE)]


def test_a_worker_killed_on_the_way_leaves_what_nobody_can_open_and_the_sweep_takes_it(tape):
    tape.hears = lambda: broken(KeyboardInterrupt)
    tape.tells()
    with pytest.raises(KeyboardInterrupt):
        tape.fetches()
    assert tape.left() == [0, 4, 1, 1]
    unfinished.sweep(tape.store, at=NOW)
    assert tape.left() == [0, 4, 1, 1]

    # Meanwhile another one fetches it; then what was left of the first is swept.
    tape.hears = pieces
    tape.fetches()
    assert tape.left() == [1, 4 + CHUNKS, 1, 0]
    unfinished.sweep(tape.store, at=NOW + unfinished.PATIENCE)
    assert tape.left() == [1, CHUNKS, 0, 0]
    assert tape.opened()[0][1] == VOICE


def test_two_workers_who_fetch_the_same_keep_it_once(tape):
    tape.tells()
    ref = tape.refs()[0]

    def meanwhile():
        tape.hears = pieces
        tape.fetches(ref)
        return pieces()

    tape.hears = meanwhile
    tape.fetches(ref)
    tape.fetches(ref)
    assert (tape.left(), tape.state) == ([1, CHUNKS, 0, 0], "")


def test_what_cannot_be_written_down_leaves_nothing(tape, monkeypatch):
    tape.tells()
    write, writes = Store.write, []

    def fails(store, work):
        writes.append(work)
        if len(writes) == 3:
            raise OSError
        return write(store, work)

    monkeypatch.setattr(tape.store, "write", MethodType(fails, tape.store))
    with pytest.raises(OSError):
        tape.fetches()
    assert tape.left() == [0, 0, 0, 1]


def test_several_of_one_message_are_all_kept(tape):
    tape.tells()
    tape.tells(recording_id=OTHER)
    for ref in tape.refs():
        tape.fetches(ref)
    assert [head.number for head, _ in tape.opened()] == [1, 2]


def test_nothing_is_fetched_of_a_report_that_was_erased(tape):
    tape.tells()
    tape.store.write(lambda session: session.execute(delete(messages)))
    tape.fetches()
    assert (tape.asked, tape.left()) == ([], NOTHING)
    assert tape.to_erase() == [("recording", RE)]


def test_a_report_erased_while_it_is_fetched_keeps_nothing(tape):
    def erased():
        tape.store.write(lambda session: session.execute(delete(messages)))
        return pieces()

    tape.hears = erased
    tape.tells()
    tape.fetches()
    assert tape.left() == NOTHING
    assert tape.to_erase() == [("recording", RE)]


def fills(tape, chunks, *, is_recording):
    """Let others have brought so much today."""
    row = {"day": day(tape.at), "is_recording": is_recording, "chunks": chunks}
    tape.store.write(lambda session: session.execute(insert(attachment_days), row))


@pytest.mark.parametrize("taken", [BUDGET, BUDGET - 1, BUDGET - CHUNKS + 1])
def test_what_there_is_no_room_for_today_stays_at_the_provider_and_is_kept_tomorrow(tape, taken):
    fills(tape, taken, is_recording=True)
    tape.tells()
    tape.fetches()
    assert (tape.state, tape.left(), tape.to_erase()) == (FETCHING, WAITING, [])
    # It is not even read where there is no room for any.
    assert tape.asked == [RE] * (taken < BUDGET)

    tape.at += timedelta(days=1)
    tape.fetches()
    assert (tape.state, tape.left()) == ("", [1, CHUNKS, 0, 0])
    assert tape.opened()[0][1] == VOICE
    assert tape.to_erase() == [("recording", RE)]


def test_a_day_that_fills_while_it_is_fetched_leaves_it_there(tape):
    def meanwhile():
        fills(tape, BUDGET - 1, is_recording=True)
        return pieces()

    tape.hears = meanwhile
    tape.tells()
    tape.fetches()
    assert (tape.state, tape.left(), tape.to_erase()) == (FETCHING, WAITING, [])


def test_the_job_comes_back_after_midnight_and_operators_are_told_once(tape):
    house = tape.house
    house.hotline = replace(
        tape.hotline, config=replace(tape.hotline.config, recording_budget_mb=0)
    )
    tape.tells()
    tape.tells(recording_id=OTHER)
    house.clock.at = NOW + timedelta(minutes=1)
    work_off(house.hotline)
    due = [row.due_at for row in tape.rows(select(jobs).where(jobs.c.name == "fetch_recording"))]
    midnight = house.clock.at.replace(hour=0, minute=0) + timedelta(days=1)
    assert due == [midnight, midnight]
    with tape.store.read() as session:
        assert [one.kind for one in open_alerts(session, "main")] == [Kind.RECORDINGS_WAIT]

    # Nobody has to do anything: the next day has room.
    house.clock.at = midnight
    work_off(tape.hotline)
    assert tape.left() == [2, 2 * CHUNKS, 0, 0]
    assert sorted(tape.to_erase()) == [("recording", RE), ("recording", OTHER)]


def test_a_report_erased_while_its_recording_waits_takes_it_along(tape):
    fills(tape, BUDGET, is_recording=True)
    tape.tells()
    tape.fetches()
    tape.store.write(lambda session: session.execute(delete(messages)))
    tape.fetches()
    assert (tape.left(), tape.to_erase()) == (NOTHING, [("recording", RE)])


def test_what_is_uploaded_takes_no_room_of_what_is_said(tape, monkeypatch):
    monkeypatch.setattr("hotline.vault.spare.REPORT_LIMIT", 0)
    fills(tape, BUDGET, is_recording=False)
    tape.tells()
    tape.fetches()
    assert (tape.left()[0], tape.state) == (1, "")


def test_a_report_has_never_too_many_but_leaves_half_a_day_to_others(tape, monkeypatch):
    hour = -(-(3600 * 16_000) // CHUNK)
    assert hour * 9 <= RECORDINGS_LIMIT
    monkeypatch.setattr("hotline.vault.spare.RECORDINGS_LIMIT", CHUNKS)
    for recording in (RE, OTHER):
        tape.tells(recording_id=recording)
        tape.fetches(budget=4 * CHUNKS)
    assert (tape.left(), tape.state) == ([2, 2 * CHUNKS, 0, 0], "")
    tape.tells(recording_id=THIRD)
    tape.fetches(budget=4 * CHUNKS)
    assert (tape.left(), tape.state) == ([2, 2 * CHUNKS, 0, 1], FETCHING)
    assert ("recording", THIRD) not in tape.to_erase()
    tape.at += timedelta(days=1)
    tape.fetches(budget=4 * CHUNKS)
    assert (tape.left(), tape.state) == ([3, 3 * CHUNKS, 0, 0], "")


def test_what_is_wanted_lies_sealed_and_a_wish_that_nobody_can_read_stops_nothing(tape):
    tape.tells()
    (row,) = tape.rows(select(recordings))
    assert RE.encode() not in row.sealed
    assert tape.report_id.encode() not in row.sealed
    for sealed in (
        b"no seal",
        seal_for_relay(tape.hotline.relay_public, b'["pictures","x","y",1]'),
    ):
        its = {"id": "b" * 32, "id_hash": b"2" * 32, "sealed": sealed, "since": NOW}
        tape.store.write(lambda session, its=its: session.execute(insert(recordings), its))
        tape.fetches("b" * 32)
    assert tape.count(recordings) == 1


def test_the_worker_knows_the_job_a_lost_one_is_asked_for_again_and_leftovers_are_swept(tape):
    tape.tells()
    tape.hears = lambda: broken(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        tape.fetches()
    (ref,) = tape.refs()
    tape.store.write(lambda session: session.execute(delete(jobs)))
    tape.house.clock.at = NOW + unfinished.PATIENCE + timedelta(minutes=1)
    WORK["sweep"](tape.hotline, "")
    assert (tape.refs(), tape.left()) == ([ref], [0, 0, 0, 1])
    tape.hears = pieces
    WORK["fetch_recording"](tape.hotline, ref)
    assert tape.left() == [1, CHUNKS, 0, 0]


def test_at_a_desk_with_four_eyes_it_is_cut_in_halves(tmp_path):
    house = found_house(tmp_path, four_eyes=True)
    tape = Tape(house).message()
    tape.tells()
    tape.fetches()
    assert all(row.wrap2 for row in tape.rows(select(attachments.c.wrap2)))
    house.close()


def test_on_postgresql_too(tmp_path, postgres_url):
    house = found_house(tmp_path, database_url=postgres_url)
    tape = Tape(house).message()
    for _ in range(2):
        tape.tells()
    tape.hears = lambda: broken(CarrierBusy)
    with pytest.raises(CarrierBusy):
        tape.fetches()
    tape.hears = pieces
    tape.fetches()
    assert tape.left() == [1, CHUNKS, 0, 0]
    house.close()
