"""María, who texts, comes back on the web with code and word and names another phone, or none. What waits for her old
phone stays here; her new phone is asked first; and her old one, whoever holds it, opens nothing of what is written now."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from hotline.contact.back_orders import Back
from hotline.contact.call_backs import ask_call_back, call_backs_of
from hotline.contact.tables import conversations, sends
from hotline.dialogue.picking import word_in
from hotline.domain.report import Channel, IncomingMessage
from hotline.intake.reaching import ways_message
from hotline.intake.threads import LEFT
from hotline.reports.tables import messages, reports, threads
from hotline.triage.on_call import go_on_call
from hotline.vault.codes import parse
from tests.cast import AMINA, MARIA, Texter
from tests.intake.test_conversing import (
    agrees_on,
    contact_of,
    keyholder_of,
    only,
    rows,
    said,
    sent,
    waits,
    works,
)

TEXT = "Can you be at the station at noon?"


@pytest.fixture
def friend(house):
    """The phone of María's friend."""
    return Texter(house, AMINA)


@pytest.fixture
def code(house, maria):
    """María's return code; her word is *sparrow*."""
    return parse(re.search(r"[\d-]{27}", agrees_on(maria, code="1"))[0])


def tells(house, code, **told):
    """Let María say on the web how she is reached from now on."""
    key = house.hotline.codes.derive(code)
    return house.hotline.reception.again(ways_message(told, locale="en"), key, at=house.clock())


def to(house):
    """Return which phones were asked or written to, in order."""
    return [number for _, number, _, _ in house.carrier.sent]


def how(house):
    return {row.invited for row in rows(house, threads)}


def test_what_waits_for_the_old_phone_stays_here(house, maria, code):
    waits(house)
    assert to(house) == [MARIA]
    tells(house, code, how="text", number=AMINA)
    # Her old phone says that it is safe: too late.
    maria.texts("1")
    maria.texts("sparrow")
    works(house)
    assert sent(house) == []
    assert [row.state for row in rows(house, messages) if row.direction == "out"] == ["here"]
    assert {row.sealed for row in rows(house, sends)} == {None}


def test_the_new_phone_is_asked_and_hears_what_is_written_after_the_word(house, code, friend):
    tells(house, code, how="text", number=AMINA)
    waits(house)
    assert to(house) == [AMINA]
    assert friend.texts("1") == said(house, "ask_for_word")
    assert friend.texts("Sparrow") == ""
    works(house)
    assert sent(house) == [TEXT]
    assert to(house)[-1] == AMINA
    assert len(rows(house, reports)) == 1


def test_the_old_phone_speaks_here_and_opens_nothing(house, maria, code):
    tells(house, code, how="text", number=AMINA)
    waits(house)
    before = only(house, reports).messages
    # Whoever holds the old phone answers the question that went to the new one, and knows the word.
    for text in ("1", "sparrow", "1", "he took my phone and is coming here"):
        maria.texts(text)
    works(house)
    assert sent(house) == []
    assert only(house, conversations).open_until is None
    assert only(house, reports).messages == before + 4
    assert how(house) == {LEFT, "web"}


def test_the_old_phone_does_not_keep_the_new_one_open(house, maria, code, friend):
    tells(house, code, how="text", number=AMINA)
    waits(house)
    friend.texts("1")
    friend.texts("sparrow")
    works(house)
    until = only(house, conversations).open_until
    house.clock.passes(minutes=20)
    maria.texts("hello, is somebody there for me?")
    assert only(house, conversations).open_until == until


def test_with_code_and_word_by_text_the_old_phone_is_hers_again(house, maria, code):
    tells(house, code, how="text", number=AMINA)
    maria.texts(f"{code.digits} sparrow")
    assert how(house) == {""}
    waits(house)
    assert to(house)[-1] == MARIA
    maria.texts("1")
    maria.texts("sparrow")
    works(house)
    assert sent(house) == [TEXT]
    assert to(house)[-1] == MARIA


def test_with_the_code_alone_by_text_it_stays_left(house, maria, code):
    tells(house, code, how="text", number=AMINA)
    maria.texts(code.digits)
    maria.texts("sparrow")
    assert LEFT in how(house)
    waits(house)
    for text in ("1", "sparrow"):
        maria.texts(text)
    works(house)
    assert sent(house) == []


