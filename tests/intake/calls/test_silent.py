"""Who cannot speak becomes a full case by the keypad alone, and loses nothing when the call breaks off."""

import pytest
from sqlalchemy import func, select

from hotline.contact.tables import calls, erase_at_provider
from hotline.dialogue.calls.turns import Heard
from hotline.reports.tables import messages, reports, seen, threads
from hotline.vault.codes import parse
from hotline.vault.reporters import find_reporter, knows_word
from tests.contact.conftest import signs_in
from tests.intake.calls.caller import Caller

WHOLE = [
    "5", "1", "2", "1", "2", "80331#", "1", "1", "135#", "2", "15#", "1", "4", "24680#", "1", "2",
]  # fmt: skip
"""Cannot speak; call back; not safe; here; a town; its code; me; under 18; needs; cannot go; held; evening; a number; a code."""


def rows(house, table):
    with house.hotline.store.read() as session:
        return session.execute(select(table)).all()


def only(house, table):
    (row,) = rows(house, table)
    return row


@pytest.fixture
def call(house):
    return Caller(house).dials().chooses("en")


def told(house):
    """Return what the desk reads of the only report, all answers together."""
    house.clock.passes(seconds=30)
    noor, report = signs_in(house, "noor"), only(house, reports)
    answers = {}
    with house.hotline.store.read() as session:
        for seq in range(1, report.messages + 1):
            account = noor.open_accounts(session, report.id, [seq])[seq]
            answers |= account.details["answers"]
        address, ways = noor.open_contact(session, report.id)
    return answers, address, ways


def test_a_silent_caller_becomes_a_full_case_by_keypad_alone(house, call):
    call.presses(*WHOLE)
    assert call.prompts == ["done", "hear_promise"]
    report = only(house, reports)
    assert (report.channel, report.locale, report.country) == ("voice", "en", "DE")
    assert report.minor
    assert report.urgency == 3
    assert report.unanswered
    answers, address, ways = told(house)
    assert answers == {
        "call": "no_voice",
        "cut": "call",
        "safe": "no",
        "who": "me",
        "young": "yes",
        "need": ["place", "papers", "home"],
        "go": "no",
        "held": ["papers", "locked"],
        "country": "DE",
        "area": "town",
        "post_code": "told",
        "back": "call",
    }
    assert (address.channel, address.value) == ("voice", call.sender)
    assert (ways["how"], ways["hours"], ways["zone"]) == ("call", "18:00-22:00", "Europe/Berlin")
    assert (ways["word"], ways["line"]) == ("24680", call.line)
    assert ways["place"] == "80331"


def test_the_code_that_is_read_out_opens_the_report_with_the_number(house, call):
    call.presses(*WHOLE[:-1])
    digits = "".join(line.digits for line in call.hears.lines if line.digits)
    first, second = digits[:21], digits[21:]
    assert first == second
    key = house.hotline.codes.derive(parse(first))
    with house.hotline.store.read() as session:
        found = find_reporter(session, key.lookup)
    assert found.report_id == only(house, reports).id
    assert knows_word(key, found, "24680")
    assert not knows_word(key, found, "24681")


@pytest.mark.parametrize("steps", range(1, len(WHOLE)))
def test_a_call_that_breaks_off_keeps_what_was_given(house, call, steps):
    call.presses(*WHOLE[:steps]).hangs_up()
    report = only(house, reports)
    # The language and each key; who has no word or code to keep says nothing with them.
    assert report.messages == steps + 1
    assert only(house, erase_at_provider).provider_id == call.call_id
    answers, _, _ = told(house)
    if steps >= 3:
        assert answers["safe"] == "no"


def test_a_call_is_a_report_from_its_first_key_press(house):
    call = Caller(house).dials()
    assert not rows(house, reports)
    call.presses("1")
    assert only(house, reports).channel == "voice"


def test_a_step_that_comes_twice_is_answered_as_the_first_time_and_kept_once(house, call):
    call.presses("5", "1")
    step, heard = call.step, Heard(call.step, digits="2")
    call.presses("2")
    kept = only(house, reports).messages
    assert call.again(heard) == call.hears
    assert call.again(Heard()) == call.hears
    assert call.again(Heard("0" * 32, digits="1")) == call.hears
    assert call.step != step
    assert only(house, reports).messages == kept


def test_where_a_call_stands_is_not_readable_without_the_providers_id(house, call):
    call.presses(*WHOLE[:14])
    row = only(house, calls)
    for table in (calls, seen, messages, reports):
        with house.hotline.store.read() as session:
            dump = repr(session.execute(select(table)).all())
        assert call.call_id not in dump
        assert "24680" not in dump
        assert "80331" not in dump
        assert call.sender not in dump
    assert only(house, reports).id.encode() not in row.sealed


def test_a_withheld_number_is_one_report_for_one_call(house):
    first = Caller(house, sender="").dials().chooses("en").presses("5", "2")
    second = Caller(house, sender="").dials().chooses("en").presses("5")
    assert first.prompts != second.prompts or len(rows(house, reports)) == 2
    assert len(rows(house, reports)) == 2
    with house.hotline.store.read() as session:
        counts = session.execute(select(func.max(reports.c.messages))).scalar_one()
    assert counts == 3
    dump = repr(rows(house, reports)) + repr(rows(house, messages))
    assert first.call_id not in dump


def test_who_wants_a_text_is_written_to_by_text_and_known_by_their_number(house, call):
    call.presses("5", "2", "3", "1", "6", "1", "2", "#", "1", "#", "2", "1", "24680#", "2")
    _, address, ways = told(house)
    assert (address.channel, address.value, ways["how"]) == ("sms", call.sender, "text")
    report = only(house, reports)
    with house.hotline.store.read() as session:
        invited = session.execute(select(threads).where(threads.c.invited == "web")).one()
    assert invited.report_id == report.id
