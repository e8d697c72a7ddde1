"""Nothing with content reaches a phone before somebody there has said that now is a good time."""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.contact import (
    HoursUnread,
    LineClosed,
    ask_again,
    close_line,
    forget,
    forget_ended,
    note_status,
    release,
)
from hotline.contact.carrier import CarrierBusy, CarrierRefused, ReporterOptedOut
from hotline.contact.fate import State
from hotline.contact.tables import conversations, sends
from hotline.domain.identity import Address
from hotline.vault.argon import CHEAPEST
from hotline.vault.codes import mint
from hotline.vault.reporters import CodeDesk, admit_reporter
from tests.cast import MARIA
from tests.contact.conftest import LINE, NOW, desk_in
from tests.house import found_house

KNOCK = "Is now a good time to write? 1 yes 2 later"
ANSWER = "Estamos aquí."
SOON = NOW + timedelta(minutes=1)


def bodies(desk):
    return [text[2] for text in desk.carrier.sent]


def comes(desk, *, report_id="", at=NOW):
    """Let the person answer the knock: they are there, and it is safe."""
    desk.is_there(report_id=report_id, at=at)
    return desk.store.write(lambda session: release(session, report_id or desk.report_id, at=at))


def test_a_knock_goes_first_and_the_answer_waits(desk):
    desk.replies(ANSWER, there=False)
    desk.works()
    (text,) = bodies(desk)
    assert text != ANSWER
    assert len(text) <= 70
    assert desk.carrier.lines == [LINE]
    assert desk.states() == ["held"]

    # They say that it is safe: the answer goes, once.
    assert comes(desk, at=SOON) == 1
    desk.works(at=SOON)
    desk.works(at=SOON + timedelta(minutes=1))
    assert bodies(desk) == [text, ANSWER]
    assert desk.states() == ["waiting"]


def test_it_asks_in_their_language(desk):
    desk.replies(ANSWER, there=False)
    desk.works()
    (text,) = bodies(desk)
    assert text != KNOCK


def test_nobody_is_asked_twice_while_a_knock_is_out(desk):
    desk.replies(ANSWER, there=False)
    desk.replies("Otra cosa.", there=False)
    desk.works()
    assert len(bodies(desk)) == 1
    assert comes(desk, at=SOON) == 2
    desk.works(at=SOON)
    assert bodies(desk)[1:] == [ANSWER, "Otra cosa."]


def test_a_day_later_they_are_asked_once_more(desk):
    desk.replies(ANSWER, there=False)
    desk.works()
    later = NOW + timedelta(hours=25)
    desk.replies("¿Sigues ahí?", there=False, at=later)
    desk.works(at=later)
    assert len(bodies(desk)) == 2


def test_who_was_never_asked_as_the_provider_was_away_is_asked_once_it_is_back(desk):
    desk.replies(ANSWER, there=False)
    desk.carrier.fails = [CarrierBusy()] * 99
    for hours in range(25):
        with suppress(CarrierBusy):
            desk.works(at=NOW + timedelta(hours=hours))
    assert not bodies(desk)
    desk.carrier.fails = []
    back = NOW + timedelta(hours=26)
    for minutes in range(3):
        desk.works(at=back + timedelta(minutes=minutes))
    assert len(bodies(desk)) == 1
    assert desk.states() == ["held"]
    assert comes(desk, at=back) == 1
    desk.works(at=back + timedelta(minutes=3))
    assert bodies(desk)[1:] == [ANSWER]


def test_after_they_answered_a_knock_another_may_go(desk):
    desk.replies(ANSWER, there=False)
    desk.works()
    comes(desk)
    desk.works()
    # Two hours later nobody is there.
    later = NOW + timedelta(hours=2)
    desk.replies("Otra cosa.", there=False, at=later)
    desk.works(at=later)
    assert [text == ANSWER for text in bodies(desk)] == [False, True, False]


def test_who_writes_by_themselves_gets_the_answer_and_no_knock(desk):
    desk.replies(ANSWER, there=False)
    comes(desk)
    desk.works()
    assert bodies(desk) == [ANSWER]


def test_an_answer_for_somebody_who_left_meanwhile_waits_again(desk):
    desk.replies(ANSWER)
    late = NOW + timedelta(hours=2)
    desk.works(at=late)
    assert desk.states() == ["held"]
    # A knock stands in its place, with a job of its own.
    desk.works(at=late)
    assert [text == ANSWER for text in bodies(desk)] == [False]
    comes(desk, at=late)
    desk.works(at=late)
    assert bodies(desk)[-1] == ANSWER


def test_what_is_never_let_go_expires(desk):
    desk.replies(ANSWER, there=False)
    desk.works()
    after = NOW + timedelta(hours=72)
    desk.works(at=after)
    assert desk.states() == ["expired"]
    assert all(row.sealed is None for row in desk.rows(select(sends)))
    desk.store.write(lambda session: forget_ended(session, at=after))
    assert not desk.rows(select(sends))


def test_the_sweep_asks_for_nothing_that_is_held(desk):
    desk.replies(ANSWER, there=False)
    desk.works()
    desk.store.write(lambda session: ask_again(session, at=SOON))
    assert not desk.jobs("send")


def test_the_sweep_asks_again_for_what_lost_its_job(desk):
    desk.replies(ANSWER)
    desk.store.write(lambda session: session.exec_driver_sql("DELETE FROM jobs WHERE name='send'"))
    for _ in range(2):
        desk.store.write(lambda session: ask_again(session, at=SOON))
    assert [job.ref for job in desk.jobs("send")] == [desk.sends()[0].id]