def test_who_names_the_same_phone_goes_on_with_it(house, maria, code):
    tells(house, code, how="text", number=MARIA)
    assert how(house) == {""}
    waits(house)
    maria.texts("1")
    maria.texts("sparrow")
    works(house)
    assert sent(house) == [TEXT]


def test_a_phone_that_talks_with_us_already_loses_nothing(house, code, friend):
    friend.texts("hello from my own phone")
    tells(house, code, how="text", number=AMINA)
    friend.texts("my boss keeps my papers")
    assert len(rows(house, reports)) == 2
    assert {row.messages for row in rows(house, reports)} >= {2}


def test_only_here_sends_nothing_anywhere(house, maria, code):
    waits(house)
    tells(house, code, how="here")
    waits(house, text="Another answer.")
    maria.texts("1")
    maria.texts("sparrow")
    works(house)
    assert sent(house) == []
    assert [row.state for row in rows(house, messages) if row.direction == "out"] == [
        "here",
        "here",
    ]


def test_who_wants_to_be_called_elsewhere_is_texted_nowhere(house, code):
    tells(house, code, how="call", number=AMINA)
    waits(house)
    assert to(house) == []
    address, ways = contact_of(house)
    assert (address.channel, address.value) == (Channel.VOICE, AMINA)
    assert ways["how"] == "call"


def test_other_hours_are_read_by_a_person_before_anything_goes_out(house, code):
    waits(house)
    tells(house, code, hours="after ten, when he sleeps")
    works(house)
    assert sent(house) == []
    assert contact_of(house)[1]["hours"] == "after ten, when he sleeps"
    assert only(house, conversations).open_until is None


def test_a_new_word_counts_by_text_as_well(house, maria, code):
    tells(house, code, word="Lantern")
    waits(house)
    assert maria.texts("1") == said(house, "ask_for_word")
    maria.texts("sparrow")
    works(house)
    assert sent(house) == []
    maria.texts("lantern")
    works(house)
    assert sent(house) == [TEXT]
    assert contact_of(house)[1]["word"] == "Lantern"
    assert word_in("Lantern") == "lantern"


def test_a_call_that_was_asked_for_rings_nobody_any_more(house, code):
    noor, store, at = keyholder_of(house), house.hotline.store, house.clock()
    tells(house, code, how="call", number=AMINA)
    relay, report = house.hotline.relay_public, only(house, reports).id
    until = at.replace(hour=23)
    phone = {"number": "+15005550021", "until": until, "locale": "en", "languages": ["en"]}
    store.write(lambda session: go_on_call(session, noor, relay, at=at, **phone))
    ask_call_back(store, noor, relay, report_id=report, now=False, at=at)
    tells(house, code, how="call", number=MARIA)
    works(house)
    with store.read() as session:
        (call,) = call_backs_of(session, report)
    assert call.state == Back.STOPPED
    assert not house.carrier.calls


def test_while_somebody_else_may_hold_the_phone_no_new_one_is_asked(house, code):
    house.hotline.store.write(lambda session: session.execute(update(reports).values(duress=True)))
    tells(house, code, how="text", number=AMINA)
    waits(house)
    assert to(house) == []


def test_more_that_brings_ways_without_saying_so_changes_none(house, code):
    # What comes with the code alone is a message like any, whatever stands in it.
    key = house.hotline.codes.derive(code)
    before = contact_of(house)
    told = {"how": "text", "number": AMINA, "word": "crow"}
    more = replace(ways_message(told, locale="en"), is_key=False, answers={}, text="more")
    assert isinstance(more, IncomingMessage)
    house.hotline.reception.again(more, key, at=house.clock())
    assert contact_of(house) == before
    assert how(house) == {""}


def test_no_number_and_no_word_lie_anywhere_in_clear(house, code):
    tells(
        house,
        code,
        how="text",
        number=AMINA,
        hours="midnight, at the quince tree",
        word="Quincewort",
    )
    house.hotline.store.truncate_log()
    kept = b"".join(file.read_bytes() for file in house.var.rglob("*") if file.is_file())
    for told in (AMINA, AMINA[1:], "quince", "Quincewort", "quincewort"):
        assert told.encode() not in kept
    with house.hotline.store.read() as session:
        assert session.execute(select(reports.c.unanswered)).scalar_one()
