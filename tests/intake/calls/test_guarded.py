"""A number can be feigned, and a phone be in other hands: what a call may touch, and what it may never tell."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from hotline.contact.tables import conversations
from hotline.domain.report import reference
from hotline.errors import Unavailable
from hotline.intake import calls as leading
from hotline.intake import recognizing
from hotline.intake.threads import WEB
from hotline.reports.tables import messages, reports, threads
from hotline.triage.tables import alerts
from tests.contact.conftest import signs_in
from tests.intake.calls.caller import Caller
from tests.intake.calls.test_returning import NUMBER, Written, rows, words
from tests.intake.calls.test_silent import WHOLE


@pytest.fixture
def maria(house):
    """María's whole call: she chose a number of her own and took a code."""
    return Caller(house).dials().chooses("en").presses(*WHOLE).hangs_up()


def her_report(house):
    with house.hotline.store.read() as session:
        return session.execute(select(reports).order_by(reports.c.messages.desc())).first()


def ways_of(house, report_id):
    house.clock.passes(seconds=30)
    noor = signs_in(house, "noor")
    with house.hotline.store.read() as session:
        return noor.open_contact(session, report_id)[1]


def asked(call, keys):
    heard = []
    for key in keys:
        call.presses(key)
        heard.append((call.prompts, [line.digits[:0] for line in call.hears.lines]))
    return heard


def test_whoever_calls_from_her_phone_learns_nothing_and_changes_nothing(house, maria):
    report, ways = her_report(house), ways_of(house, her_report(house).id)
    kept = report.messages
    his = Caller(house, sender=maria.sender).dials().chooses("en")
    stranger = Caller(house, sender="+4915199999999").dials().chooses("en")
    keys = ["5", "2", *WHOLE[2:11], "2", "5", "1111#", "1", "2", "1"]
    # The very same questions as to a phone that never called.
    assert asked(his, keys) == asked(stranger, keys)
    assert ways_of(house, report.id) == ways
    (hers,) = [row for row in rows(house, reports) if row.id == report.id]
    assert hers.messages == kept
    closed = [row.report_id for row in rows(house, conversations) if row.is_closed]
    assert report.id not in closed


def test_a_call_of_a_guarded_number_is_a_report_beside_hers_and_the_desk_sees_it(house, maria):
    report = her_report(house)
    Caller(house, sender=maria.sender).dials().chooses("en").presses("5", "3", "2").hangs_up()
    (other,) = [row for row in rows(house, reports) if row.id != report.id]
    noor = signs_in(house, "noor")
    with house.hotline.store.read() as session:
        answers = noor.open_accounts(session, other.id, [1])[1].details["answers"]
    assert answers["beside"] == reference(report.id)


def test_a_call_that_broke_off_before_anything_guards_it_goes_on_in_its_report(house):
    first = Caller(house).dials().chooses("en").presses("5", "1", "2").hangs_up()
    Caller(house, sender=first.sender).dials().chooses("en").presses("5", "1", "2", "1")
    assert len(rows(house, reports)) == 1


def test_two_wrong_words_make_his_phone_known_nowhere(house):
    written = Written(house, NUMBER)
    his = Caller(house, sender="+4915199999999").dials().chooses("en")
    his.presses("#", written.keys, "1111#", "2222#").hangs_up()
    assert [row for row in rows(house, threads) if row.report_id == written.report_id] == []
    again = Caller(house, sender=his.sender).dials().chooses("en").presses("5", "1", "2", "1")
    assert not [
        row
        for row in rows(house, conversations)
        if row.is_closed and row.report_id == written.report_id
    ]
    third = (
        Caller(house, sender=his.sender).dials().chooses("en").presses("#", written.keys, "1111#")
    )
    assert words(again) == words(third) == []


def test_a_code_of_ones_own_takes_nobodys_number(house, maria):
    report = her_report(house)
    before = [(row.token, row.report_id) for row in rows(house, threads)]
    his = Written(house)
    Caller(house, sender=maria.sender).dials().chooses("en").presses("#", his.keys, "2", "1")
    after = [(row.token, row.report_id) for row in rows(house, threads)]
    assert set(before) <= set(after)
    assert (before[0][1]) == report.id


def test_who_wants_a_text_takes_no_phone_that_was_known_by_text(house):
    call = Caller(house).dials().chooses("en")
    (ticket, *_) = house.hotline.threads.tickets(
        "sms", house.hotline.config.twilio.sms_number, call.sender
    )
    long_ago = house.clock() - timedelta(hours=80)
    row = {
        "token": ticket.token,
        "report_id": "f" * 32,
        "secret_sealed": b"x",
        "last_at": long_ago,
        "invited": "",
    }
    house.hotline.store.write(lambda session: session.execute(insert(threads).values(row)))
    call.presses("5", "2")
    assert not [row for row in rows(house, threads) if row.invited == WEB]
    assert [row.report_id for row in rows(house, threads) if row.token == ticket.token] == [
        "f" * 32
    ]


def test_wrong_words_are_counted_over_all_calls(house, monkeypatch):
    monkeypatch.setattr(recognizing, "MOST_TRIES", 3)
    written = Written(house, NUMBER)
    for guess in range(1000, 1004):
        call = (
            Caller(house, sender="").dials().chooses("en").presses("#", written.keys, f"{guess}#")
        )
        assert call.prompts == ["enter_secret"]
        call.hangs_up()
        alarmed = [row.report_id for row in rows(house, alerts)]
        assert alarmed == ([written.report_id] if guess > 1000 else [])
    # After so many the right one is none either.
    call = Caller(house, sender="").dials().chooses("en").presses("#", written.keys, f"{NUMBER}#")
    assert words(call) == []


def test_a_right_word_makes_an_end_of_counting(house, monkeypatch):
    monkeypatch.setattr(recognizing, "MOST_TRIES", 1)
    written = Written(house, NUMBER)
    for _ in range(3):
        call = Caller(house, sender="").dials().chooses("en")
        call.presses("#", written.keys, "1111#", f"{NUMBER}#")
        assert call.prompts[-3:] == ["way", "way_mine", "hear_promise"]


def test_other_words_after_a_step_that_was_half_kept_are_kept_too(house, monkeypatch):
    call = Caller(house).dials().chooses("en").is_silent()

    def dies(*_args, **_kwargs):
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(leading, "keep_state", dies)
        with pytest.raises(Unavailable):
            call.says("He keeps my passport in the safe.")
    call.says("There are two girls locked in the cellar.")
    call.presses("2")
    noor, report = signs_in(house, "noor"), her_report(house)
    with house.hotline.store.read() as session:
        said = [
            noor.open_accounts(session, report.id, [seq])[seq].text
            for seq in range(1, report.messages + 1)
        ]
    assert "He keeps my passport in the safe." in said
    assert "There are two girls locked in the cellar." in said


def test_what_was_said_as_the_call_ended_is_kept(house):
    call = Caller(house).dials().chooses("en").is_silent()
    call.hangs_up()
    before = len(rows(house, messages))
    call.says("They take us away tonight.")
    assert len(rows(house, messages)) == before + 1
    assert her_report(house).urgency >= 2


def test_nobody_is_rung_for_a_call_that_is_over(house):
    call = Caller(house).dials().chooses("en").is_silent().presses("1", "3")
    call.hangs_up().presses("2")
    assert not call.hears.then.ref