def test_on_postgresql_too(tmp_path, postgres_url):
    desk = desk_in(found_house(tmp_path, database_url=postgres_url))
    desk.replies(ANSWER, there=False)
    desk.replies("Otra cosa.", there=False)
    desk.works()
    comes(desk, at=SOON)
    desk.works(at=SOON)
    assert bodies(desk)[1:] == [ANSWER, "Otra cosa."]
    desk.replies(ANSWER, there=False, at=NOW + timedelta(hours=2))
    closes(desk)
    assert desk.states()[-1] == "closed"
    desk.store.write(lambda session: forget(session, desk.report_id))
    assert not desk.rows(select(conversations))
    desk.house.close()


# A closed line.


def admit(desk, report_id):
    code = CodeDesk(salt=b"s" * 16, profile=CHEAPEST).derive(mint())
    house = desk.hotline.log_key
    desk.store.write(
        lambda session: admit_reporter(
            session, code, house=house, report_id=report_id, thread_secret=b"t" * 32
        )
    )


def closes(desk):
    desk.store.write(lambda session: close_line(session, desk.report_id))


def test_nothing_goes_to_a_closed_line(desk):
    closes(desk)
    with pytest.raises(LineClosed):
        desk.replies(ANSWER, there=False)
    assert not desk.rows(select(sends))


def test_at_a_closed_line_the_answer_waits_for_the_code(desk):
    admit(desk, desk.report_id)
    closes(desk)
    desk.replies(ANSWER, there=False)
    assert desk.states() == ["here"]
    assert not desk.rows(select(sends))


def test_closing_stops_what_waits(desk):
    desk.replies(ANSWER, there=False)
    closes(desk)
    desk.works()
    assert not desk.carrier.sent
    assert desk.states() == ["closed"]


def test_a_stop_that_the_provider_tells_of_closes_the_line(desk):
    desk.replies(ANSWER, there=False)
    desk.carrier.fails = [ReporterOptedOut(ref="21610")]
    desk.works()
    assert desk.states() == ["closed"]
    (row,) = desk.sends("knock")
    assert row.code == "21610"
    (line,) = desk.rows(select(conversations))
    assert line.is_closed
    with pytest.raises(LineClosed):
        desk.replies(ANSWER, there=False)
    # The case goes on.
    with desk.store.read() as session:
        assert desk.noor.open_accounts(session, desk.report_id, [2])[2].text == ANSWER


def test_a_stop_that_comes_as_news_closes_the_line(desk):
    desk.replies(ANSWER)
    desk.works()
    ref = desk.sends()[0].id
    desk.store.write(
        lambda session: note_status(session, ref=ref, state="undelivered", code="21610")
    )
    assert desk.states() == ["closed"]
    assert desk.rows(select(conversations))[0].is_closed


def test_when_the_knock_is_lost_so_is_the_answer(desk):
    desk.replies(ANSWER, there=False)
    desk.carrier.fails = [CarrierRefused(ref="21614")]
    desk.works()
    assert desk.states() == ["failed"]
    assert desk.sends()[0].code == "21614"
    # The next answer asks anew.
    desk.replies("Otra cosa.", there=False)
    desk.works()
    assert len(bodies(desk)) == 1


def test_a_whatsapp_knock_is_the_approved_template_and_the_answer_is_not(desk):
    report_id = desk.opens_report(Address("whatsapp", MARIA), line=LINE)
    desk.replies(ANSWER, report_id=report_id, there=False)
    desk.works()
    comes(desk, report_id=report_id)
    desk.works()
    assert desk.carrier.templates == [True, False]
    assert {row.parts for row in desk.rows(select(sends))} == {0}


def test_who_wants_the_code_only_is_not_texted(desk):
    report_id = desk.opens_report(Address("sms", MARIA), line=LINE, how="code")
    admit(desk, report_id)
    desk.replies(ANSWER, report_id=report_id, there=False)
    assert desk.states() == ["here"]


# Hours that stand in words.


def test_hours_in_words_are_read_by_a_person_first(desk):
    report_id = desk.opens_report(Address("sms", MARIA), line=LINE, hours="después de las ocho")
    with pytest.raises(HoursUnread):
        desk.replies(ANSWER, report_id=report_id, there=False)
    desk.replies(ANSWER, report_id=report_id, there=False, minds_hours=True)
    desk.works()
    assert len(bodies(desk)) == 1
    # An hour later "now" is over.
    desk.works(at=NOW + timedelta(hours=1))
    assert desk.states() == [State.EXPIRED]


def test_erasing_forgets_what_is_on_its_way_and_the_conversation(desk):
    desk.replies(ANSWER, there=False)
    desk.store.write(lambda session: forget(session, desk.report_id))
    assert not desk.rows(select(sends))
    assert not desk.rows(select(conversations))
    desk.works()
    assert not desk.carrier.sent


def test_no_byte_tells_words_number_or_hours(desk):
    report_id = desk.opens_report(
        Address("sms", MARIA), line=LINE, hours="03:07-04:19", zone="Asia/Kathmandu"
    )
    desk.replies("palabras secretas", report_id=report_id, there=False)
    desk.works()
    everything = desk.every_byte()
    for secret in (b"palabras", MARIA[2:].encode(), b"03:07", b"Kathmandu"):
        assert secret not in everything
