"""Somebody calls who has a code: what follows belongs to their report, and what was answered is read to them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline import contact
from hotline.contact.calls import forget_calls
from hotline.contact.conversation import keep_conversation
from hotline.dialogue.calls.turns import Event
from hotline.dialogue.state import State
from hotline.domain.report import Channel, IncomingMessage
from hotline.intake.threads import of_reporter
from hotline.reports.tables import messages, reports
from hotline.triage.tables import alerts
from hotline.vault.codes import mint
from hotline.vault.threads import seal_state, word_mark
from tests.contact.conftest import signs_in
from tests.intake.calls.caller import Caller

NUMBER = "24680"


def rows(house, table):
    with house.hotline.store.read() as session:
        return session.execute(select(table)).all()


class Written:
    """A report on the web, with a code, and (*number*) a secret number; Noor has answered it."""

    def __init__(self, house, number=""):
        self.house, self.code = house, mint()
        message = IncomingMessage(
            Channel.WEB, "They keep my passport.", "en", contact={"word": number} if number else {}
        )
        key = house.hotline.codes.derive(self.code)
        receipt = house.hotline.reception.receive(message, at=house.clock(), reporter=key)
        self.report_id = receipt.report_id
        self.noor = signs_in(house, "noor")
        self.answers("Come at six.")

    def answers(self, text):
        house = self.house
        contact.reply(
            house.hotline.store,
            self.noor,
            house.hotline.keyring,
            house.hotline.relay_public,
            languages=house.hotline.languages,
            house_public=house.hotline.log_key.public,
            report_id=self.report_id,
            text=text,
            at=house.clock(),
        )

    @property
    def keys(self):
        return self.code.digits.replace(" ", "") + "#"

    @property
    def is_read(self):
        (row,) = [row for row in rows(self.house, messages) if row.direction == "out"]
        return row.is_read


def words(call):
    return [line.words for line in call.hears.lines if line.words]


@pytest.fixture
def call(house):
    return Caller(house).dials().chooses("en").presses("#")


def test_the_code_reads_out_the_answer_and_joins_the_call_to_the_report(house, call):
    written = Written(house)
    call.presses(written.keys)
    assert words(call) == ["Come at six."]
    call.is_silent().presses("3", "3", "2")
    assert written.is_read
    mine = {row.report_id for row in rows(house, messages) if row.seq > 2}
    assert written.report_id in mine
    (report,) = [row for row in rows(house, reports) if row.id == written.report_id]
    assert report.messages >= 5
    assert report.channel == "web"


def test_with_a_number_agreed_the_code_alone_reads_out_nothing(house, call):
    written = Written(house, NUMBER)
    call.presses(written.keys)
    assert (call.prompts, words(call)) == (["enter_secret"], [])
    assert not written.is_read
    call.presses(f"{NUMBER}#")
    assert words(call) == ["Come at six."]
    assert not written.is_read
    call.presses("2")
    assert written.is_read


def test_two_wrong_numbers_raise_an_alarm_on_that_report_and_read_out_nothing(house, call):
    written = Written(house, NUMBER)
    call.presses(written.keys, "1111#", "2222#")
    assert words(call) == []
    assert call.prompts == ["wrong_number"]
    (report,) = [row for row in rows(house, reports) if row.id == written.report_id]
    assert report.duress
    assert not written.is_read
    assert [row.report_id for row in rows(house, alerts)] == [written.report_id]


def test_a_code_that_is_none_opens_nothing_and_loses_nothing(house, call):
    call.presses("123#", "456#", "789#")
    assert call.prompts == ["code_unknown", "way", "hear_promise"]
    call.presses("2", "3", "2")
    assert any(row.channel == "voice" for row in rows(house, reports))


def test_the_code_opens_the_report_for_that_call_and_makes_the_phone_nobodys(house, call):
    written = Written(house)
    call.presses(written.keys).hangs_up()
    house.clock.passes(hours=1)
    before = len(rows(house, messages))
    Caller(house).dials().chooses("en").presses("5", "3", "2")
    added = {row.report_id for row in rows(house, messages)[before:]}
    assert written.report_id not in added


def test_a_line_that_breaks_while_an_answer_is_read_leaves_it_unread(house, call):
    written = Written(house)
    call.presses(written.keys).hangs_up()
    assert not written.is_read
    again = Caller(house).dials().chooses("en").presses("#", written.keys)
    assert words(again) == ["Come at six."]


def test_more_answers_than_one_can_listen_to_wait_for_the_next_call(house, call):
    written = Written(house)
    for _ in range(14):
        written.answers("जवाब " * 380)
    call.presses(written.keys)
    heard = len(words(call))
    assert 1 < heard < 15
    assert call.prompts == ["answer_waits", "way", "hear_promise"]
    call.presses("2")
    unread = [row for row in rows(house, messages) if row.direction == "out" and not row.is_read]
    assert len(unread) == 15 - heard


def test_a_word_that_was_agreed_by_text_guards_the_code_in_a_call_too(house, call):
    written = Written(house)
    key = house.hotline.codes.derive(written.code)
    with house.hotline.store.read() as session:
        thread = of_reporter(session, key, at=house.clock())
    state = State("en", told=("received",), word=word_mark(thread.secret, NUMBER))
    sealed = seal_state(thread.secret, state.to_json(), report_id=thread.report_id)
    house.hotline.store.write(
        lambda session: keep_conversation(
            session,
            written.report_id,
            sealed=sealed,
            open_until=None,
            is_closed=False,
            at=house.clock(),
        )
    )
    call.presses(written.keys)
    assert call.prompts == ["enter_secret"]
    assert words(call.presses(f"{NUMBER}#")) == ["Come at six."]


def test_a_recording_belongs_where_consent_was_given(house):
    call = Caller(house).dials().chooses("en").is_silent()
    calls = house.hotline.calls
    assert calls.spot_of(call.call_id) is None
    call.presses("2", "3", "1", "2")
    assert calls.spot_of(call.call_id) is None
    other = Caller(house, sender="+4915112345679").dials().chooses("en").is_silent()
    other.presses("2", "3", "1", "1")
    spot = calls.spot_of(other.call_id)
    (row,) = [row for row in rows(house, messages) if (row.report_id, row.seq) == (spot.report_id, spot.seq)]  # fmt: skip
    account = signs_in(house, "noor")
    with house.hotline.store.read() as session:
        read = account.open_accounts(session, row.report_id, [row.seq])[row.seq]
    assert read.details["answers"] == {"record": "yes"}
    # The provider may tell of it when the call is long over.
    other.meets(Event.RECORDED).hangs_up()
    assert calls.spot_of(other.call_id) == spot
    house.clock.at += timedelta(days=2)
    house.hotline.store.write(lambda session: forget_calls(session, at=house.clock()))
    assert calls.spot_of(other.call_id) is None
